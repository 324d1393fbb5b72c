"""Seoul's real-time city data: how full its 120 busy areas are, and how their roads flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from common.http import OutboundHttp
from places.adapters.forecasting import ConditionsFailed, fetch, read_number
from places.conditions.types import AreaConditions, CrowdHour

SEOUL: Final = ZoneInfo("Asia/Seoul")
NAME: Final = "서울시 실시간 도시데이터"
_FINE: Final = "INFO-000"
# The four levels that the city tells, spread over [0, 1]: room to walk freely, … hard to move.
LEVELS: Final = {"여유": 0.2, "보통": 0.45, "약간 붐빔": 0.7, "붐빔": 0.95}
ROAD_STATES: Final = {"원활": "free", "서행": "slow", "정체": "jammed"}


@dataclass(frozen=True)
class SeoulCityData:
    """Asks about one area by its name; the city answers for one at a time."""

    url: str
    http: OutboundHttp
    key: str

    def conditions(self, *, area: str) -> AreaConditions:
        """
        Return what the city says of an area now, and of how full it will be in the next 12 hours.

        Raises:
            ConditionsFailed: nothing usable came, or the city does not know the area.
        """
        address = (
            f"{self.url.rstrip('/')}/{quote(self.key)}/xml/citydata/1/5/{quote(area, safe='')}"
        )
        return _read(fetch(self.http, address), area)


def _read(body: bytes, area: str) -> AreaConditions:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        raise ConditionsFailed("not_xml") from None
    code = _text(root, "RESULT/RESULT.CODE") or _text(root, "CODE")
    if code != _FINE:  # INFO-200: no such area, ERROR-337: too many requests today, …
        raise ConditionsFailed(f"result_{code[:12]}")
    people = root.find("CITYDATA/LIVE_PPLTN_STTS/LIVE_PPLTN_STTS")
    roads = root.find("CITYDATA/ROAD_TRAFFIC_STTS/AVG_ROAD_DATA")
    if people is None and roads is None:
        raise ConditionsFailed("wrong_shape")
    crowd = [] if people is None else list(_crowd(people))
    try:
        return AreaConditions(area=area, crowd=crowd, **_roads(roads))
    except ConditionsFailed:
        if not crowd:
            raise
        return AreaConditions(area=area, crowd=crowd)  # roads under repair do not empty the area


def _roads(roads: Element | None) -> dict[str, Any]:
    if roads is None:
        return {}
    return {
        "road_speed_kmh": _speed(roads),
        "road_state": ROAD_STATES.get(_text(roads, "ROAD_TRAFFIC_IDX"), ""),
        "observed_at": _time(_text(roads, "ROAD_TRAFFIC_TIME")),
    }


def _crowd(people: Element) -> Iterator[CrowdHour]:
    told = [(_text(people, "PPLTN_TIME"), _text(people, "AREA_CONGEST_LVL"), False)]
    told += [
        (_text(hour, "FCST_TIME"), _text(hour, "FCST_CONGEST_LVL"), True)
        for hour in people.iterfind("FCST_PPLTN/FCST_PPLTN")
    ]
    for at, level, is_forecast in told:
        if is_forecast and not (at and level):
            continue  # an hour that is not foretold
        if level not in LEVELS:
            raise ConditionsFailed("level_unknown")
        yield CrowdHour(starts_at=_time(at), level=LEVELS[level], is_forecast=is_forecast)


def _speed(roads: Element) -> float | None:
    text = _text(roads, "ROAD_TRAFFIC_SPD")
    return read_number(text, low=0, high=300) if text else None


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SEOUL)
    except ValueError:
        raise ConditionsFailed("not_a_time") from None


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
