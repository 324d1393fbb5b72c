from datetime import datetime, timedelta

import pytest
from django.contrib.gis.geos import Polygon
from pytest_django import DjangoAssertNumQueries

from common.geo import Position
from places.conditions.models import ConditionKind, ExternalCondition
from places.models import CongestionProfile, Place
from places.services.crowding import LiveCrowds
from places.services.folding_visits import VisitFolding
from places.visits.types import HOURS
from tests.builders.places import make_place
from tests.builders.visits import make_saturdays
from tests.engine.recommended import recommend, stops_of
from tests.places.candidates import SATURDAY_2PM, find

pytestmark = pytest.mark.django_db

HONGDAE_BOX = (126.92, 37.55, 126.93, 37.56)


def tell(
    *levels: float,
    key: str = "POI007",
    box: tuple[float, float, float, float] = HONGDAE_BOX,
    begin: datetime = SATURDAY_2PM,
    fetched_at: datetime = SATURDAY_2PM,
) -> None:
    """Store a level for each hour from `begin` on."""
    ExternalCondition.objects.create(
        kind=ConditionKind.CROWDING,
        source="city",
        key=key,
        area=Polygon.from_bbox(box),
        valid_from=begin,
        valid_to=begin + timedelta(hours=len(levels)),
        fetched_at=fetched_at,
        payload={
            "name": "홍대",
            "hours": [
                {"at": (begin + timedelta(hours=hour)).isoformat(), "level": level}
                for hour, level in enumerate(levels)
            ],
        },
    )


def crowds_around(
    *, starts_at: datetime = SATURDAY_2PM, now: datetime = SATURDAY_2PM
) -> dict[str, dict[int, float]]:
    found = LiveCrowds().around(found=find(), starts_at=starts_at, now=now)
    return {place.candidate.name_ko: dict(place.candidate.crowd) for place in found.places}


def test_candidates_know_how_full_their_surroundings_will_be() -> None:
    make_place(name="안쪽", latitude=37.5563, longitude=126.9236)
    make_place(name="바깥", latitude=37.5563, longitude=126.9320)
    tell(0.45, 0.7, 0.95, 0.2)

    crowds = crowds_around()

    assert crowds["바깥"] == {}
    assert crowds["안쪽"] == pytest.approx({14: 1.0, 15: 1.5556, 16: 2.0, 17: 0.4444}, abs=1e-4)


def test_hours_are_counted_from_the_midnight_of_the_plan() -> None:
    make_place()
    tell(0.9, begin=SATURDAY_2PM + timedelta(hours=11))  # one in the morning

    crowds = crowds_around(starts_at=SATURDAY_2PM + timedelta(minutes=40))

    assert list(crowds["조용한카페"]) == [25]


@pytest.mark.parametrize("hours", [0.0, 3.5])
def test_what_is_over_or_was_told_long_ago_is_not_used(hours: float) -> None:
    make_place()
    tell(0.95, begin=SATURDAY_2PM - timedelta(hours=1))  # over by now
    tell(0.95, key="POI008", fetched_at=SATURDAY_2PM - timedelta(hours=3))

    crowds = crowds_around(now=SATURDAY_2PM + timedelta(hours=hours))

    assert crowds["조용한카페"] == {}


def test_an_area_is_judged_by_its_outline_and_not_by_its_box() -> None:
    make_place(latitude=37.5563, longitude=126.9236)
    tell(0.95)
    row = ExternalCondition.objects.get()
    west, south, east, north = HONGDAE_BOX
    row.area = Polygon(((west, north), (east, north), (east, south + 0.009), (west, north)))
    row.save()

    assert crowds_around()["조용한카페"] == {}


def test_the_database_is_asked_once_a_minute_and_the_version_follows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    crowds = LiveCrowds()
    tell(0.95)

    with django_assert_num_queries(2):  # what the city tells, and since when there are profiles
        first = crowds.version(now=SATURDAY_2PM)
    ExternalCondition.objects.update(fetched_at=SATURDAY_2PM + timedelta(seconds=30))
    with django_assert_num_queries(0):
        assert crowds.version(now=SATURDAY_2PM + timedelta(seconds=59)) == first
    with django_assert_num_queries(2):
        assert crowds.version(now=SATURDAY_2PM + timedelta(seconds=60)) != first


