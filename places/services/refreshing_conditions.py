"""Asks the services for the weather, the crowds and the roads of every city, and keeps the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction

from common.http import OutboundHttp
from places import selectors
from places.adapters.forecasting import ConditionsFailed, Forecaster
from places.adapters.kma import Kma
from places.adapters.open_meteo import OpenMeteo
from places.adapters.seoul_city_data import NAME as CITY_DATA
from places.adapters.seoul_city_data import SeoulCityData
from places.conditions import selectors as conditions
from places.conditions.busy_areas import BusyArea, list_busy_areas
from places.conditions.cells import Cell
from places.conditions.models import ConditionKind, ExternalCondition
from places.conditions.types import AreaConditions, Forecast, HourForecast
from places.types import CitySummary

logger = structlog.get_logger(__name__)

HOUR: Final = timedelta(hours=1)
ROADS_HOLD: Final = timedelta(hours=1)
KEPT_AFTER: Final = timedelta(days=1)  # from its end until what is over is dropped
_KOREA: Final = "KR"
_SEOUL: Final = "seoul"
# Several failures in a row are a service that is away: the rest of its areas wait for the next time.
_FAILURES_HIGH: Final = 3


def configured_forecasters() -> Sequence[Forecaster]:
    """Return the weather services that the settings name; the Korean one first."""
    # Named by the operator, who may run one inside the own network.
    http = OutboundHttp(allows_private=True)
    found: list[Forecaster] = []
    if settings.KMA_URL:
        found.append(Kma(url=settings.KMA_URL, key=settings.KMA_KEY, http=http))
    if settings.OPEN_METEO_URL:
        found.append(OpenMeteo(url=settings.OPEN_METEO_URL, key=settings.OPEN_METEO_KEY, http=http))
    return found


def configured_city_data() -> SeoulCityData | None:
    """Return Seoul's city data, if the settings name it."""
    if not settings.SEOUL_CITY_DATA_URL:
        return None
    return SeoulCityData(
        url=settings.SEOUL_CITY_DATA_URL,
        key=settings.SEOUL_CITY_DATA_KEY,
        http=OutboundHttp(allows_private=True),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCounts:
    """What a refresh brought."""

    kept: int = 0
    failed: int = 0


@dataclass(frozen=True)
class ConditionsRefresh:
    """Brings the conditions of every loaded city up to date. What fails leaves the last word."""

    forecasters: Callable[[], Sequence[Forecaster]] = configured_forecasters
    city_data: Callable[[], SeoulCityData | None] = configured_city_data

    def refresh_weather(self, *, now: datetime) -> RefreshCounts:
        """Fetch the forecast of every cell that has places, and keep it."""
        forecasters = self.forecasters()
        if not forecasters:
            return RefreshCounts()
        kept = failed = 0
        for city in selectors.list_cities():
            cells = conditions.list_cells_with_places(city=city.slug)
            found = _forecasts(forecasters, city, cells, now)
            _keep([_weather_row(cell, forecast, now) for cell, forecast in found.items()])
            kept += len(found)
            failed += len(cells) - len(found)
        return RefreshCounts(kept=kept, failed=failed)

    def refresh_areas(self, *, now: datetime) -> RefreshCounts:
        """Ask how full Seoul's busy areas are and how their roads flow, and keep it."""
        city_data = self.city_data()
        if city_data is None:
            return RefreshCounts()
        kept = failed = failures = 0
        for area in list_busy_areas(_SEOUL):
            try:
                told = city_data.conditions(area=area.code)
            except ConditionsFailed as error:
                logger.warning("conditions_failed", source=CITY_DATA, reason=error.reason)
                failed, failures = failed + 1, failures + 1
                if failures == _FAILURES_HIGH:
                    break
                continue
            failures = 0
            _keep(list(_area_rows(told, area, now)))
            kept += 1
        return RefreshCounts(kept=kept, failed=failed)

    @transaction.atomic(durable=True)
    def sweep(self, *, now: datetime) -> int:
        """Delete what was over a day ago; return how many."""
        over = ExternalCondition.objects.ended_before(now - KEPT_AFTER)
        return over.delete()[0]


def _forecasts(
    forecasters: Sequence[Forecaster], city: CitySummary, cells: Sequence[Cell], now: datetime
) -> dict[Cell, Forecast]:
    """Return the forecast of each cell by the first service that covers it and answers."""
    found: dict[Cell, Forecast] = {}
    for forecaster in forecasters:
        if isinstance(forecaster, Kma) and city.country != _KOREA:
            continue
        missing = {cell.centre: cell for cell in cells if cell not in found}
        try:
            told = forecaster.forecast(positions=list(missing), now=now) if missing else ()
        except ConditionsFailed as error:
            logger.warning("conditions_failed", source=forecaster.name, reason=error.reason)
            continue
        found |= {missing[forecast.position]: forecast for forecast in told if forecast.hours}
    return found


def _weather_row(cell: Cell, forecast: Forecast, now: datetime) -> ExternalCondition:
    return ExternalCondition(
        kind=ConditionKind.WEATHER,
        source=forecast.source,
        key=cell.key,
        area=cell.outline,
        valid_from=forecast.hours[0].starts_at,
        valid_to=forecast.hours[-1].starts_at + HOUR,
        fetched_at=now,
        payload={"hours": [_hour(hour) for hour in forecast.hours]},
    )


def _hour(hour: HourForecast) -> dict[str, Any]:
    return {
        "at": hour.starts_at.isoformat(),
        "sky": hour.sky.value,
        "feels_like_c": round(hour.feels_like_c, 1),
        "precipitation_mm": hour.precipitation_mm,
        "chance": hour.chance,
    }


def _area_rows(told: AreaConditions, area: BusyArea, now: datetime) -> Iterator[ExternalCondition]:
    common = {"source": CITY_DATA, "key": area.code, "area": area.outline, "fetched_at": now}
    if told.crowd:
        yield ExternalCondition(
            **common,
            kind=ConditionKind.CROWDING,
            valid_from=told.crowd[0].starts_at,
            valid_to=told.crowd[-1].starts_at + HOUR,
            payload={
                "name": area.name,
                "hours": [
                    {"at": hour.starts_at.isoformat(), "level": hour.level} for hour in told.crowd
                ],
            },
        )
    if told.road_state and told.observed_at is not None:
        yield ExternalCondition(
            **common,
            kind=ConditionKind.TRAFFIC,
            valid_from=told.observed_at,
            valid_to=told.observed_at + ROADS_HOLD,
            payload={"name": area.name, "state": told.road_state, "speed_kmh": told.road_speed_kmh},
        )


def _keep(rows: Sequence[ExternalCondition]) -> None:
    """Store each row in place of the last one of its kind and area, all or none."""
    ExternalCondition.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["source", "area", "valid_from", "valid_to", "fetched_at", "payload"],
    )
