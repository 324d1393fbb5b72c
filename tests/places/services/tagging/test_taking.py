from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.tagging.types import CostReading, StayReading
from places.models import Place, PlaceReading, PlaceTag, TagReview
from places.selectors import PlaceNotFound
from places.services.tagging.settling import JUST_UNSURE, Settled
from places.services.tagging.taking import PictureUnreadable, TakePictures, TakeRemarks
from tests.builders.places import make_place
from tests.builders.tagging import (
    ToldImageTagger,
    ToldTagger,
    make_guess,
    make_reading,
    make_review,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CALM, PLAIN = "정말 조용해요", "맛있어요"


def take(place: Place, remarks: Sequence[str], **said: Any) -> Settled:
    tagger = ToldTagger({"조용": make_reading(make_guess("quiet", 0.95), **said)})
    return TakeRemarks(tagger=tagger).take(place_id=place.pk, remarks=remarks, now=NOW)


def test_what_three_people_write_is_a_tag_and_none_of_their_words_is_kept() -> None:
    place = make_place()

    take(place, [CALM, PLAIN, CALM + "!", "또 올래요, 조용해서"])

    place.refresh_from_db()
    tag = PlaceTag.objects.get()
    reading = PlaceReading.objects.get()
    assert (tag.tag_id, tag.source, tag.evidence) == ("quiet", "people", "#people 3/4")
    assert (reading.source, reading.heard, reading.checksum) == ("people", 4, "")
    assert place.mood_scores["quiet"] == {"confidence": 0.95, "evidence": "by what visitors write"}


def test_two_people_are_asked_about_and_one_leaves_no_trace() -> None:
    two, one = make_place(name="둘"), make_place(name="하나")

    take(two, [CALM, CALM, PLAIN])
    take(one, [CALM, PLAIN])

    review = TagReview.objects.get()
    assert (review.place, review.confidence, review.evidence) == (two, JUST_UNSURE, "#people 2/3")
    assert not PlaceTag.objects.exists()


def test_handed_down_twice_it_counts_once() -> None:
    place = make_place()
    take(place, [CALM] * 3)
    stored = list(PlaceTag.objects.values())

    settled = take(place, [CALM] * 3)

    assert list(PlaceTag.objects.values()) == stored
    assert (settled.accepted.total(), settled.changed, settled.withdrawn) == (0, 0, 0)


def test_what_people_delete_counts_no_more() -> None:
    place = make_place()
    take(place, [CALM] * 3)

    take(place, [])

    place.refresh_from_db()
    assert not PlaceTag.objects.exists()
    assert not PlaceReading.objects.exists()
    assert place.mood_scores == {}


def test_no_more_remarks_are_heard_than_the_newest_ones() -> None:
    place = make_place()

    take(place, [PLAIN] * 200 + [CALM] * 50)

    assert PlaceReading.objects.get().heard == 200
    assert not PlaceTag.objects.exists()


def test_a_refusal_stands_whatever_people_write() -> None:
    place = make_place()
    make_review(place, decision="rejected", decided_by="7", decided_at=NOW)

    take(place, [CALM] * 5)

    assert not PlaceTag.objects.exists()


def test_what_three_people_pay_and_how_long_they_stay_is_read_in_the_middle() -> None:
    place = make_place()
    readings = {
        f"{won}원": make_reading(
            cost=CostReading(low=won, high=won, currency="KRW", confidence=0.95, evidence="…"),
            stay=StayReading(minutes_low=at, minutes_high=at, confidence=0.95, evidence="…"),
        )
        for won, at in ((7000, 20), (9000, 40), (99000, 300))
    }

    TakeRemarks(tagger=ToldTagger(readings)).take(
        place_id=place.pk, remarks=[f"{stretch} 냈어요" for stretch in readings], now=NOW
    )

    place.refresh_from_db()
    assert (place.cost_low, place.cost_high, place.stay_min) == (9000, 9000, 40)
    assert place.facts["cost"]["from"] == "people told/1"
    assert PlaceReading.objects.get().cost_evidence == "#people 3/3"


def test_remarks_about_no_place_are_refused() -> None:
    with pytest.raises(PlaceNotFound):
        TakeRemarks(tagger=ToldTagger()).take(place_id=1, remarks=[CALM], now=NOW)


def look(place: Place, pictures: Sequence[bytes]) -> Settled:
    tagger = ToldImageTagger(
        {
            b"tree": (make_guess("nature", 0.95),),
            b"lake": (make_guess("nature", 0.91),),
            b"wall": (),
        }
    )
    return TakePictures(tagger=tagger).take(place_id=place.pk, pictures=pictures, now=NOW)


def test_what_three_pictures_show_is_a_tag() -> None:
    place = make_place()

    look(place, [b"tree", b"tree", b"lake", b"wall"])

    place.refresh_from_db()
    tag = PlaceTag.objects.get()
    assert (tag.tag_id, tag.source, tag.evidence) == ("nature", "image", "#image 3/4")
    assert place.mood_scores["nature"] == {"confidence": 0.937, "evidence": "by its photos"}


@pytest.mark.parametrize(
    ("pictures", "evidence"),
    [
        ([b"tree", b"tree"], "#image 2/2"),
        ([b"tree", b"tree", b"tree", *[b"wall"] * 10], "#image 3/13"),
    ],
)
def test_what_few_pictures_show_is_asked_about(pictures: list[bytes], evidence: str) -> None:
    place = make_place()

    look(place, pictures)

    assert TagReview.objects.get().evidence == evidence
    assert not PlaceTag.objects.exists()


def test_a_picture_that_is_none_is_refused_and_nothing_is_written() -> None:
    place = make_place()
    look(place, [b"tree"] * 3)

    with pytest.raises(PictureUnreadable, match="picture 1"):
        look(place, [b"wall", b"GIF89a"])

    assert PlaceTag.objects.get().tag_id == "nature"
