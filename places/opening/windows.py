"""
Opening hours as the engine's windows: minutes from the start of a plan.

Hours are wall-clock times of the place; minutes are reckoned in UTC, so that a night on which the
clock is changed has its true length. A wall-clock time that exists twice or not at all is read so
that the window becomes shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from engine.catalogue import CATEGORIES
from engine.types import Window
from places.opening.calendar import ONE_DAY, Day, day_of
from places.opening.expression import evaluate
from places.opening.types import DAY_MIN, Intervals, OpeningHours

# Where a door is open on the day of Seollal or Chuseok although nobody says so.
OPEN_ON_FEAST_DAY: Final = frozenset({"park", "viewpoint"})
# The same on the other holidays of the feast, when small shops and kitchens are mostly closed.
OPEN_AROUND_FEAST: Final = OPEN_ON_FEAST_DAY | {"heritage", "cafe"}
# Where hours that do not speak of holidays are believed on the day of a feast.
BELIEVED_ON_FEAST_DAY: Final = OPEN_ON_FEAST_DAY | {"heritage"}


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a plan can touch, from the day before its start; made once for each plan."""

    starts_at: datetime  # aware, in the zone of the places
    horizon_min: float
    days: tuple[Day, ...]
    midnights: tuple[float, ...]  # minutes from the start to each day's local midnight
    is_even: bool  # no clock change: wall-clock minutes are minutes

    def minute(self, index: int, wall_min: int, *, is_opening: bool) -> float:
        """Return minutes from the start for a wall-clock minute of a day."""
        if self.is_even:
            return self.midnights[index] + wall_min
        day = self.days[index].date + timedelta(days=wall_min // DAY_MIN)
        clock = time(wall_min % DAY_MIN // 60, wall_min % 60)
        readings = [
            _minutes(datetime.combine(day, clock, self.starts_at.tzinfo).replace(fold=fold), self)
            for fold in (0, 1)
        ]
        return max(readings) if is_opening else min(readings)


def span(*, starts_at: datetime, horizon_min: float, country: str | None) -> Span:
    """Return the days of a plan that begins at `starts_at`, an aware time in the places' zone."""
    if not isinstance(starts_at.tzinfo, ZoneInfo):
        raise ValueError("starts_at must be aware, in the IANA zone of the places")
    clock = starts_at.replace(tzinfo=None, fold=0)
    return _span(clock, starts_at.fold, starts_at.tzinfo, float(horizon_min), country)


@lru_cache(maxsize=256)
def _span(
    clock: datetime, fold: int, zone: ZoneInfo, horizon_min: float, country: str | None
) -> Span:
    # Apart, since one moment in two zones, or twice on one clock, is equal and is not the same.
    starts_at = clock.replace(tzinfo=zone, fold=fold)
    ends_at = (starts_at.astimezone(UTC) + timedelta(minutes=horizon_min)).astimezone(
        starts_at.tzinfo
    )
    first, last = starts_at.date() - ONE_DAY, ends_at.date() + ONE_DAY
    dates = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    midnights = [
        datetime.combine(day, time(), starts_at.tzinfo) for day in [*dates, last + ONE_DAY]
    ]
    bare = Span(starts_at, horizon_min, (), (), is_even=True)
    return Span(
        starts_at=starts_at,
        horizon_min=horizon_min,
        days=tuple(day_of(day, country) for day in dates),
        midnights=tuple(_minutes(midnight, bare) for midnight in midnights[:-1]),
        is_even=len({midnight.utcoffset() for midnight in midnights}) == 1,
    )


def visit_windows(
    hours: OpeningHours, *, category: str, span: Span, country: str | None = None
) -> tuple[Window, ...]:
    """
    Return when a place with known times may be visited, by start, none overlapping.

    `opens` is clipped to the start of the plan; a window that the plan does not reach is left out.
    `closes` is the true closing time and may lie beyond the horizon, for a card says how long a
    place stays open. On the day of a feast, hours that do not speak of holidays are not believed,
    except where `BELIEVED_ON_FEAST_DAY` says so.
    """
    days = (
        () if _is_doubtful(hours, category, day) else _intervals_on(hours, day, span, country)
        for day in span.days
    )
    last_entry_min = hours.last_entry_min
    if last_entry_min is None:
        last_entry_min = CATEGORIES[category].last_entry
    return _windows(days, span, last_entry_min, hours.last_entry_at)


def core_windows(hours: OpeningHours | None, *, category: str, span: Span) -> tuple[Window, ...]:
    """Return when a place of unknown times is surely open; known closing days are respected."""
    core = CATEGORIES[category].core
    days = (core if _is_assumed_open(hours, category, day) else () for day in span.days)
    return _windows(days, span, CATEGORIES[category].last_entry, None)


def closing_time(window: Window, *, span: Span) -> datetime | None:
    """Return the local time at which `window` closes; None where it stays open round the clock."""
    if window.closes >= span.horizon_min + DAY_MIN:
        return None
    closes_at = span.starts_at.astimezone(UTC) + timedelta(minutes=window.closes)
    return closes_at.astimezone(span.starts_at.tzinfo)


def _intervals_on(hours: OpeningHours, day: Day, span: Span, country: str | None) -> Intervals:
    if hours.expression is None:
        return hours.intervals_on(day)
    if hours.is_closed_on(day):
        return ()
    return evaluate(hours, day.date, zone=str(span.starts_at.tzinfo), country=country)


def _is_doubtful(hours: OpeningHours, category: str, day: Day) -> bool:
    return (
        day.is_feast_day and not hours.speaks_of_holidays and category not in BELIEVED_ON_FEAST_DAY
    )


def _is_assumed_open(hours: OpeningHours | None, category: str, day: Day) -> bool:
    if hours is not None and hours.is_closed_on(day):
        return False
    if day.feast is None or (hours is not None and hours.speaks_of_holidays):
        return True
    return category in (OPEN_ON_FEAST_DAY if day.is_feast_day else OPEN_AROUND_FEAST)


def _windows(
    days: Iterable[Intervals], span: Span, last_entry_min: int, last_entry_at: int | None
) -> tuple[Window, ...]:
    """Return the windows of `days`, one for each of the span's; those that do not matter are not asked."""
    merged: list[list[float]] = []  # opens, closes, last entry
    asked = iter(days)
    for index, midnight in enumerate(span.midnights):
        if midnight >= span.horizon_min and not (merged and midnight <= merged[-1][1]):
            break  # the plan is over by then, and nothing lasts until then
        for opens_wall, closes_wall in next(asked):
            closes = span.minute(index, closes_wall, is_opening=False)
            if closes < 0:
                continue
            opens = span.minute(index, opens_wall, is_opening=True)
            entry = closes - last_entry_min
            if last_entry_at is not None and opens_wall < last_entry_at <= closes_wall:
                entry = span.minute(index, last_entry_at, is_opening=False)
            if merged and opens <= merged[-1][1]:
                merged[-1][1:] = max((merged[-1][1], merged[-1][2]), (closes, entry))
            elif opens < closes:
                merged.append([opens, closes, max(opens, entry)])
    return tuple(
        Window(max(0.0, opens), closes, entry)
        for opens, closes, entry in merged
        if entry >= 0 and opens < span.horizon_min
    )


def _minutes(moment: datetime, span: Span) -> float:
    return (moment.astimezone(UTC) - span.starts_at.astimezone(UTC)).total_seconds() / 60
