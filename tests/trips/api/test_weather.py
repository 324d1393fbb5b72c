"""The forecast in an answer: it is named, it changes the plan, and an old one is called old."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from engine.types import Point
from places.conditions.cells import Cell
from places.conditions.models import ConditionKind, ExternalCondition
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.users import make_client
from tests.trips.api.asking import SENTENCE, ask, next_saturday
from trips.api.viewsets import recommendations

pytestmark = pytest.mark.django_db(transaction=True)

CELL = Cell.of(Point(37.5563, 126.9236))


@pytest.fixture(autouse=True)
def _look_anew() -> Iterator[None]:
    """Forget the forecasts that the service of this process has looked up."""
    recommendations.cache_clear()
    yield
    recommendations.cache_clear()


def store_forecast(*, sky: str, age: timedelta = timedelta(0)) -> None:
    """Store a forecast for the neighbourhood, the whole Saturday, fetched `age` ago."""
    begin = datetime.fromisoformat(next_saturday(0))
    ExternalCondition.objects.create(
        kind=ConditionKind.WEATHER,
        source="Open-Meteo",
        key=CELL.key,
        area=CELL.outline,
        valid_from=begin,
        valid_to=begin + timedelta(hours=24),
        fetched_at=timezone.now() - age,
        payload={
            "hours": [
                {
                    "at": (begin + timedelta(hours=hour)).isoformat(),
                    "sky": sky,
                    "feels_like_c": 18.0,
                    "precipitation_mm": 2.0,
                    "chance": 0.9,
                }
                for hour in range(24)
            ]
        },
    )


def assumed_weather(body: Any) -> Any:
    (assumption,) = [
        item for item in body["interpretation"]["assumed"] if item["field"] == "weather"
    ]
    return assumption


def test_without_a_forecast_the_answer_says_so() -> None:
    make_neighbourhood()

    assumption = assumed_weather(ask(make_client(), q=SENTENCE).json())

    assert (assumption["value"], assumption["reason"]) == ("clear", "default")


def test_rain_that_is_forecast_keeps_people_indoors_and_is_named() -> None:
    make_neighbourhood()
    store_forecast(sky="rain")

    body = ask(make_client(), q=SENTENCE).json()

    assumption = assumed_weather(body)
    assert (assumption["value"], assumption["reason"]) == ("rain", "forecast")
    assert assumption["text"].startswith("Open-Meteo 예보(")
    assert assumption["text"].endswith("에 따라 비 오는 날씨로 계획했어요.")
    best = body["cards"][0]
    assert any("비" in sentence for sentence in best["explanation"])
    assert not {"park", "heritage"} & {node["place"]["category"] for node in best["nodes"]}


def test_an_old_forecast_is_called_old() -> None:
    make_neighbourhood()
    store_forecast(sky="clouds", age=timedelta(hours=5))

    body = ask(make_client(), q=SENTENCE).json()

    assumption = assumed_weather(body)
    assert (assumption["value"], assumption["reason"]) == ("clouds", "forecast_stale")
    assert "오래된 예보" in assumption["text"]


def test_what_is_said_of_the_weather_wins_over_the_forecast() -> None:
    make_neighbourhood()
    store_forecast(sky="rain")

    body = ask(make_client(), q=SENTENCE, weather="clear").json()

    assert "weather" not in {item["field"] for item in body["interpretation"]["assumed"]}
