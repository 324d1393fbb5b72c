"""When a plan starts."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from trips.services.timing import StartOutOfBounds, resolve_start

SEOUL = ZoneInfo("Asia/Seoul")
# A Saturday.
SATURDAY_3_PM = datetime(2026, 11, 21, 15, 0, tzinfo=SEOUL)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("said", "expected", "reason"),
    [
        ({}, at(21, 15), "now"),
        ({"daypart": "evening"}, at(21, 18), "daypart_start"),
        ({"daypart": "afternoon"}, at(21, 15), "now"),
        ({"daypart": "morning"}, at(22, 9), "moved_to_next_day"),
        ({"daypart": "lunch"}, at(22, 12), "moved_to_next_day"),
        ({"clock_time": "19:30"}, at(21, 19, 30), None),
        ({"clock_time": "10:00"}, at(22, 10), "moved_to_next_day"),
        ({"clock_time": "14:55"}, at(21, 14, 55), None),
        ({"day": "today"}, at(21, 15), "now"),
        ({"day": "tomorrow"}, at(22, 11), "day_start"),
        ({"day": "day_after_tomorrow", "daypart": "morning"}, at(23, 9), "daypart_start"),
        ({"day": "weekend"}, at(21, 15), "now"),
        ({"day": "weekend", "daypart": "morning"}, at(22, 9), "moved_to_next_day"),
        ({"day": "saturday", "daypart": "morning"}, at(28, 9), "moved_to_next_day"),
        ({"day": "sunday", "clock_time": "13:00"}, at(22, 13), None),
        ({"day": "friday"}, at(27, 11), "day_start"),
    ],
)
def test_finds_the_first_moment_that_fits(
    said: dict[str, Any], expected: datetime, reason: str | None
) -> None:
    start = resolve_start(now=SATURDAY_3_PM, zone=SEOUL, **said)

    assert (start.at, start.reason) == (expected, reason)


def test_tonight_said_after_midnight_is_now() -> None:
    start = resolve_start(now=at(22, 0, 30), zone=SEOUL, day="today", daypart="night")

    assert (start.at, start.reason) == (at(22, 0, 30), "now")


@pytest.mark.parametrize(
    ("now", "zone", "day", "expected"),
    [
        # 23:30 in Seoul is still 14:30 in London: the day is the place's.
        (at(21, 23, 30), SEOUL, "tomorrow", at(22, 11)),
        (at(22, 0, 10), SEOUL, "tomorrow", at(23, 11)),
        (at(22, 0, 10), ZoneInfo("Europe/London"), "tomorrow", datetime(2026, 11, 22, 11, tzinfo=ZoneInfo("Europe/London"))),
        (at(22, 23, 30), SEOUL, "sunday", at(29, 11)),
        (at(22, 23, 30), SEOUL, "monday", at(23, 11)),
        (at(22, 23, 30), SEOUL, "weekend", at(28, 11)),
        (at(29, 12, 0), SEOUL, "day_after_tomorrow", datetime(2026, 12, 1, 11, tzinfo=SEOUL)),
    ],
)  # fmt: skip
def test_a_day_said_is_reckoned_by_the_calendar_of_the_place(
    now: datetime, zone: ZoneInfo, day: str, expected: datetime
) -> None:
    assert resolve_start(now=now, zone=zone, day=day).at == expected


def test_a_given_start_is_kept_to_the_second_in_the_zone_of_the_place() -> None:
    given = datetime(2026, 11, 22, 1, 0, 30, tzinfo=ZoneInfo("UTC"))

    start = resolve_start(now=SATURDAY_3_PM, zone=SEOUL, starts_at=given, daypart="night")

    assert (start.at.isoformat(), start.reason) == ("2026-11-22T10:00:30+09:00", None)


@pytest.mark.parametrize(
    "given",
    [
        datetime(2026, 11, 21, 14, 49, tzinfo=SEOUL),
        datetime(2027, 1, 20, 15, 1, tzinfo=SEOUL),
    ],
)
def test_refuses_a_start_out_of_bounds(given: datetime) -> None:
    with pytest.raises(StartOutOfBounds):
        resolve_start(now=SATURDAY_3_PM, zone=SEOUL, starts_at=given)


def test_refuses_a_time_of_today_that_is_over() -> None:
    with pytest.raises(StartOutOfBounds):
        resolve_start(now=SATURDAY_3_PM, zone=SEOUL, day="today", clock_time="09:00")


def test_a_wall_time_that_a_clock_change_skips_moves_past_the_gap() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 28, 20, 0, tzinfo=berlin)

    start = resolve_start(now=now, zone=berlin, day="sunday", clock_time="02:30")

    assert start.at.isoformat() == "2026-03-29T03:30:00+02:00"
