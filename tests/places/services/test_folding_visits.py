"""From counted days to profiles: enough of them, the old ones fading, and then gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from places.models import (
    CongestionProfile,
    CountedVisit,
    KindCongestion,
    PlaceCongestionDaily,
    RefusedVisit,
)
from places.services.folding_visits import VisitFolding
from places.visits.types import HOURS
from tests.builders.places import make_place
from tests.builders.visits import SATURDAY, make_day, make_saturdays

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)


def factors(day_class: str = "weekend") -> list[float]:
    return list(CongestionProfile.objects.get(day_class=day_class).factors)


def test_a_place_full_at_an_hour_is_known_for_it() -> None:
    make_saturdays(place=make_place(), hours={15: 40, 12: 5})

    VisitFolding().fold(now=NOW)

    profile = CongestionProfile.objects.get()
    assert (profile.day_class, profile.visits) == ("weekend", 225)
    assert profile.factors[15] == 1.55  # alone, it is much of its kind
    assert profile.factors[12] < profile.factors[15]
    assert profile.waits == [None] * HOURS


@pytest.mark.parametrize(
    ("per_day", "days", "profiles"), [(6, 5, 1), (6, 4, 0), (5, 5, 0)], ids=str
)
def test_fewer_than_thirty_visits_on_five_days_make_no_profile(
    per_day: int, days: int, profiles: int
) -> None:
    make_saturdays(place=make_place(), hours={15: per_day}, days=days)

    VisitFolding().fold(now=NOW)

    assert CongestionProfile.objects.count() == profiles


def test_the_database_itself_keeps_no_profile_of_fewer_than_ten() -> None:
    with pytest.raises(IntegrityError, match="of_ten"), transaction.atomic():
        CongestionProfile.objects.create(
            place=make_place(),
            day_class="weekday",
            visits=9,
            factors=[1.0] * HOURS,
            waits=[None] * HOURS,
            computed_at=NOW,
        )


def test_weekdays_and_weekends_have_profiles_of_their_own() -> None:
    place = make_place()
    make_saturdays(place=place, hours={15: 40})
    for week in range(5):
        make_day(place=place, hours={9: 40}, day=SATURDAY - timedelta(days=1, weeks=week))

    VisitFolding().fold(now=NOW)

    assert factors("weekend")[15] > 1 > factors("weekend")[9]
    assert factors("weekday")[9] > 1 > factors("weekday")[15]


def test_old_visits_fade() -> None:
    old, new = make_place(name="예전"), make_place(name="요즘", category="museum")
    for week in range(5):
        make_day(place=old, hours={10: 40}, day=SATURDAY - timedelta(weeks=40 + week))
        make_day(place=new, hours={10: 40}, day=SATURDAY - timedelta(weeks=week))
    make_saturdays(place=old, hours={16: 40})
    for week in range(5):
        make_day(place=new, hours={16: 40}, day=SATURDAY - timedelta(weeks=40 + week))

    VisitFolding().fold(now=NOW)

    was, is_now = (CongestionProfile.objects.get(place=place).factors for place in (old, new))
    assert was[16] > was[10]
    assert is_now[10] > is_now[16]


def test_folding_twice_changes_nothing() -> None:
    make_saturdays(place=make_place(), hours={15: 40})
    VisitFolding().fold(now=NOW)
    before = list(CongestionProfile.objects.values_list("place_id", "factors", "computed_at"))

    again = VisitFolding().fold(now=NOW)

    after = list(CongestionProfile.objects.values_list("place_id", "factors", "computed_at"))
    assert after == before
    assert (again.profiles, again.swept) == (1, 0)
    assert KindCongestion.objects.get().places == 1


def test_what_is_too_old_is_deleted_with_its_profile() -> None:
    place, later = make_place(), NOW + timedelta(days=402)
    make_saturdays(place=place, hours={15: 40})
    CountedVisit.objects.create(key="k", date=SATURDAY)
    RefusedVisit.objects.create(file="f", line=1, reason="no_time", refused_at=NOW)
    VisitFolding().fold(now=NOW)

    folded = VisitFolding().fold(now=later)

    assert (folded.profiles, folded.swept) == (0, 7)
    assert not PlaceCongestionDaily.objects.exists()
    assert not CongestionProfile.objects.exists()


def test_a_wait_is_told_of_days_on_which_everybody_was_counted() -> None:
    counted, sampled = make_place(name="다 셈"), make_place(name="일부만")
    for place, is_complete in ((counted, True), (sampled, False)):
        make_saturdays(
            place=place,
            hours={15: 58, 10: 5},
            stays_count=60,
            stays_min=3600,
            is_complete=is_complete,
        )

    VisitFolding().fold(now=NOW)

    waits = {
        profile.place.name: (profile.waits[15], profile.waits[10], profile.waits[3])
        for profile in CongestionProfile.objects.select_related("place")
    }
    days = PlaceCongestionDaily.objects.filter(date__lt=SATURDAY).values_list(
        "place__name", "wait_time_estimate"
    )
    assert waits == {"다 셈": (48, 0, 0), "일부만": (None, None, None)}
    assert set(days) == {("다 셈", 48), ("일부만", None)}
    # Today is not over.
    assert PlaceCongestionDaily.objects.get(place=counted, date=SATURDAY).wait_time_estimate is None
