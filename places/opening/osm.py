"""Reads the `opening_hours` tag of OpenStreetMap, in its syntax or as people really write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from opening_hours import validate

from places.opening.expression import UTC_ZONE, day_intervals
from places.opening.timetable import read_timetable
from places.opening.types import DAY_MIN, Intervals, OpeningHours, Refusal, Week

SAMPLE_DAYS: Final = 2 * 366  # two years hold every weekday, month and public holiday
SAMPLE_COUNTRY: Final = "KR"  # only tells how a rule treats holidays, not which days they are
TEXT_LENGTH_HIGH: Final = 1000
TEXTS_REMEMBERED: Final = 4096  # sampling one takes tens of milliseconds, and most say the same

_SUN = re.compile(r"sunrise|sunset|dawn|dusk", re.IGNORECASE)
_SCHOOL = re.compile(r"\bSH\b")
_OPEN_END = re.compile(r"\d\s*\+")
_STATES_TIME = re.compile(r"\d:\d|24/7|\b(?:off|closed)\b|sunrise|sunset|dawn|dusk", re.IGNORECASE)
_HOLIDAY = re.compile(r"\bPH\b|24/7")
_YEAR = re.compile(r"\b20\d\d\b")


def parse_osm(
    text: str,
    *,
    since: date,
    latitude: float | None = None,
    longitude: float | None = None,
) -> OpeningHours | Refusal:
    """
    Read an `opening_hours` value as it counts from `since` on.

    An expression that a week with public holidays can hold becomes one, which is proved on two
    years of days; any other is kept as it is. What is not in the syntax is read as free text.
    The position is needed where the sun sets the hours.
    """
    stripped = text.strip()
    if not stripped or len(stripped) > TEXT_LENGTH_HIGH:
        return Refusal("empty or too long", text[:TEXT_LENGTH_HIGH])
    place = None if latitude is None or longitude is None else (latitude, longitude)
    if not validate(stripped):
        return read_timetable(stripped)
    reason = _why_not(stripped, place)
    if reason:
        return Refusal(reason, text)
    hours = OpeningHours(
        week=None,
        expression=stripped,
        place=place if _SUN.search(stripped) else None,
        speaks_of_holidays=bool(_HOLIDAY.search(stripped)),
        source_text=text,
    )
    return hours if hours.place else _simplified(hours, since=since)


def _why_not(text: str, place: tuple[float, float] | None) -> str | None:
    if not _STATES_TIME.search(text):
        return "states no times"
    if _SCHOOL.search(text):
        return "depends on school holidays, which are not known here"
    if _OPEN_END.search(text):
        return "the closing time is left open"
    if _SUN.search(text) and place is None:
        return "depends on the sun, and the position is not known"
    return None


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _simplified(hours: OpeningHours, *, since: date) -> OpeningHours | Refusal:
    """Return the same hours as a week where a week says the same on every sampled day."""
    text = hours.expression or ""
    if any(int(year) >= since.year for year in _YEAR.findall(text)):
        return hours
    days = [since + timedelta(days=i) for i in range(-1, SAMPLE_DAYS + 1)]
    cut = [day_intervals(text, day, UTC_ZONE, SAMPLE_COUNTRY, None) for day in days]
    whole = dict(zip(days[1:-1], _joined_over_midnight(cut), strict=True))
    if not any(whole.values()):
        return Refusal("is never open", hours.source_text)
    ordinary: list[set[Intervals]] = [set() for _ in range(7)]
    holiday: list[set[Intervals]] = [set() for _ in range(7)]
    for day, intervals in whole.items():
        (holiday if _is_holiday(day) else ordinary)[day.weekday()].add(intervals)
    if any(len(patterns) != 1 for patterns in ordinary):
        return hours
    week: Week = tuple(next(iter(patterns)) for patterns in ordinary)
    if all(seen <= {own} for seen, own in zip(holiday, week, strict=True)):
        return replace(hours, expression=None, week=week)
    if len(free := set().union(*holiday)) == 1:
        return replace(hours, expression=None, week=week, holiday=free.pop())
    return hours


@lru_cache(maxsize=4 * SAMPLE_DAYS)
def _is_holiday(day: date) -> bool:
    return bool(day_intervals("PH 00:00-24:00", day, UTC_ZONE, SAMPLE_COUNTRY, None))


def _joined_over_midnight(cut: Sequence[Intervals]) -> Iterator[Intervals]:
    """Give a tail after midnight to the day that opened; the first and last day only lend."""
    for before, today, after in zip(cut, cut[1:], cut[2:], strict=False):
        own = list(today)
        if own and own[0][0] == 0 and before and before[-1][1] == DAY_MIN and own[0][1] < DAY_MIN:
            own.pop(0)
        if own and own[-1][1] == DAY_MIN and own[-1][0] > 0 and after and after[0][0] == 0:
            tail = after[0][1]
            if tail < DAY_MIN:
                own[-1] = (own[-1][0], DAY_MIN + tail)
        yield tuple(own)
