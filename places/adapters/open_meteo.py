"""Open-Meteo, or a server of one's own that speaks its wire format: `/v1/forecast`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from common.http import OutboundHttp
from engine.types import Point, Weather
from places.adapters.forecasting import ConditionsFailed, fetch, read_json, read_number
from places.conditions.types import Forecast, HourForecast

POSITIONS_HIGH: Final = 50  # in one request, so that its address stays short
DAYS: Final = 7
_HOURLY: Final = (
    "apparent_temperature",
    "precipitation",
    "precipitation_probability",
    "weather_code",
)
# The codes of WMO table 4677 that the service uses, each range by its first.
_SKY_FROM: Final = (
    (0, Weather.CLEAR),
    (3, Weather.CLOUDS),
    (51, Weather.RAIN),
    (71, Weather.SNOW),
    (80, Weather.RAIN),
    (85, Weather.SNOW),
    (95, Weather.RAIN),
)
_TIME_HIGH: Final = 4_102_444_800  # the year 2100


@dataclass(frozen=True)
class OpenMeteo:
    """Asks for the hourly forecast of up to 50 positions at once. `key` is a customer's."""

    url: str
    http: OutboundHttp
    key: str = ""
    name: str = "Open-Meteo"

    def forecast(self, *, positions: Sequence[Point], now: datetime) -> Sequence[Forecast]:
        found: list[Forecast] = []
        for begin in range(0, len(positions), POSITIONS_HIGH):
            found.extend(self._ask(positions[begin : begin + POSITIONS_HIGH]))
        return found

    def _ask(self, positions: Sequence[Point]) -> list[Forecast]:
        query = {
            "latitude": ",".join(f"{point.latitude:.4f}" for point in positions),
            "longitude": ",".join(f"{point.longitude:.4f}" for point in positions),
            "hourly": ",".join(_HOURLY),
            "forecast_days": str(DAYS),
            "timeformat": "unixtime",
            "timezone": "UTC",
            **({"apikey": self.key} if self.key else {}),
        }
        said = read_json(fetch(self.http, f"{self.url.rstrip('/')}/v1/forecast?{urlencode(query)}"))
        rows = [said] if isinstance(said, dict) else said  # one position is answered alone
        if not isinstance(rows, list) or len(rows) != len(positions):
            raise ConditionsFailed("wrong_shape")
        return [
            Forecast(position=position, source=self.name, hours=_hours(row))
            for position, row in zip(positions, rows, strict=True)
        ]


def _hours(row: object) -> list[HourForecast]:
    hourly = row.get("hourly") if isinstance(row, dict) else None
    columns = [_column(hourly, name) for name in ("time", *_HOURLY)]
    if len({len(column) for column in columns}) != 1:
        raise ConditionsFailed("wrong_shape")
    # The last hours of a run may be empty, and so may single ones that a model does not foretell.
    return [
        _hour(*cells)
        for cells in zip(*columns, strict=True)
        if None not in (cells[1], cells[2], cells[4])
    ]


def _column(hourly: object, name: str) -> list[Any]:
    column = hourly.get(name) if isinstance(hourly, Mapping) else None
    if not isinstance(column, list):
        raise ConditionsFailed("wrong_shape")
    return column


def _hour(time: object, felt: object, rain: object, chance: object, code: object) -> HourForecast:
    number = read_number(code, low=0, high=99)
    return HourForecast(
        starts_at=datetime.fromtimestamp(read_number(time, low=0, high=_TIME_HIGH), UTC),
        sky=next(sky for begin, sky in reversed(_SKY_FROM) if number >= begin),
        feels_like_c=read_number(felt, low=-90, high=80),
        precipitation_mm=read_number(rain, low=0, high=1000),
        chance=None if chance is None else read_number(chance, low=0, high=100) / 100,
    )
