"""Titles of blogs that name a place are heard as remarks about it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from places.adapters.blogs import Blogs
from places.adapters.naver import NaverBlogs
from places.adapters.source import Feed
from places.models import Place, PlaceReading, PlaceTag, TagReview
from places.services.tagging.mentions import BlogMentions, Named
from places.types import Row
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city
from tests.builders.open_data import write_districts
from tests.builders.places import make_area, make_place
from tests.builders.tagging import ToldTagger, make_guess, make_reading

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Crawled(ListedPlaces):
    """Titles as the crawlers keep them: none becomes a place."""

    def fetch(self, feed: Feed) -> Any:
        for number, one in enumerate(self.rows, start=1):
            assert isinstance(one, dict)
            yield Row(f"entry {number}", one, ref=str(one["link"]))

    def clean(self, row: Row) -> Any:
        return Blogs().clean(row)


@pytest.fixture(autouse=True)
def _city(tmp_path: Path) -> None:
    write_districts(tmp_path)
    prepare_city(tmp_path, now=NOW)
    make_area(slug="hongdae", name_ko="홍대")


def post(title: str, blog: int, **fields: Any) -> dict[str, Any]:
    link = f"https://blog.naver.com/writer{blog}/{crc32(title.encode())}"
    return {"title": title, "link": link, "written": "2026-11-01", **fields}


def hear(*posts: dict[str, Any], slug: str = "naver-blogs", minutes: int = 0) -> Named:
    now = NOW + timedelta(minutes=minutes)
    ingest(Crawled(posts, slug=slug, has_windows=False), now=now)
    tagger = ToldTagger({"조용": make_reading(make_guess("quiet", 0.95))})
    return BlogMentions(tagger=tagger).hear(city="seoul", now=now)


def test_what_three_blogs_title_a_place_is_a_tag_of_it() -> None:
    place = make_place(name="달빛 다방")
    other = make_place(name="별빛다방")

    named = hear(
        post("홍대 달빛다방에서 조용한 오후", 1, area="홍대"),
        post("조용한 카페 추천, 달빛 다방", 2, area="홍대"),
        post("달빛다방은 조용해요", 3),
        post("별빛다방 후기", 1, area="홍대"),
    )

    place.refresh_from_db()
    tag = PlaceTag.objects.get()
    heard = dict(PlaceReading.objects.values_list("place_id", "heard"))
    assert named == Named(places=2, read=2)
    assert (tag.place_id, tag.source, tag.evidence) == (place.pk, "blogs", "#blogs 3/3")
    assert place.mood_scores["quiet"] == {"confidence": 0.95, "evidence": "by what blogs write"}
    assert heard == {place.pk: 3, other.pk: 1}


def test_one_blog_has_one_voice_however_often_it_writes() -> None:
    make_place(name="달빛다방")

    hear(*(post(f"조용한 달빛다방 {number}번째", 1) for number in range(5)))

    assert PlaceReading.objects.get().heard == 1
    assert not PlaceTag.objects.exists()
    assert not TagReview.objects.exists()


def test_the_same_again_is_not_read_and_what_is_gone_leaves_with_its_tag() -> None:
    make_place(name="달빛다방")
    posts = [post(f"조용한 달빛다방 {blog}", blog) for blog in range(3)]
    hear(*posts)
    again = hear(*posts, minutes=1)

    hear(post("다른 글", 9), minutes=2)

    assert again == Named(places=1, read=0)
    assert not PlaceTag.objects.exists()
    assert Place.objects.get().mood_scores == {}


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("조용한 달빛다방점 개업", {}),  # another word
        ("조용한 새달빛다방", {}),
        ("조용한 달빛마을 산책", {"area": "홍대"}),  # the neighbourhood, not the place called so
        ("조용한 쉼터", {}),  # too short to be surely meant
        ("조용한 달빛다방", {"written": "2024-01-01"}),
        ("조용한 쌍둥이식당", {}),  # two are called so
        ("조용한 별다방커피", {}),  # a chain
    ],
)
def test_what_may_mean_something_else_is_not_heard(title: str, fields: dict[str, Any]) -> None:
    make_place(name="달빛다방")
    make_place(name="달빛마을")
    make_area(slug="moon", name_ko="달빛마을")
    make_place(name="쉼터")
    make_place(name="별다방커피", chain="별다방")
    make_place(name="쌍둥이식당")
    make_place(name="쌍둥이 식당")

    named = hear(*(post(f"{title} {blog}", blog, **fields) for blog in range(3)))

    assert named == Named()


def test_an_address_that_is_none_is_a_blog_of_its_own() -> None:
    make_place(name="달빛다방")

    named = hear({**post("조용한 달빛다방", 1), "link": "https://["}, post("조용한 달빛다방", 2))

    assert (named.places, PlaceReading.objects.get().heard) == (1, 2)


def test_the_neighbourhood_tells_which_of_two_is_meant() -> None:
    here = make_place(name="쌍둥이식당")
    make_place(name="쌍둥이식당", latitude=37.65)

    named = hear(post("조용한 쌍둥이식당", 1, area="홍대"))

    assert named == Named(places=1, read=1)
    assert PlaceReading.objects.get().place_id == here.pk


def test_the_longer_name_is_meant() -> None:
    make_place(name="달빛다방")
    long = make_place(name="달빛다방 옆집")

    hear(post("조용한 달빛다방 옆집", 1))

    assert PlaceReading.objects.get().place_id == long.pk


def test_the_rows_of_both_crawlers_are_those_that_are_read() -> None:
    for adapter in (Blogs(), NaverBlogs()):
        assert adapter.terms.slug in BlogMentions.sources