def test_nothing_told_is_no_version() -> None:
    assert LiveCrowds().version(now=SATURDAY_2PM) == ""


def profile(place: Place, *, at: int, factor: float, day_class: str = "weekend") -> None:
    """Store that a place is so full at one hour, beside its kind."""
    CongestionProfile.objects.create(
        place=place,
        day_class=day_class,
        visits=47,
        factors=[factor if hour == at else 1.0 for hour in range(HOURS)],
        waits=[12 if hour == at else None for hour in range(HOURS)],
        computed_at=SATURDAY_2PM,
    )


def test_what_visits_say_of_a_place_holds_where_no_city_tells() -> None:
    place = make_place()
    profile(place, at=16, factor=1.8)
    tell(0.45, 0.9)  # until four

    (found,) = LiveCrowds().around(found=find(), starts_at=SATURDAY_2PM, now=SATURDAY_2PM).places

    crowd = found.candidate.crowd
    assert (crowd[16], crowd[24 + 16]) == (1.8, 1.8)
    assert crowd[15] == pytest.approx(2.0**0.7)
    assert found.candidate.crowd_from_visits == frozenset(range(48)) - {14, 15}


def test_a_place_without_visits_is_as_the_city_tells() -> None:
    make_place(name="기록 없음", latitude=37.5564)
    profile(make_place(name="기록 있음"), at=14, factor=0.5)
    tell(0.9)

    crowds = crowds_around()

    assert crowds["기록 없음"] == {14: 2.0}
    assert crowds["기록 있음"][14] == pytest.approx(2.0**0.7 * 0.5**0.3)


def test_visits_are_asked_for_only_where_there_are_any(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place, found = make_place(), find()
    with django_assert_num_queries(2):
        LiveCrowds().around(found=found, starts_at=SATURDAY_2PM, now=SATURDAY_2PM)
    profile(place, at=14, factor=0.5)

    with django_assert_num_queries(3):
        crowds = LiveCrowds()
        crowds.around(found=found, starts_at=SATURDAY_2PM, now=SATURDAY_2PM)

    assert crowds.version(now=SATURDAY_2PM) == "2026-11-21T05:00:00+00:00"


def test_how_full_a_place_is_now_and_who_says_so() -> None:
    place = make_place()
    position = Position(lat=37.5563, lon=126.9236)

    def now() -> tuple[float, bool, int, int | None]:
        crowd = LiveCrowds().at_place(place_id=place.pk, position=position, at=SATURDAY_2PM)
        return round(crowd.factor, 3), crowd.is_live, crowd.visits, crowd.wait_min

    usual = now()
    profile(place, at=14, factor=1.5)
    by_visits = now()
    tell(0.9)

    assert usual == (1.0, False, 0, None)
    assert by_visits == (1.5, False, 47, 12)
    assert now() == (1.835, True, 47, 12)


def test_visits_at_one_hour_of_one_place_move_the_card() -> None:
    famous = make_place(name="유명관", category="museum", congestion_score=0.4, quality=0.9)
    calm = make_place(name="한적관", category="museum", congestion_score=0.4, quality=0.7)
    wishes = {"starts_at": SATURDAY_2PM, "time_budget_min": 100.0, "avoid": ("crowded",)}

    def card() -> list[str]:
        found = LiveCrowds().around(
            found=find(time_budget_min=100.0), starts_at=SATURDAY_2PM, now=SATURDAY_2PM
        )
        places = [place.candidate for place in found.places]
        (best, *_) = recommend(places, **wishes).cards
        return [places[index].name_ko for index in stops_of(best)]

    before = card()
    for place, hour in ((famous, 14), (calm, 10)):
        make_saturdays(place=place, hours={hour: 200, hour + 1: 200, 12: 20})
    VisitFolding().fold(now=SATURDAY_2PM)

    assert (before, card()) == (["유명관"], ["한적관"])


def test_each_day_of_a_plan_follows_its_own_profile() -> None:
    place = make_place()
    profile(place, at=2, factor=1.5)
    profile(place, at=2, factor=0.5, day_class="weekday")
    sunday = SATURDAY_2PM + timedelta(days=1)

    (found,) = LiveCrowds().around(found=find(), starts_at=sunday, now=SATURDAY_2PM).places

    assert (found.candidate.crowd[2], found.candidate.crowd[24 + 2]) == (1.5, 0.5)
