"""Evaluates the OSM expressions that no week can hold, day by day."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours as Expression
from opening_hours import (  # type: ignore[attr-defined]  # the error is not in its stubs
    State,
    UnknownCountryError,
)

from places.opening.calendar import ONE_DAY
from places.opening.types import DAY_MIN, Intervals, OpeningHours

Place = tuple[float, float]

UTC_ZONE: Final = "UTC"


def evaluate(hours: OpeningHours, day: date, *, zone: str, country: str | None) -> Intervals:
    """Return the open intervals of the calendar day `day`, cut at its midnights."""
    return day_intervals(hours.expression or "off", day, zone, country, hours.place)


@lru_cache(maxsize=8192)
def day_intervals(
    text: str, day: date, zone: str, country: str | None, place: Place | None
) -> Intervals:
    """Return the open intervals of one calendar day of an expression; unknown counts as closed."""
    expression = compiled(text, zone, country, place)
    start = datetime.combine(day, time())
    end = start + ONE_DAY
    intervals = []
    for opens, closes, state, _ in expression.intervals(start, end):
        first = max(opens.replace(tzinfo=None), start)
        last = min(closes.replace(tzinfo=None), end) if closes is not None else end
        if state == State.OPEN and first < last:
            intervals.append((_minute(first, start), _minute(last, start)))
    return tuple(intervals)


@lru_cache(maxsize=4096)
def compiled(text: str, zone: str, country: str | None, place: Place | None) -> Expression:
    """Return the expression, which must be valid; the sun is that of `place`."""
    solar = ZoneInfo(zone) if place else None
    try:
        return Expression(text, solar, country, place)
    except UnknownCountryError:
        return Expression(text, solar, None, place)


def _minute(moment: datetime, start: datetime) -> int:
    return min(DAY_MIN, int((moment - start).total_seconds() // 60))
