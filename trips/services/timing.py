"""When a plan starts: the words for a day and a time, turned into a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from common.errors import DomainError, Kind
from common.languages import Bilingual

EARLIEST = timedelta(minutes=-10)
LATEST = timedelta(days=60)

NIGHT_ENDS_H: Final = 2
# Local hours; night ends after midnight.
DAYPARTS: Final = {
    "morning": (9, 12),
    "lunch": (12, 14),
    "afternoon": (14, 18),
    "evening": (18, 21),
    "night": (21, 24 + NIGHT_ENDS_H),
}
# A day said without a time: from late morning, when nearly everything is open, until it is late.
DAY_STARTS_AT_H: Final = 11
DAY_ENDS_AT_H: Final = 21

WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
DAYS_AHEAD: Final = {"today": 0, "tomorrow": 1, "day_after_tomorrow": 2}


class StartOutOfBounds(DomainError):
    """The start lies in the past or too far ahead."""

    kind = Kind.INVALID
    code = "trips/start-out-of-bounds"
    detail = Bilingual(
        ko="출발 시각은 10분 전부터 60일 뒤까지로 정해 주세요.",
        en="The start must lie between 10 minutes ago and 60 days ahead.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The moment a plan starts, in the zone of the place, and why it is that one."""

    at: datetime
    reason: str | None  # None: exactly as said


def resolve_start(
    *,
    now: datetime,
    zone: ZoneInfo,
    starts_at: datetime | None = None,
    day: str | None = None,
    clock_time: str | None = None,
    daypart: str | None = None,
) -> Start:
    """
    Return the first moment that fits what was said, to the minute.

    A given `starts_at` wins. A clock time or a part of the day that is already over moves to its
    next day; one that is under way starts now.

    Raises:
        StartOutOfBounds: what was said lies in the past, or more than 60 days ahead.
    """
    local_now = now.astimezone(zone).replace(second=0, microsecond=0)
    if starts_at is not None:
        start = Start(at=starts_at.astimezone(zone), reason=None)
    elif day is None and clock_time is None and daypart is None:
        start = Start(at=local_now, reason="now")
    else:
        start = _first_fitting(local_now, zone, day, clock_time, daypart)
    if not EARLIEST <= start.at - local_now <= LATEST:
        raise StartOutOfBounds(field="start_at")
    return start


def minutes_until(*, clock_time: str, start: datetime) -> float:
    """Return the minutes from `start` to the next time that its clocks show `clock_time`."""
    hour, minute = (int(part) for part in clock_time.split(":"))
    ends = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if ends <= start:
        ends += timedelta(days=1)
    utc = ZoneInfo("UTC")
    return (ends.astimezone(utc) - start.astimezone(utc)) / timedelta(minutes=1)


def _first_fitting(
    now: datetime, zone: ZoneInfo, day: str | None, clock_time: str | None, daypart: str | None
) -> Start:
    is_first = True
    for on_date in _dates(now.date(), day, daypart):
        opens, closes = _span(on_date, zone, clock_time, daypart)
        if now <= opens or (clock_time is not None and now <= closes):
            return Start(at=opens, reason=_reason(clock_time, daypart, is_first=is_first))
        if now < closes:
            return Start(at=now, reason="now")
        is_first = is_first and on_date < now.date()
    raise StartOutOfBounds(field="start_at")


def _reason(clock_time: str | None, daypart: str | None, *, is_first: bool) -> str | None:
    if not is_first:
        return "moved_to_next_day"
    if clock_time is not None:
        return None
    return "daypart_start" if daypart is not None else "day_start"


def _span(
    on_date: date, zone: ZoneInfo, clock_time: str | None, daypart: str | None
) -> tuple[datetime, datetime]:
    """Return when the time said begins on a date, and until when one may still start."""
    if clock_time is not None:
        hour, minute = (int(part) for part in clock_time.split(":"))
        opens = _local(on_date, hour * 60 + minute, zone)
        return opens, opens - EARLIEST
    first_hour, last_hour = (
        DAYPARTS[daypart] if daypart is not None else (DAY_STARTS_AT_H, DAY_ENDS_AT_H)
    )
    return _local(on_date, first_hour * 60, zone), _local(on_date, last_hour * 60, zone)


def _local(on_date: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return a wall-clock minute of a date; one skipped by a clock change moves past the gap."""
    wall = datetime.combine(on_date, time(), zone) + timedelta(minutes=minute)
    return wall.astimezone(ZoneInfo("UTC")).astimezone(zone)


def _dates(today: date, day: str | None, daypart: str | None) -> Iterator[date]:
    """Yield the dates that `day` may mean, the earliest first."""
    if day in DAYS_AHEAD:
        if day == "today" and daypart == "night":
            yield today - timedelta(days=1)  # "tonight", said after midnight
        yield today + timedelta(days=DAYS_AHEAD[day])
        return
    if day is None:
        yield from (today + timedelta(days=ahead) for ahead in (-1, 0, 1))
        return
    wanted = {5, 6} if day == "weekend" else {WEEKDAYS.index(day)}
    for ahead in range(8):
        if (today + timedelta(days=ahead)).weekday() in wanted:
            yield today + timedelta(days=ahead)
