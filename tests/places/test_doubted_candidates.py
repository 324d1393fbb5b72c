"""What visitors doubt, as plans see it."""

from datetime import date, datetime
from typing import Any

import pytest

from engine.types import Provenance
from places.models import FactConfidence, Place
from places.opening.types import OpeningHours, every_day
from tests.builders.places import make_place
from tests.places.candidates import SEOUL, find, names, stated

pytestmark = pytest.mark.django_db

SEEN_AT = datetime(2026, 11, 20, 1, tzinfo=SEOUL)  # the day before in UTC
ALL_DAY = OpeningHours(week=every_day(((0, 1440),)))
EVENING = OpeningHours(week=every_day(((1200, 1320),)))


def doubt(place: Place, fact: str, confidence: float = 0.5, **fields: Any) -> None:
    defaults = {
        "reporters": 2,
        "is_doubted": True,
        "last_seen_at": SEEN_AT,
        "judged_at": SEEN_AT,
    }
    FactConfidence.objects.create(
        place=place, fact=fact, confidence=confidence, **(defaults | fields)
    )


def test_doubted_hours_count_as_assumed_within_the_stated_and_the_usual_ones() -> None:
    make_place(name="믿는 곳", **stated(ALL_DAY))
    doubt(make_place(name="의심", **stated(ALL_DAY)), "hours")

    believed, doubted = sorted(
        (place.candidate for place in find().places), key=lambda one: one.name_ko
    )

    assert (believed.hours_known, doubted.hours_known) == (True, False)
    assert (believed.doubts, doubted.doubts) == ({}, {"hours": date(2026, 11, 20)})
    # From 14:00; a café is usually open until 20:00.
    assert believed.windows[0].closes > doubted.windows[0].closes == 360
    assert doubted.freshness == believed.freshness / 2
    assert doubted.quality == believed.quality


def test_doubted_hours_beside_the_usual_ones_leave_nothing_to_plan_with() -> None:
    doubt(make_place(name="저녁에만", **stated(EVENING)), "hours")

    assert names(find(time_budget_min=480)) == []


def test_a_place_said_to_be_gone_scores_as_a_worse_and_older_one() -> None:
    doubt(make_place(quality=0.8, freshness=0.6), "existence")

    (place,) = find().places

    assert (place.candidate.quality, place.candidate.freshness) == (0.4, 0.3)


def test_a_doubted_price_is_no_known_one() -> None:
    doubt(make_place(cost_provenance="stated"), "price")

    (place,) = find().places

    assert place.candidate.cost_provenance is Provenance.PRIOR


def test_what_one_person_says_changes_no_plan() -> None:
    doubt(make_place(**stated(ALL_DAY)), "hours", is_doubted=False, reporters=1)

    (place,) = find().places

    assert place.candidate.hours_known
    assert place.candidate.doubts == {}
