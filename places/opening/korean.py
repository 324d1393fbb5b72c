"""Puts Korean opening times, visiting windows and closing days of one source together."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from places.opening.closing import Closings, read_closings
from places.opening.lexicon import WEEKEND, WORKDAYS
from places.opening.timetable import read_timetable
from places.opening.types import (
    CLOSED_WEEK,
    DAY_MIN,
    Intervals,
    OpeningHours,
    Refusal,
    Week,
)

Clocks = tuple[str, str]  # "HH:MM" of opening and of closing

CLOSED_CLOCKS: Final = (0, 0)  # how the national standard data writes "closed on holidays"

_CLOCK = re.compile(r"\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*")
_UNSTATED = re.compile(r"[\s\-.,/:]*|null|무관|해당\s*(?:사항\s*)?없음")


def read_korean(
    *,
    opening: str = "",
    closing: str = "",
    weekday: Clocks | None = None,
    holiday: Clocks | None = None,
) -> OpeningHours | Refusal:
    """
    Read what a Korean source says: free text or visiting windows, and closing days.

    Closing days without times are hours too: they hold for the times that are assumed. Times
    beside a closing text that says something, but nothing that is understood, are refused whole,
    for the place may be closed on any day.
    """
    source_text = " · ".join(part for part in (opening, closing) if part.strip())
    closings = _closings(closing)
    if isinstance(closings, Closings) and closings.is_never_open:
        return OpeningHours(week=CLOSED_WEEK, speaks_of_holidays=True, source_text=source_text)
    times = read_timetable(opening) if weekday is None else museum_week(weekday, holiday)
    if isinstance(closings, Refusal):
        return closings
    if isinstance(times, Refusal):
        if closings is None or not (closings.closures or closings.is_always_open):
            return times
        times = OpeningHours(week=None)
    return _together(times, closings or Closings(), source_text)


def museum_week(weekday: Clocks, holiday: Clocks | None) -> OpeningHours | Refusal:
    """
    Return the hours that the national standard data gives a museum by two windows.

    Whether the second window ("공휴일") is meant for weekends too differs from row to row, so a
    weekend has what both windows allow; 00:00–00:00 is closed on public holidays only.
    """
    own, free = _window(weekday), _window(holiday) if holiday is not None else None
    if own is None or own == ():
        return Refusal("states no opening times", "~".join(weekday))
    if holiday is not None and free is None:
        return Refusal("the holiday times make no sense", "~".join(holiday))
    weekend = _overlap(own, free) if free else own
    week: Week = (own,) * len(WORKDAYS) + (weekend,) * len(WEEKEND)
    return OpeningHours(week=week, holiday=free)


def _closings(text: str) -> Closings | Refusal | None:
    return None if _UNSTATED.fullmatch(text) else read_closings(text)


def _together(times: OpeningHours, closings: Closings, source_text: str) -> OpeningHours:
    return replace(
        times,
        closures=tuple(dict.fromkeys((*times.closures, *closings.closures))),
        speaks_of_holidays=times.speaks_of_holidays or closings.speaks_of_holidays,
        notes=tuple(dict.fromkeys((*times.notes, *closings.notes))),
        source_text=source_text,
    )


def _window(clocks: Clocks) -> Intervals | None:
    """Return the interval of two clock times, () for 00:00–00:00, None for nonsense."""
    matches = [_CLOCK.fullmatch(clock) for clock in clocks]
    if matches[0] is None or matches[1] is None:
        return None
    opens, closes = (int(m[1]) * 60 + int(m[2]) for m in matches if m is not None)
    if (opens, closes) == CLOSED_CLOCKS:
        return ()
    if closes <= opens:
        closes += DAY_MIN
    if opens >= DAY_MIN or closes - opens > DAY_MIN:
        return None
    return ((opens, closes),)


def _overlap(first: Intervals, second: Intervals) -> Intervals:
    opens, closes = max(first[0][0], second[0][0]), min(first[0][1], second[0][1])
    return ((opens, closes),) if opens < closes else ()
