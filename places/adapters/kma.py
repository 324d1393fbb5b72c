"""The Korea Meteorological Administration's village forecast, by way of Korea's data portal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from common.http import OutboundHttp
from engine.types import Point, Weather
from places.adapters.forecasting import ConditionsFailed, fetch, read_json, read_number
from places.conditions.comfort import feels_like_c
from places.conditions.korean_grid import find_cell
from places.conditions.types import Forecast, HourForecast

SEOUL: Final = ZoneInfo("Asia/Seoul")
ROWS_HIGH: Final = 1000  # of a page, which may end within an hour: that one is left out
ISSUED_HOURS: Final = (2, 5, 8, 11, 14, 17, 20, 23)
ISSUED_AFTER: Final = timedelta(minutes=15)  # from the hour of issue until it can be had
_FINE: Final = "00"
_NO_DATA: Final = "03"
_CLEAR_SKY: Final = 1  # of SKY: 1 clear, 3 mostly cloudy, 4 overcast
# PTY: 0 none, 1 rain, 2 rain and snow, 3 snow, 4 showers, 5 drops, 6 drops and flakes, 7 flakes
_FALLING: Final = {
    1: Weather.RAIN,
    2: Weather.SNOW,
    3: Weather.SNOW,
    4: Weather.RAIN,
    5: Weather.RAIN,
    6: Weather.SNOW,
    7: Weather.SNOW,
}
_NEEDED: Final = ("SKY", "PTY", "TMP", "REH", "WSD", "POP")
_MISSING_FROM: Final = 900  # what was not foretold is written as 900 and more, or -900 and less
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?)")
_LITTLE_MM: Final = 0.5  # what "1mm 미만" is taken for
_TIME_DIGITS: Final = 12
_MS_TO_KMH: Final = 3.6


@dataclass(frozen=True)
class Kma:
    """Asks for the cells that the positions lie in, each once."""

    url: str
    http: OutboundHttp
    key: str
    name: str = "기상청"

    def forecast(self, *, positions: Sequence[Point], now: datetime) -> Sequence[Forecast]:
        cells = [find_cell(position) for position in positions]
        hours = {cell: self._ask(cell, now) for cell in dict.fromkeys(cells) if cell is not None}
        return [
            Forecast(position=position, source=self.name, hours=hours[cell])
            for position, cell in zip(positions, cells, strict=True)
            if cell is not None and hours[cell]
        ]

    def _ask(self, cell: tuple[int, int], now: datetime) -> list[HourForecast]:
        issued = _last_issue(now)
        query = {
            "serviceKey": self.key,
            "dataType": "JSON",
            "numOfRows": str(ROWS_HIGH),
            "pageNo": "1",
            "base_date": f"{issued:%Y%m%d}",
            "base_time": f"{issued:%H%M}",
            "nx": str(cell[0]),
            "ny": str(cell[1]),
        }
        address = f"{self.url.rstrip('/')}/getVilageFcst?{urlencode(query)}"
        return _read_hours(read_json(fetch(self.http, address)))


def _last_issue(now: datetime) -> datetime:
    """Return the local time of the latest forecast that can be had by `now`."""
    ready = now.astimezone(SEOUL) - ISSUED_AFTER
    hour = max((hour for hour in ISSUED_HOURS if hour <= ready.hour), default=None)
    if hour is None:
        ready, hour = ready - timedelta(days=1), ISSUED_HOURS[-1]
    return ready.replace(hour=hour, minute=0, second=0, microsecond=0)


def _read_hours(said: object) -> list[HourForecast]:
    header, body = _part(said, "response", "header"), _part(said, "response", "body")
    code = header.get("resultCode")
    if code == _NO_DATA:
        return []
    if code != _FINE:  # "22": too many requests today, "30": a key that is not known, …
        raise ConditionsFailed(f"result_{str(code)[:8]}")
    items = _part(body, "items").get("item")
    if not isinstance(items, list):
        raise ConditionsFailed("wrong_shape")
    by_hour: dict[str, dict[str, Any]] = defaultdict(dict)
    for item in items:
        if isinstance(item, Mapping):
            at = f"{item.get('fcstDate')}{item.get('fcstTime')}"
            by_hour[at][str(item.get("category"))] = item.get("fcstValue")
    return [_hour(at, values) for at, values in sorted(by_hour.items()) if _is_told(values)]


def _is_told(values: Mapping[str, Any]) -> bool:
    """Tell whether the hour has all that is needed."""
    return not any(_is_missing(values.get(name)) for name in _NEEDED)


def _is_missing(value: object) -> bool:
    if value in (None, "", "-"):
        return True
    try:
        return abs(float(str(value))) >= _MISSING_FROM
    except ValueError:
        return False  # it is told, and told wrong


def _part(said: object, *path: str) -> Mapping[str, Any]:
    for name in path:
        said = said.get(name) if isinstance(said, Mapping) else None
    if not isinstance(said, Mapping):
        raise ConditionsFailed("wrong_shape")
    return said


def _hour(at: str, values: Mapping[str, Any]) -> HourForecast:
    if len(at) != _TIME_DIGITS:  # with fewer, strptime finds a time all the same
        raise ConditionsFailed("not_a_time")
    try:
        starts_at = datetime.strptime(at, "%Y%m%d%H%M").replace(tzinfo=SEOUL)
    except ValueError:
        raise ConditionsFailed("not_a_time") from None
    sky = read_number(values["SKY"], low=0, high=9)
    falling = int(read_number(values["PTY"], low=0, high=9))
    calm = Weather.CLEAR if sky == _CLEAR_SKY else Weather.CLOUDS
    return HourForecast(
        starts_at=starts_at,
        sky=_FALLING.get(falling, calm),
        feels_like_c=feels_like_c(
            temperature_c=read_number(values.get("TMP"), low=-90, high=60),
            humidity=read_number(values.get("REH"), low=0, high=100),
            wind_kmh=read_number(values.get("WSD"), low=0, high=120) * _MS_TO_KMH,
        ),
        precipitation_mm=_amount(values.get("PCP")) if falling else 0.0,
        chance=read_number(values.get("POP"), low=0, high=100) / 100,
    )


def _amount(text: object) -> float:
    """Return the millimetres of "강수없음", "1mm 미만", "3.5mm", "30.0~50.0mm" or "50.0mm 이상"."""
    found = _AMOUNT.search(str(text))
    if found is None:
        return 0.0
    return _LITTLE_MM if "미만" in str(text) else float(found.group(1))
