"""Opening hours as values: weekly intervals, seasons, closing rules; written to and read from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from places.opening.calendar import Day
from places.opening.closures import Closure, closure_from_json

VERSION: Final = 1
DAY_MIN: Final = 1440
LATEST_CLOSE: Final = 2 * DAY_MIN

# (opens, closes) in minutes from local midnight of the day of opening; closing may pass 1440.
Intervals = tuple[tuple[int, int], ...]
Week = tuple[Intervals, ...]  # seven, Monday first

ALL_DAY: Final[Intervals] = ((0, DAY_MIN),)
CLOSED_WEEK: Final[Week] = ((),) * 7


class MalformedHours(ValueError):
    """The stored hours are not of the shape that this version writes."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text that was not understood, and why: it is counted and kept, never guessed at."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Other hours between two days of every year, both included; may pass the turn of the year."""

    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    week: Week
    holiday: Intervals | None = None

    def __post_init__(self) -> None:
        _check_week(self.week)
        _check_intervals(self.holiday or ())

    def contains(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """
    When a place is open, in its own local time.

    `week` is None where only closing days are known. `expression` is an OSM expression that no
    week can hold: it is then evaluated day by day and `week` is not looked at.
    """

    week: Week | None
    holiday: Intervals | None = None  # None: a public holiday is as its weekday
    seasons: tuple[Season, ...] = ()
    closures: tuple[Closure, ...] = ()
    last_entry_min: int | None = None  # before closing
    last_entry_at: int | None = None  # clock time, minutes from midnight
    speaks_of_holidays: bool = False  # the source says what happens on public holidays or feasts
    expression: str | None = None
    place: tuple[float, float] | None = None  # latitude, longitude, where the sun sets the hours
    source_text: str = ""
    notes: tuple[str, ...] = ()  # what the text says beyond this: irregular closings, other rooms

    def __post_init__(self) -> None:
        if self.week is not None:
            _check_week(self.week)
        _check_intervals(self.holiday or ())
        if self.last_entry_min is not None and not 0 <= self.last_entry_min <= DAY_MIN:
            raise MalformedHours(f"last_entry_min must lie in [0, 1440], not {self.last_entry_min}")

    @property
    def has_times(self) -> bool:
        """Tell whether opening times are known, not only closing days."""
        return self.week is not None or self.expression is not None

    @property
    def is_never_open(self) -> bool:
        """Tell whether the source says that the place does not operate."""
        return self.week == CLOSED_WEEK and not self.holiday and not self.seasons

    def is_closed_on(self, day: Day) -> bool:
        """Tell whether a closing rule names `day`."""
        for closure in self.closures:  # noqa: SIM110 - asked for some hundred days a request: three times as quick
            if closure.closes(day):
                return True
        return False

    def intervals_on(self, day: Day) -> Intervals:
        """Return the intervals that open on `day`, by the week and the closing rules."""
        if self.is_closed_on(day):
            return ()
        for season in self.seasons:
            if season.contains(day.date):
                return _of_day(season.week, season.holiday, day)
        return _of_day(self.week or CLOSED_WEEK, self.holiday, day)

    def to_json(self) -> dict[str, Any]:
        """Return the hours as JSON values; empty fields are left out."""
        fields: dict[str, Any] = {
            "week": _week_to_json(self.week),
            "holiday": _intervals_to_json(self.holiday),
            "seasons": [
                {
                    "first": list(season.first),
                    "last": list(season.last),
                    "week": _week_to_json(season.week),
                    "holiday": _intervals_to_json(season.holiday),
                }
                for season in self.seasons
            ],
            "closures": [closure.to_json() for closure in self.closures],
            "last_entry_min": self.last_entry_min,
            "last_entry_at": self.last_entry_at,
            "speaks_of_holidays": self.speaks_of_holidays,
            "expression": self.expression,
            "place": list(self.place) if self.place else None,
            "source_text": self.source_text,
            "notes": list(self.notes),
        }
        kept = {name: value for name, value in fields.items() if value not in (None, [], "", False)}
        if self.holiday == ():
            kept["holiday"] = []
        return {"v": VERSION, **kept}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> OpeningHours:
        """
        Read what `to_json` wrote.

        Raises:
            MalformedHours: another version, or not of its shape.
        """
        if value.get("v") != VERSION:
            raise MalformedHours(f"hours of version {value.get('v')!r} are not known here")
        try:
            return cls._from_fields(value)
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise MalformedHours(f"hours are malformed: {error}") from error

    @classmethod
    def _from_fields(cls, value: Mapping[str, Any]) -> OpeningHours:
        place = value.get("place")
        return cls(
            week=_week_from_json(value.get("week")),
            holiday=_intervals_from_json(value.get("holiday")),
            seasons=tuple(_season_from_json(row) for row in value.get("seasons", ())),
            closures=tuple(closure_from_json(row) for row in value.get("closures", ())),
            last_entry_min=value.get("last_entry_min"),
            last_entry_at=value.get("last_entry_at"),
            speaks_of_holidays=bool(value.get("speaks_of_holidays", False)),
            expression=value.get("expression"),
            place=(float(place[0]), float(place[1])) if place else None,
            source_text=str(value.get("source_text", "")),
            notes=tuple(str(note) for note in value.get("notes", ())),
        )


def every_day(intervals: Intervals) -> Week:
    """Return a week with the same intervals each day."""
    return (intervals,) * 7


def _of_day(week: Week, holiday: Intervals | None, day: Day) -> Intervals:
    if day.is_holiday and holiday is not None:
        return holiday
    return week[day.weekday]


def _check_week(week: Week) -> None:
    if len(week) != 7:
        raise MalformedHours(f"a week has seven days, not {len(week)}")
    for intervals in week:
        _check_intervals(intervals)


def _check_intervals(intervals: Intervals) -> None:
    previous = 0
    for opens, closes in intervals:
        if not (0 <= opens < DAY_MIN and previous <= opens < closes <= LATEST_CLOSE):
            raise MalformedHours(f"intervals must rise and lie in their day: {intervals}")
        previous = closes


def _intervals_to_json(intervals: Intervals | None) -> list[list[int]] | None:
    return None if intervals is None else [list(interval) for interval in intervals]


def _week_to_json(week: Week | None) -> list[list[list[int]]] | None:
    return None if week is None else [[list(i) for i in intervals] for intervals in week]


def _intervals_from_json(value: Any) -> Intervals | None:
    return None if value is None else tuple((int(opens), int(closes)) for opens, closes in value)


def _week_from_json(value: Any) -> Week | None:
    if value is None:
        return None
    return tuple(tuple((int(opens), int(closes)) for opens, closes in day) for day in value)


def _season_from_json(value: Mapping[str, Any]) -> Season:
    week = _week_from_json(value["week"])
    if week is None:
        raise MalformedHours("a season needs its week")
    first, last = value["first"], value["last"]
    return Season(
        first=(int(first[0]), int(first[1])),
        last=(int(last[0]), int(last[1])),
        week=week,
        holiday=_intervals_from_json(value.get("holiday")),
    )
