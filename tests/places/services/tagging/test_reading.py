from datetime import UTC, datetime
from typing import Any

import pytest

from engine.tagging.types import CostReading, StayReading, TagKind
from places.models import Place, PlaceReading, PlaceSyncLog, PlaceTag, Tag, TagReview
from places.services.describing import label_of_vectors
from places.services.encoding import current_encoder
from places.services.tagging.reading import Tagged, TextTagging
from tests.builders.places import make_city, make_place
from tests.builders.tagging import (
    ToldTagger,
    make_guess,
    make_place_tag,
    make_reading,
    make_review,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
QUIET = {"quiet": {"confidence": 0.9, "evidence": "by its own words"}}


def tag(tagger: ToldTagger, *, is_again: bool = False, batch: int = 500, after: int = 0) -> Tagged:
    """Tag Seoul and return what became of it."""
    total = Tagged(last=after)
    tagging = TextTagging(tagger=tagger, batch=batch)
    for tagged in tagging.run(city="seoul", now=NOW, is_again=is_again, after=after):
        total.add(tagged)
    return total


def told(*guesses: Any, label: str = "told/1", **readings: Any) -> ToldTagger:
    """Return a tagger that says this of whatever is called a tea house."""
    return ToldTagger({"찻집": make_reading(*guesses, **readings)}, label=label)


def test_a_sure_guess_is_a_tag_and_a_mood_of_the_place() -> None:
    place = make_place(name="조용한 찻집")

    tagged = tag(told(make_guess("quiet", 0.9)))

    place.refresh_from_db()
    (row,) = PlaceTag.objects.all()
    assert (row.tag_id, row.source, row.confidence, row.evidence, row.tagger) == (
        "quiet", "lexicon", 0.9, "조용한", "told/1",
    )  # fmt: skip
    assert place.mood_scores == QUIET
    assert place.encoder == label_of_vectors(current_encoder())
    assert dict(tagged.settled.accepted) == {"quiet": 1}
    assert PlaceSyncLog.objects.get().diff == {"mood_scores": [{}, QUIET]}


def test_a_guess_by_the_text_as_a_whole_says_so() -> None:
    place = make_place(name="찻집")

    tag(told(make_guess("quiet", 0.9, evidence="#model")))

    place.refresh_from_db()
    assert PlaceTag.objects.get().source == "model"
    assert place.mood_scores["quiet"]["evidence"] == "by the look of its words"


def test_between_the_thresholds_an_operator_is_asked_and_below_nobody() -> None:
    place = make_place(name="찻집")

    tagged = tag(told(make_guess("quiet", 0.6), make_guess("cozy", 0.2)))

    place.refresh_from_db()
    (review,) = TagReview.objects.all()
    assert (review.tag_id, review.confidence, review.decision) == ("quiet", 0.6, "pending")
    assert dict(tagged.settled.asked) == {"quiet": 1}
    assert not PlaceTag.objects.exists()
    assert place.mood_scores == {}


def test_a_category_that_is_not_sure_is_asked_of_nobody() -> None:
    make_place(name="찻집")

    tag(told(make_guess("museum", 0.6, kind=TagKind.CATEGORY)))

    assert not TagReview.objects.exists()


@pytest.mark.parametrize(("confidence", "tags"), [(0.96, []), (0.97, ["museum"])])
def test_a_category_must_be_plain_to_be_taken(confidence: float, tags: list[str]) -> None:
    make_place(name="찻집")

    tag(told(make_guess("museum", confidence, kind=TagKind.CATEGORY)))

    assert [row.tag_id for row in PlaceTag.objects.all()] == tags


@pytest.mark.parametrize(("category", "accepted"), [("library", []), ("park", ["nature"])])
def test_an_operator_is_asked_whether_an_indoor_place_is_in_the_green(
    category: str, accepted: list[str]
) -> None:
    make_place(name="느티나무 찻집", category=category)

    tag(told(make_guess("nature", 0.95, evidence="느티나무")))

    assert [row.tag_id for row in PlaceTag.objects.all()] == accepted
    assert TagReview.objects.count() == 1 - len(accepted)


def test_what_is_said_of_money_is_asked_of_an_operator_however_sure_it_is() -> None:
    make_place(name="찻집")
    tagger = told(make_guess("free", 0.99, kind=TagKind.BUDGET, evidence="무료"))

    tag(tagger)
    again = tag(tagger, is_again=True)

    assert not PlaceTag.objects.exists()
    assert TagReview.objects.get().tag_id == "free"
    assert (again.settled.changed, again.settled.no_longer_asked) == (0, 0)


def test_classes_and_counts_of_our_own_description_are_not_read() -> None:
    description = "마포구 카페 · 음식 coffee_shop · 지정 유산 2점 · 넓이 2만㎡ · 서울시 야경명소"
    make_place(name="찻집", description=description)
    tagger = told()

    tag(tagger)

    assert tagger.asked[0].description == "서울시 야경명소"


def test_a_second_time_nothing_is_read_and_nothing_is_written() -> None:
    make_place(name="찻집")
    tagger = told(make_guess("quiet", 0.9), make_guess("cozy", 0.6))
    tag(tagger)
    stored = list(PlaceTag.objects.values()) + list(TagReview.objects.values())
    tagger.asked.clear()

    tagged = tag(tagger)

    assert (tagged.read, tagged.unchanged, tagged.applied) == (0, 1, 0)
    assert tagger.asked == []
    assert list(PlaceTag.objects.values()) + list(TagReview.objects.values()) == stored
    assert PlaceSyncLog.objects.count() == 1


def test_read_again_the_same_says_the_same() -> None:
    make_place(name="찻집")
    tagger = told(make_guess("quiet", 0.9), make_guess("cozy", 0.6))
    tag(tagger)

    tagged = tag(tagger, is_again=True)

    settled = tagged.settled
    assert (tagged.read, tagged.applied) == (1, 0)
    assert (settled.accepted.total(), settled.asked.total(), settled.changed) == (0, 0, 0)
    assert TagReview.objects.get().revision == 1


@pytest.mark.parametrize(
    "change", [{"names": {"ko": "찻집 달", "en": "Moon"}}, {"description": "중구 카페 · 찻집"}]
)
def test_what_is_said_anew_of_a_place_is_read_anew(change: dict[str, Any]) -> None:
    place = make_place(name="찻집")
    tagger = told(make_guess("quiet", 0.9))
    tag(tagger)
    Place.objects.filter(pk=place.pk).update(**change)

    assert tag(tagger).read == 1


def test_another_tagger_reads_everything_anew_and_its_word_replaces_the_others() -> None:
    place = make_place(name="찻집")
    tag(told(make_guess("quiet", 0.9), make_guess("cozy", 0.6)))

    tagged = tag(told(make_guess("scenic", 0.95), label="told/2"))

    place.refresh_from_db()
    assert [row.tag_id for row in PlaceTag.objects.all()] == ["scenic"]
    assert list(place.mood_scores) == ["scenic"]
    assert not TagReview.objects.exists()
    assert (tagged.settled.withdrawn, tagged.settled.no_longer_asked) == (1, 1)


def test_a_guess_that_becomes_sure_needs_no_operator() -> None:
    make_place(name="찻집")
    tag(told(make_guess("quiet", 0.6)))

    tag(told(make_guess("quiet", 0.95), label="told/2"))

    assert not TagReview.objects.exists()
    assert PlaceTag.objects.get().confidence == 0.95


def test_a_guess_that_changes_while_it_waits_is_another_revision() -> None:
    make_place(name="찻집")
    tag(told(make_guess("quiet", 0.6)))

    tag(told(make_guess("quiet", 0.5), label="told/2"))

    review = TagReview.objects.get()
    assert (review.confidence, review.revision) == (0.5, 2)


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_what_an_operator_decided_is_not_asked_again_and_not_undone(decision: str) -> None:
    place = make_place(name="찻집")
    make_review(place, decision=decision, decided_by="7", decided_at=NOW)

    tag(told(make_guess("quiet", 0.6)))
    tag(told(make_guess("quiet", 0.99), label="told/2"))

    assert not PlaceTag.objects.exists()
    assert TagReview.objects.get().decision == decision


def test_a_mood_that_sources_state_stands_and_is_not_asked_about() -> None:
    stated = {"quiet": {"confidence": 0.45, "evidence": "tea house by its name"}}
    sure = make_place(name="찻집", mood_scores=stated)

    tag(told(make_guess("quiet", 0.6)))
    tag(told(make_guess("quiet", 0.9), label="told/2"))

    sure.refresh_from_db()
    assert sure.mood_scores == stated
    assert not TagReview.objects.exists()
    assert PlaceTag.objects.get().confidence == 0.9


def test_what_an_operator_edited_is_left_alone() -> None:
    place = make_place(name="찻집", edited_fields=["mood_scores", "cost_low", "stay_min"])

    tag(told(make_guess("quiet", 0.9), cost=cost(), stay=stay()))

    place.refresh_from_db()
    assert (place.mood_scores, place.cost_low, place.stay_min) == ({}, 5000, 50)


def cost(**fields: Any) -> CostReading:
    said: dict[str, Any] = {
        "low": 4000, "high": 12000, "currency": "KRW", "confidence": 0.95, "evidence": "4천원",
    }  # fmt: skip
    return CostReading(**(said | fields))


def stay(**fields: Any) -> StayReading:
    said: dict[str, Any] = {
        "minutes_low": 60, "minutes_high": 92, "confidence": 0.95, "evidence": "한 시간 반",
    }  # fmt: skip
    return StayReading(**(said | fields))


def test_costs_and_stays_fill_what_no_source_states_and_say_how_sure_they_are() -> None:
    place = make_place(name="찻집")

    tag(told(cost=cost(), stay=stay()))

    place.refresh_from_db()
    assert (place.cost_low, place.cost_high, place.cost_band) == (4000, 12000, "mid")
    assert (place.stay_min, place.cost_provenance, place.stay_provenance) == (75, "prior", "prior")
    assert place.facts["cost"] == {
        "from": "text told/1",
        "provenance": "prior",
        "rule": "read from its text",
        "confidence": 0.95,
        "usual": {"cost_low": 5000, "cost_high": 8000, "cost_band": "low"},
    }


def test_what_was_read_is_taken_off_again_when_no_text_says_it() -> None:
    place = make_place(name="찻집")
    tag(told(cost=cost(), stay=stay()))

    tag(told(label="told/2"))

    place.refresh_from_db()
    assert (place.cost_low, place.cost_high, place.cost_band) == (5000, 8000, "low")
    assert place.stay_min == 50
    assert place.facts["cost"] == {"from": "", "provenance": "prior"}


def test_one_dish_is_no_whole_meal() -> None:
    place = make_place(name="찻집", cost_low=5000)

    tag(told(cost=cost(low=3000, high=3000)))

    place.refresh_from_db()
    assert (place.cost_low, place.cost_high) == (3000, 5000)


@pytest.mark.parametrize(
    "read",
    [
        {"cost": cost(confidence=0.5)},
        {"cost": cost(currency="USD")},
        {"cost": cost(low=9, high=8)},
        {"cost": cost(high=2**31)},
        {"stay": stay(confidence=0.5)},
    ],
)
def test_a_cost_or_stay_that_is_not_sure_or_makes_no_sense_is_none(read: dict[str, Any]) -> None:
    place = make_place(name="찻집")

    tag(told(**read))

    place.refresh_from_db()
    assert (place.cost_low, place.cost_high, place.stay_min) == (5000, 8000, 50)
    assert PlaceReading.objects.get().cost_low is None


@pytest.mark.parametrize("provenance", ["stated", "measured"])
def test_a_stated_cost_and_stay_stand(provenance: str) -> None:
    place = make_place(name="찻집", cost_provenance=provenance, stay_provenance=provenance)

    tag(told(cost=cost(), stay=stay()))

    place.refresh_from_db()
    assert (place.cost_low, place.cost_high, place.stay_min) == (5000, 8000, 50)


def test_batches_go_on_behind_the_last_place_and_leave_other_cities_and_closed_places() -> None:
    places = [make_place(name=f"찻집 {n}") for n in range(5)]
    make_place(name="찻집 닫힘", is_active=False)
    make_place(name="찻집 프라하", city=make_city(slug="prague"))
    tagger = told(make_guess("quiet", 0.9))

    first = next(TextTagging(tagger=tagger, batch=2).run(city="seoul", now=NOW))
    rest = tag(tagger, batch=2, after=first.last)

    assert (first.last, first.read, rest.read) == (places[1].pk, 2, 3)
    assert PlaceTag.objects.count() == 5


def test_a_retired_tag_and_an_unknown_one_are_left_out() -> None:
    place = make_place(name="찻집")
    tag(told(make_guess("quiet", 0.9), make_guess("unheard-of", 0.9)))
    Tag.objects.filter(name="quiet").update(is_active=False)

    tag(told(make_guess("quiet", 0.9)))

    place.refresh_from_db()
    assert not PlaceTag.objects.exists()
    assert place.mood_scores == {}
    assert not Tag.objects.get(name="quiet").is_active


def test_the_word_of_others_stays_when_the_text_is_read() -> None:
    place = make_place(name="찻집")
    make_place_tag(place, "quiet", source="people", evidence="#people 3/5")

    tag(told(make_guess("quiet", 0.6)))

    assert PlaceTag.objects.get().source == "people"
    assert not TagReview.objects.exists()
