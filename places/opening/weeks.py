"""Puts groups of days and times together into a week, its holidays and its seasons."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from places.opening.lexicon import EVERY_DAY, HOLIDAY, WEEKEND, WORKDAYS
from places.opening.types import CLOSED_WEEK, Intervals, Season, Week

# The months that public places in Korea usually call summer and winter hours.
_USUAL_SEASONS: Final = {
    "하": ((3, 1), (10, 31)),
    "여": ((3, 1), (10, 31)),
    "동": ((11, 1), (2, 29)),
    "겨": ((11, 1), (2, 29)),
}
SUNDAY: Final = 6


@dataclass(frozen=True, slots=True)
class Seasonal:
    """Parts of the year, each from one month and day to another, both included."""

    parts: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    is_usual: bool = False  # the text names the season without its dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Times stated for one group of days; None means every day."""

    days: tuple[int, ...] | None
    season: Seasonal | None
    intervals: Intervals
    breaks: Intervals = ()

    @property
    def is_contradictory(self) -> bool:
        """Tell whether two of the intervals overlap."""
        ordered = sorted(self.intervals)
        return any(b[0] < a[1] for a, b in itertools.pairwise(ordered))

    def with_interval(self, interval: tuple[int, int]) -> Entry:
        """Return the same entry with one more interval."""
        return replace(self, intervals=tuple(sorted((*self.intervals, interval))))

    def open_intervals(self) -> Intervals:
        """Return the intervals without the breaks."""
        left = self.intervals
        for begins, ends in self.breaks:
            left = tuple(
                part
                for opens, closes in left
                for part in ((opens, min(closes, begins)), (max(opens, ends), closes))
                if part[0] < part[1]
            )
        return tuple(dict.fromkeys(left))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A week with its holidays and seasons."""

    week: Week
    holiday: Intervals | None
    seasons: tuple[Season, ...]
    speaks_of_holidays: bool


def season_of(text: str) -> Seasonal | None:
    """Return the part of the year that "3월~10월", "11/1~2/28", "3월, 11월" or "하절기" names."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if not numbers:
        usual = _USUAL_SEASONS.get(text[0])
        return Seasonal((usual,), is_usual=True) if usual else None
    if re.search(r"\d[./]\d", text):
        return _between_days(numbers)
    if not all(1 <= month <= 12 for month in numbers):
        return None
    if "," in text:
        return Seasonal(tuple(((month, 1), (month, 31)) for month in numbers))
    return Seasonal((((numbers[0], 1), (numbers[-1], 31)),))


def assemble(entries: Sequence[Entry]) -> Assembled:
    """Return the week that `entries` state; later ones take their days over from earlier ones."""
    yearly = [entry for entry in entries if entry.season is None]
    week, holiday = _week(yearly)
    seasons: list[Season] = []
    for seasonal in dict.fromkeys(entry.season for entry in entries if entry.season):
        own = [entry for entry in entries if entry.season == seasonal]
        season_week, season_holiday = _week([*yearly, *own])
        seasons.extend(
            Season(first=first, last=last, week=season_week, holiday=season_holiday)
            for first, last in seasonal.parts
        )
    return Assembled(
        week=week,
        holiday=holiday,
        seasons=tuple(seasons),
        speaks_of_holidays=any(HOLIDAY in (entry.days or ()) for entry in entries),
    )


def _week(entries: Sequence[Entry]) -> tuple[Week, Intervals | None]:
    days: list[Intervals] = list(CLOSED_WEEK)
    holiday: Intervals | None = None
    for entry in entries:
        intervals = entry.open_intervals()
        for day in EVERY_DAY if entry.days is None else entry.days:
            if day == HOLIDAY:
                holiday = intervals
            else:
                days[day] = intervals
    if holiday is None and any(entry.days == WORKDAYS for entry in entries):
        # "평일" leaves out public holidays: they are surely open only as on Sundays too.
        holiday = _common(days[0], days[SUNDAY]) if any(days[d] for d in WEEKEND) else ()
    return tuple(days), holiday


def _common(first: Intervals, second: Intervals) -> Intervals:
    parts = ((max(a[0], b[0]), min(a[1], b[1])) for a in first for b in second)
    return tuple(sorted(part for part in parts if part[0] < part[1]))


def _between_days(numbers: Sequence[int]) -> Seasonal | None:
    if len(numbers) != 4:
        return None
    first, last = (numbers[0], numbers[1]), (numbers[2], numbers[3])
    if not (1 <= first[0] <= 12 and 1 <= last[0] <= 12):
        return None
    return Seasonal(((first, last),))
