from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from engine.types import Point, Weather
from places.conditions.cells import Cell
from places.conditions.models import ConditionKind, ExternalCondition
from places.conditions.types import PlannedWeather
from places.services.weather import StoredWeather
from tests.builders.weather import DAWN

pytestmark = pytest.mark.django_db

HONGDAE = Point(37.5563, 126.9236)


def store(*skies: str, fetched_at: datetime = DAWN, position: Point = HONGDAE) -> None:
    """Store a forecast of an hour for each sky, from DAWN on."""
    cell = Cell.of(position)
    ExternalCondition.objects.create(
        kind=ConditionKind.WEATHER,
        source="almanac",
        key=cell.key,
        area=cell.outline,
        valid_from=DAWN,
        valid_to=DAWN + timedelta(hours=len(skies)),
        fetched_at=fetched_at,
        payload={
            "hours": [
                {
                    "at": (DAWN + timedelta(hours=hour)).isoformat(),
                    "sky": sky,
                    "feels_like_c": 20.0,
                    "precipitation_mm": 1.0,
                    "chance": None,
                }
                for hour, sky in enumerate(skies)
            ]
        },
    )


def plan(
    weather: StoredWeather, *, begin_h: float = 0, hours: float = 1, now: datetime = DAWN
) -> PlannedWeather:
    starts_at = DAWN + timedelta(hours=begin_h)
    return weather.weather_for(
        position=HONGDAE, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), now=now
    )


@pytest.mark.parametrize(
    ("begin_h", "hours", "expected"),
    [
        (0, 2, Weather.CLEAR),
        (0, 2.5, Weather.RAIN),
        (2, 1, Weather.RAIN),
        (3, 1, Weather.CLOUDS),
        (2.9, 1, Weather.RAIN),
    ],
)
def test_the_hours_of_the_plan_count_and_no_others(
    begin_h: float, hours: float, expected: Weather
) -> None:
    store("clear", "clear", "rain", "clouds")

    found = plan(StoredWeather(), begin_h=begin_h, hours=hours)

    assert found == PlannedWeather(weather=expected, source="almanac", fetched_at=DAWN)


@pytest.mark.parametrize(
    ("age_h", "expected"),
    [
        (3, PlannedWeather(weather=Weather.SNOW, source="almanac", fetched_at=DAWN)),
        (
            3.1,
            PlannedWeather(weather=Weather.SNOW, source="almanac", fetched_at=DAWN, is_stale=True),
        ),
        (24.1, PlannedWeather(weather=Weather.CLEAR)),
    ],
)
def test_an_old_forecast_is_called_old_and_a_very_old_one_is_none(
    age_h: float, expected: PlannedWeather
) -> None:
    store(*["snow"] * 40)

    found = plan(StoredWeather(), begin_h=30, now=DAWN + timedelta(hours=age_h))

    assert found == expected


@pytest.mark.parametrize(("begin_h", "hours"), [(-1, 1), (-0.5, 1), (1.5, 1), (5, 1)])
def test_a_plan_beyond_the_forecast_is_told_nothing(begin_h: float, hours: float) -> None:
    store("rain", "rain")

    found = plan(StoredWeather(), begin_h=begin_h, hours=hours)

    assert found == PlannedWeather(weather=Weather.CLEAR)


def test_the_forecast_of_another_cell_tells_nothing() -> None:
    store("rain", position=Point(37.4, 126.9236))

    assert plan(StoredWeather()).fetched_at is None


def test_the_database_is_asked_once_a_minute(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    store(*["rain"] * 4)
    weather = StoredWeather()

    with django_assert_num_queries(1):
        plan(weather)
        plan(weather, begin_h=1, now=DAWN + timedelta(seconds=59))
    with django_assert_num_queries(1):
        plan(weather, now=DAWN + timedelta(seconds=60))
