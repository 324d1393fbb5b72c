"""What is found by a name, and in which order: through the API, as a client asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from places.indexes import MARKS, WORD_BANDS, words_of
from places.models import NameWord, Place
from places.services.editing import PlaceEdits
from places.services.wording import NameWords
from tests.builders.places import make_area, make_place, multiply_places
from tests.places.search.asking import URL, walk

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def make_named(ko: str, en: str, **fields: Any) -> Place:
    return make_place(name=ko, names={"ko": ko, "en": en}, **fields)


def make_many(count: int, *, ko: str, en: str) -> None:
    """Make places whose names, in which {n} is their number, are the better known the lower it is."""
    place = make_named("하나", "One")
    made = {
        "public_id": "gen_random_uuid()",
        "name": "replace(%(ko)s, '{n}', n::text)",
        "names": "jsonb_build_object('ko', replace(%(ko)s, '{n}', n::text), 'en', replace(%(en)s, '{n}', n::text))",
        "popularity": "0.9 - 0.6 * n / %(count)s",
    }
    multiply_places(made, count=count, ko=ko, en=en)
    place.delete()
    NameWords().learn_all()


def find(**query: Any) -> list[str]:
    response = APIClient().get(URL, query)
    assert response.status_code == 200, response.content
    return [place["name"] for place in response.json()["results"]]


@pytest.mark.parametrize("text", ["미술관", "Art Museum", "art museum"])
def test_the_very_name_is_first_however_many_hold_it(text: str) -> None:
    make_many(400, ko="미술관 {n}호", en="Art Museum No {n}")
    make_named("미술관", "Art Museum", popularity=0.01)

    assert find(q=text, limit=3) == ["미술관", "미술관 1호", "미술관 2호"]


@pytest.mark.parametrize("count", [30, 1_100])  # all that fits is read at once; band after band
def test_pages_of_a_frequent_name_follow_one_another(count: int) -> None:
    make_many(count, ko="구름카페 {n}호", en="Cloud Cafe {n}")
    make_named("비온뒤구름카페", "After Rain", popularity=1.0)
    make_named("구름카페", "Cloud", popularity=0.0)
    numbered = [f"구름카페 {n}호" for n in range(1, count + 1)]

    names = walk(q="구름카페", limit=100)

    assert names == ["구름카페", *numbered, "비온뒤구름카페"][:1_000]


def test_the_nearest_of_a_frequent_name_come_first() -> None:
    make_many(1_100, ko="구름카페 {n}호", en="Cloud Cafe {n}")
    make_named("구름카페 옆집", "Next Door", latitude=37.5564, popularity=0.0)
    make_named("구름카페 먼집", "Far Away", latitude=37.5600, popularity=1.0)

    names = find(q="구름카페", near="37.5565,126.9236", radius=1_000, limit=2)

    assert names == ["구름카페 옆집", "구름카페 1호"]


@pytest.mark.parametrize(
    "text",
    [
        "스타벅스 강남점",
        "스타벅스강남점",  # written together
        "스타벅스강남",
        "강남점 스타벅스",  # in another order
        "스타벅스 강나",  # while the last syllable is being typed
        "벅스 강남",  # from within a word
        "STARBUCKS gangnam",
        "스타벅스 gangnam",
        "starbuksgangnam",
        "스타벅즈 강남점",
        "스타벅즈강남점",
        "ㅅㅌㅂㅅㄱㄴ",
        "ㅂㅅ ㄱㄴ",
        "ㅅㅌㅂㅅㄱㄴㅈ",
    ],
)
def test_a_name_of_two_words_is_found_however_they_are_written(text: str) -> None:
    make_named("스타벅스 강남점", "Starbucks Gangnam")
    make_named("달빛다방 종로점", "Dalbit Dabang Jongno")

    assert find(q=text) == ["스타벅스 강남점"]


@pytest.mark.parametrize(
    "text", ["국립 중앙 박물관", "국립중앙박물관", "국립중앙 박뮬관", "중앙박물관"]
)
def test_a_name_written_together_is_found_by_its_parts(text: str) -> None:
    make_named("국립중앙박물관", "National Museum")
    make_named("달빛다방", "Dalbit Dabang")

    assert find(q=text) == ["국립중앙박물관"]


@pytest.mark.parametrize("text", ["카페", "서울", "ㅅㅇ", "joe's", "1983", "a&b's"])
def test_marks_part_words(text: str) -> None:
    make_named("달빛·카페(서울)", "Joe's 1983 A&B's")

    assert find(q=text) == ["달빛·카페(서울)"]


@pytest.mark.parametrize("text", ["'", "\\", "a'b\\c:*", "| & !", "\x1f", "=카페", "^ㄱ", "~"])
def test_what_means_something_to_the_index_is_text_like_any_other(text: str) -> None:
    make_named("달빛다방", "Dalbit Dabang", category="park")

    response = APIClient().get(URL, {"q": text})

    assert response.status_code in {200, 400}
    assert response.json().get("results", []) == []


@pytest.mark.parametrize("near", [{}, {"near": "37.5563,126.9236", "radius": "500"}])
@pytest.mark.parametrize("text", ["Lee's", "lee's c", "ㄷ", "ㅂㅅ", "달", "달빛 ㅅ", "cafe lee"])
def test_near_a_position_a_text_finds_what_it_does_anywhere(
    text: str, near: dict[str, str]
) -> None:
    make_named("달빛 산책", "Lee's Cafe")
    make_named("구름 언덕", "Leeway Shop")

    assert find(q=text, **near) == ["달빛 산책"]


def test_a_syllable_is_first_where_a_word_begins_with_it() -> None:
    make_named("달빛 나무", "Moon Tree", popularity=0.1)
    make_named("나라다방", "Nara", popularity=0.2)
    make_named("어린이나라", "Eorini", popularity=0.9)
    make_named("남산골", "Namsan", popularity=1.0)  # whose last letter may still be coming

    assert find(q="나") == ["나라다방", "달빛 나무", "남산골"]


def test_a_name_that_an_operator_corrected_is_found_misspelt() -> None:
    place = make_named("달빛다방", "Dalbit Dabang")
    place.names = {"ko": "은하수공방", "en": "Galaxy Workshop"}
    PlaceEdits().save(place=place, changed=["names"], now=NOW)

    assert find(q="은하스공방") == ["은하수공방"]


def test_a_misspelt_name_that_says_where_is_found_though_it_lies_elsewhere() -> None:
    make_area(slug="isu", name_ko="이수", name_en="Isu", latitude=37.4870, longitude=126.9820)
    make_named("스페이스 이수", "Space Isu")

    assert find(q="스푸이스 이수") == ["스페이스 이수"]


def test_words_that_no_name_has_any_more_are_forgotten() -> None:
    place = make_named("달빛다방", "Dalbit Dabang")
    Place.objects.filter(pk=place.pk).update(names={"ko": "구름", "en": "Cloud"})

    counts = NameWords().learn_all()

    assert counts == (2, 3)
    assert NameWord.objects.count() == 2


def test_the_index_knows_the_marks_and_the_bands_that_a_search_goes_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT place_name_words(%s)", ["가".join(MARKS)])
        (words,) = cursor.fetchone()
        bands = []
        for popularity in (1.0, *(low for at in WORD_BANDS for low in (at, at - 0.001)), 0.0):
            cursor.execute(
                'SELECT (tsvector_to_array(place_words(\'{"ko": "x", "en": "x"}\', %s)))[1]',
                [popularity],
            )
            bands += cursor.fetchone()

    assert words == words_of("가".join(MARKS))
    assert len(words) == len(MARKS) - 1
    assert [band[0] for band in bands] == list("0011223344556677")
