from datetime import datetime, timedelta

import pytest
from django.contrib.gis.geos import Polygon
from pytest_django import DjangoAssertNumQueries

from places.conditions.models import ConditionKind, ExternalCondition
from places.services.crowding import LiveCrowds
from tests.builders.places import make_place
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

    with django_assert_num_queries(1):
        first = crowds.version(now=SATURDAY_2PM)
    ExternalCondition.objects.update(fetched_at=SATURDAY_2PM + timedelta(seconds=30))
    with django_assert_num_queries(0):
        assert crowds.version(now=SATURDAY_2PM + timedelta(seconds=59)) == first
    with django_assert_num_queries(1):
        assert crowds.version(now=SATURDAY_2PM + timedelta(seconds=60)) != first


def test_nothing_told_is_no_version() -> None:
    assert LiveCrowds().version(now=SATURDAY_2PM) == ""
