from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from common.http import OutboundHttp
from engine.types import Point, Weather
from places.adapters.forecasting import ConditionsFailed, Forecaster
from places.adapters.kma import Kma
from places.adapters.seoul_city_data import SeoulCityData
from places.conditions.busy_areas import list_busy_areas
from places.conditions.models import ExternalCondition
from places.conditions.types import Forecast
from places.services.refreshing_conditions import (
    ConditionsRefresh,
    RefreshCounts,
    configured_city_data,
    configured_forecasters,
)
from tests.builders.places import make_city, make_place
from tests.builders.routers import Reply, RouterServer
from tests.builders.weather import DAWN, city_data, kma, make_hour

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Almanac:
    """A weather service on paper, which covers what lies north of a latitude, or is away."""

    name: str = "almanac"
    sky: Weather = Weather.RAIN
    south: float = -90.0
    is_away: bool = False
    asked: list[Point] = field(default_factory=list)

    def forecast(self, *, positions: Sequence[Point], now: datetime) -> Sequence[Forecast]:
        self.asked.extend(positions)
        if self.is_away:
            raise ConditionsFailed("timeout")
        return [
            Forecast(
                position=position,
                source=self.name,
                hours=[make_hour(hour=h, sky=self.sky) for h in range(3)],
            )
            for position in positions
            if position.latitude >= self.south
        ]


def refresh(*forecasters: Forecaster, now: datetime = DAWN) -> RefreshCounts:
    return ConditionsRefresh(forecasters=lambda: forecasters).refresh_weather(now=now)


def sources() -> dict[str, str]:
    return dict(ExternalCondition.objects.values_list("key", "source"))


def test_each_cell_with_places_gets_its_forecast() -> None:
    make_place(name="가", latitude=37.556, longitude=126.923)
    make_place(name="나", latitude=37.557, longitude=126.924)
    make_place(name="다", latitude=37.512, longitude=127.059)
    make_place(name="라", latitude=37.601, longitude=127.059, is_active=False)
    almanac = Almanac()

    counts = refresh(almanac)

    assert counts == RefreshCounts(kept=2)
    assert [(round(p.latitude, 3), round(p.longitude, 3)) for p in almanac.asked] == [
        (37.525, 127.075),
        (37.575, 126.925),
    ]
    row = ExternalCondition.objects.get(key="751:2538")
    assert row.area.extent == pytest.approx((126.9, 37.55, 126.95, 37.6))
    assert (row.valid_from, row.valid_to) == (DAWN, DAWN + timedelta(hours=3))
    assert row.payload["hours"][0] == {
        "at": "2026-06-06T00:00:00+00:00",
        "sky": "rain",
        "feels_like_c": 21.0,
        "precipitation_mm": 0.0,
        "chance": None,
    }


def test_a_newer_forecast_takes_the_place_of_the_last() -> None:
    make_place()

    refresh(Almanac(sky=Weather.CLEAR))
    refresh(Almanac(sky=Weather.SNOW), now=DAWN + timedelta(minutes=30))

    (row,) = ExternalCondition.objects.all()
    assert row.payload["hours"][0]["sky"] == "snow"
    assert row.fetched_at == DAWN + timedelta(minutes=30)


def test_what_the_first_service_does_not_cover_the_second_is_asked_for() -> None:
    make_place(name="남", latitude=37.44)
    make_place(name="북", latitude=37.66)

    refresh(Almanac(name="first", south=37.5), Almanac(name="second"))

    assert sorted(sources().values()) == ["first", "second"]


def test_a_service_that_is_away_leaves_the_last_word_and_says_so() -> None:
    make_place()
    refresh(Almanac(sky=Weather.SNOW))

    with capture_logs() as logs:
        counts = refresh(Almanac(is_away=True), now=DAWN + timedelta(hours=1))

    assert counts == RefreshCounts(failed=1)
    assert ExternalCondition.objects.get().fetched_at == DAWN
    assert [(line["event"], line["reason"]) for line in logs] == [("conditions_failed", "timeout")]


def test_nobody_is_asked_without_settings() -> None:
    make_place()

    assert ConditionsRefresh().refresh_weather(now=DAWN) == RefreshCounts()
    assert ConditionsRefresh().refresh_areas(now=DAWN) == RefreshCounts()
    assert not ExternalCondition.objects.exists()


def test_the_korean_service_comes_first_and_is_for_korea_alone(
    settings: Settings, router: RouterServer
) -> None:
    settings.KMA_URL, settings.KMA_KEY = router.url, "key"
    router.reply = Reply(body=kma(hours=[{}]))
    make_place()
    prague = make_city(slug="prague", country="CZ")
    make_place(name="Kavárna", city=prague, latitude=50.08, longitude=14.42)

    korean, *_ = configured_forecasters()
    refresh(korean, Almanac())

    assert isinstance(korean, Kma)
    assert sources() == {"751:2538": "기상청", "1001:288": "almanac"}
    assert len(router.asked) == 1


def test_settings_name_the_services(settings: Settings) -> None:
    settings.KMA_URL = settings.OPEN_METEO_URL = settings.SEOUL_CITY_DATA_URL = "http://weather"

    assert [forecaster.name for forecaster in configured_forecasters()] == ["기상청", "Open-Meteo"]
    assert configured_city_data() is not None


def ask_city(server: RouterServer) -> RefreshCounts:
    service = SeoulCityData(url=server.url, http=OutboundHttp(allows_private=True), key="key")
    return ConditionsRefresh(city_data=lambda: service).refresh_areas(now=DAWN)


def test_keeps_how_full_and_how_slow_every_busy_area_is(router: RouterServer) -> None:
    router.reply = Reply(body=city_data(level="붐빔", later=("보통",), road="원활"))

    counts = ask_city(router)

    assert counts == RefreshCounts(kept=120)
    assert len(router.asked) == len(list_busy_areas("seoul")) == 120
    crowd = ExternalCondition.objects.get(kind="crowding", key="POI007")
    assert crowd.payload == {
        "name": "홍대 관광특구",
        "hours": [
            {"at": "2026-06-06T14:30:00+09:00", "level": 0.95},
            {"at": "2026-06-06T15:00:00+09:00", "level": 0.45},
        ],
    }
    roads = ExternalCondition.objects.get(kind="traffic", key="POI007")
    assert roads.payload == {"name": "홍대 관광특구", "state": "free", "speed_kmh": 18.0}


def test_a_city_that_does_not_answer_is_left_alone_after_three_areas(router: RouterServer) -> None:
    router.reply = Reply(status=500)

    counts = ask_city(router)

    assert counts == RefreshCounts(failed=3)
    assert len(router.asked) == 3


def test_what_is_long_over_is_swept() -> None:
    make_place()
    refresh(Almanac())
    over = DAWN + timedelta(hours=3)

    assert ConditionsRefresh().sweep(now=over + timedelta(hours=23)) == 0
    assert ConditionsRefresh().sweep(now=over + timedelta(hours=24)) == 1
    assert not ExternalCondition.objects.exists()
