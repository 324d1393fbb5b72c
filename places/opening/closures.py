"""Closing rules: each tells of a day whether it closes the place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol

from places.opening.calendar import Day, Feast

SUNDAY: Final = 6
LAST: Final = -1  # the last of its weekday in the month


class IfHoliday(StrEnum):
    """What becomes of a weekly closing day that is a public holiday."""

    CLOSED = "closed"
    OPEN = "open"
    NEXT_DAY = "next_day"  # open, and closed on the day after
    NEXT_WORKDAY = "next_workday"  # open, and closed on the next working day


class Closure(Protocol):
    """One rule of one place."""

    def closes(self, day: Day) -> bool:
        """Tell whether the place is closed on `day`."""
        ...

    def to_json(self) -> list[Any]:
        """Return the rule as a JSON list that begins with its kind."""
        ...


@dataclass(frozen=True, slots=True)
class WeekdayClosure:
    """Closed on one weekday: every week, or the nth of a month, in all months or some."""

    weekday: int
    nth: tuple[int, ...] = ()  # empty: every week; LAST: the last one
    if_holiday: IfHoliday = IfHoliday.CLOSED
    months: tuple[int, ...] = ()  # empty: all

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError(f"a weekday lies in 0–6, not {self.weekday}")

    def closes(self, day: Day) -> bool:
        if self.if_holiday is IfHoliday.NEXT_DAY and day.moved_from_yesterday == self.weekday:
            return True
        if self.if_holiday is IfHoliday.NEXT_WORKDAY and self.weekday in day.moved_to_workday:
            return True
        return self._names(day) and (self.if_holiday is IfHoliday.CLOSED or not day.is_holiday)

    def _names(self, day: Day) -> bool:
        if day.weekday != self.weekday or (self.months and day.date.month not in self.months):
            return False
        return not self.nth or day.nth in self.nth or (day.is_last and LAST in self.nth)

    def to_json(self) -> list[Any]:
        return ["weekday", self.weekday, list(self.nth), self.if_holiday.value, list(self.months)]


@dataclass(frozen=True, slots=True)
class HolidayClosure:
    """Closed on public holidays, or on the day after each."""

    except_sundays: bool = False
    day_after: bool = False

    def closes(self, day: Day) -> bool:
        if self.day_after:
            return day.is_after_holiday and not day.is_holiday
        return day.is_holiday and not (self.except_sundays and day.weekday == SUNDAY)

    def to_json(self) -> list[Any]:
        return ["holiday", self.except_sundays, self.day_after]


@dataclass(frozen=True, slots=True)
class FeastClosure:
    """Closed on the day of a feast, or on all its holidays."""

    feast: Feast
    all_days: bool = False

    def closes(self, day: Day) -> bool:
        return day.feast is self.feast and (self.all_days or day.is_feast_day)

    def to_json(self) -> list[Any]:
        return ["feast", self.feast.value, self.all_days]


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Closed between two days of every year, both included; may pass the turn of the year."""

    first: tuple[int, int]  # month, day
    last: tuple[int, int]

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            date(2000, month, day)  # a leap year, so that 29 February is a day

    def closes(self, day: Day) -> bool:
        here = (day.date.month, day.date.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def to_json(self) -> list[Any]:
        return ["yearly", list(self.first), list(self.last)]


@dataclass(frozen=True, slots=True)
class DatedClosure:
    """Closed once, between two dates, both included."""

    first: date
    last: date

    def closes(self, day: Day) -> bool:
        return self.first <= day.date <= self.last

    def to_json(self) -> list[Any]:
        return ["dated", self.first.isoformat(), self.last.isoformat()]


@dataclass(frozen=True, slots=True)
class OutsideDates:
    """Closed on all days but those between two dates, both included: an event."""

    first: date
    last: date

    def closes(self, day: Day) -> bool:
        return not self.first <= day.date <= self.last

    def to_json(self) -> list[Any]:
        return ["outside", self.first.isoformat(), self.last.isoformat()]


def closure_from_json(value: Sequence[Any]) -> Closure:
    """
    Read what `to_json` of a rule wrote.

    Raises:
        ValueError, KeyError, TypeError, IndexError: it is not of that shape.
    """
    kind, *fields = value
    return _READERS[kind](fields)


def _month_day(value: Sequence[Any]) -> tuple[int, int]:
    return int(value[0]), int(value[1])


_READERS: Final[dict[str, Callable[[list[Any]], Closure]]] = {
    "weekday": lambda f: WeekdayClosure(int(f[0]), tuple(f[1]), IfHoliday(f[2]), tuple(f[3])),
    "holiday": lambda f: HolidayClosure(bool(f[0]), bool(f[1])),
    "feast": lambda f: FeastClosure(Feast(f[0]), bool(f[1])),
    "yearly": lambda f: YearlyClosure(_month_day(f[0]), _month_day(f[1])),
    "dated": lambda f: DatedClosure(date.fromisoformat(f[0]), date.fromisoformat(f[1])),
    "outside": lambda f: OutsideDates(date.fromisoformat(f[0]), date.fromisoformat(f[1])),
}
