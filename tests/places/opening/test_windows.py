from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalogue import CATEGORIES
from engine.types import Window
from places.opening.calendar import Feast
from places.opening.closures import (
    LAST,
    Closure,
    FeastClosure,
    HolidayClosure,
    IfHoliday,
    WeekdayClosure,
    YearlyClosure,
)
from places.opening.osm import parse_osm
from places.opening.types import ALL_DAY, CLOSED_WEEK, Intervals, OpeningHours, Season, every_day
from places.opening.windows import Span, closing_time, core_windows, span, visit_windows

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
TEN_TO_SIX: Intervals = ((600, 1080),)


def days(moment: str, *, minutes: float = 180, zone: ZoneInfo = SEOUL) -> Span:
    country = "KR" if zone is SEOUL else "DE"
    starts_at = datetime.fromisoformat(moment).replace(tzinfo=zone)
    return span(starts_at=starts_at, horizon_min=minutes, country=country)


def windows(
    hours: OpeningHours, moment: str, *, minutes: float = 180, zone: ZoneInfo = SEOUL
) -> tuple[tuple[float, float, float], ...]:
    """Return opens, last entry and closes of a museum, whose last entry is 30 minutes before."""
    found = visit_windows(hours, category="museum", span=days(moment, minutes=minutes, zone=zone))
    return tuple((window.opens, window.last_entry, window.closes) for window in found)


def museum(*closures: Closure, intervals: Intervals = TEN_TO_SIX) -> OpeningHours:
    return OpeningHours(week=every_day(intervals), closures=closures, speaks_of_holidays=True)


def test_a_window_begins_at_the_start_and_ends_at_its_true_closing() -> None:
    assert windows(museum(), "2026-11-21 14:00") == ((0, 210, 240),)


def test_a_window_that_opens_later_opens_then() -> None:
    assert windows(museum(), "2026-11-21 08:30") == ((90, 540, 570),)


def test_a_window_beyond_the_horizon_is_left_out() -> None:
    assert windows(museum(), "2026-11-21 06:00") == ()


def test_a_window_past_its_last_entry_is_left_out() -> None:
    assert windows(museum(), "2026-11-21 17:31") == ()
    assert windows(museum(), "2026-11-21 17:30") == ((0, 0, 30),)


def test_several_windows_a_day_come_in_order() -> None:
    hours = museum(intervals=((690, 870), (1020, 1320)))

    assert windows(hours, "2026-11-21 12:00", minutes=480) == ((0, 120, 150), (300, 570, 600))


def test_a_stated_last_entry_stands_instead_of_the_usual_one() -> None:
    by_clock = OpeningHours(week=every_day(TEN_TO_SIX), last_entry_at=1020)
    by_minutes = OpeningHours(week=every_day(TEN_TO_SIX), last_entry_min=45)

    assert windows(by_clock, "2026-11-21 14:00") == ((0, 180, 240),)
    assert windows(by_minutes, "2026-11-21 14:00") == ((0, 195, 240),)


def test_a_window_runs_over_midnight_and_is_still_open_the_next_day() -> None:
    hours = museum(intervals=((1080, 1560),))  # 18:00 to 02:00

    assert windows(hours, "2026-11-21 23:00") == ((0, 150, 180),)
    assert windows(hours, "2026-11-22 01:00") == ((0, 30, 60),)


def test_the_night_of_a_closed_day_belongs_to_the_day_that_opened() -> None:
    hours = museum(WeekdayClosure(0), intervals=((1080, 1560),))

    assert windows(hours, "2026-11-23 01:00") == ((0, 30, 60),)  # Monday, from Sunday's evening
    assert windows(hours, "2026-11-24 01:00") == ()  # Tuesday, after a closed Monday


def test_round_the_clock_has_one_window_and_no_closing_time() -> None:
    here = days("2026-11-21 22:00")

    (window,) = visit_windows(museum(intervals=ALL_DAY), category="park", span=here)

    assert window.opens == 0
    assert closing_time(window, span=here) is None


def test_the_closing_time_is_local() -> None:
    here = days("2026-11-21 14:00")

    (window,) = visit_windows(museum(), category="museum", span=here)

    assert closing_time(window, span=here) == datetime(2026, 11, 21, 18, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("closure", "closed", "open_"),
    [
        (WeekdayClosure(0), ["2026-11-23"], ["2026-11-24"]),
        (WeekdayClosure(0, (2,)), ["2026-11-09"], ["2026-11-02", "2026-11-16"]),
        (WeekdayClosure(0, (1, 3)), ["2026-11-02", "2026-11-16"], ["2026-11-09", "2026-11-30"]),
        (WeekdayClosure(6, (LAST,)), ["2026-11-29"], ["2026-11-22"]),
        (WeekdayClosure(2, (), IfHoliday.CLOSED, (1,)), ["2026-01-07"], ["2026-02-04"]),
        (HolidayClosure(), ["2026-10-09", "2026-03-01"], ["2026-10-08"]),
        (HolidayClosure(except_sundays=True), ["2026-10-09"], ["2026-03-01"]),
        (HolidayClosure(day_after=True), ["2026-10-10"], ["2026-10-09", "2026-10-11"]),
        (FeastClosure(Feast.SEOLLAL), ["2027-02-07"], ["2027-02-06", "2027-02-08"]),
        (
            FeastClosure(Feast.SEOLLAL, all_days=True),
            ["2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09"],
            ["2027-02-05", "2027-02-10"],
        ),
        (FeastClosure(Feast.CHUSEOK), ["2026-09-25"], ["2026-09-24", "2027-02-07"]),
        (YearlyClosure((12, 30), (1, 2)), ["2026-12-31", "2027-01-02"], ["2027-01-03"]),
    ],
)
def test_a_closing_rule_closes_its_days_and_no_others(
    closure: Closure, closed: list[str], open_: list[str]
) -> None:
    hours = museum(closure)

    assert [windows(hours, f"{day} 14:00") for day in closed] == [()] * len(closed)
    assert [windows(hours, f"{day} 14:00") for day in open_] == [((0, 210, 240),)] * len(open_)


@pytest.mark.parametrize(
    ("rule", "monday", "tuesday"),
    [
        (IfHoliday.CLOSED, (), ((0, 210, 240),)),
        (IfHoliday.OPEN, ((0, 210, 240),), ((0, 210, 240),)),
        (IfHoliday.NEXT_DAY, ((0, 210, 240),), ()),
        (IfHoliday.NEXT_WORKDAY, ((0, 210, 240),), ()),
    ],
)
def test_a_closing_monday_that_is_a_holiday_moves_as_the_rule_says(
    rule: IfHoliday, monday: tuple[object, ...], tuesday: tuple[object, ...]
) -> None:
    hours = museum(WeekdayClosure(0, if_holiday=rule))

    # 2026-03-02 is a Monday and the holiday that stands in for Sunday, 1 March.
    assert windows(hours, "2026-03-02 14:00") == monday
    assert windows(hours, "2026-03-03 14:00") == tuesday


def test_the_next_working_day_lies_behind_holidays_and_the_weekend() -> None:
    hours = museum(WeekdayClosure(4, if_holiday=IfHoliday.NEXT_WORKDAY))

    # Hangul Day 2026-10-09 is a Friday: Saturday and Sunday stay open, Monday closes.
    found = [windows(hours, f"2026-10-{day:02} 14:00") for day in (9, 10, 11, 12, 13)]
    assert [bool(window) for window in found] == [True, True, True, False, True]


def test_holiday_hours_stand_instead_of_the_weekday() -> None:
    hours = OpeningHours(week=every_day(TEN_TO_SIX), holiday=((780, 960),))

    assert windows(hours, "2026-10-09 12:00", minutes=120) == ((60, 210, 240),)


def test_a_season_stands_instead_of_the_week() -> None:
    winter = Season(first=(11, 1), last=(2, 28), week=every_day(((600, 1020),)))
    hours = OpeningHours(week=every_day(TEN_TO_SIX), seasons=(winter,))

    assert windows(hours, "2027-01-15 16:00") == ((0, 30, 60),)
    assert windows(hours, "2027-03-15 16:00") == ((0, 90, 120),)


def test_the_hour_that_does_not_exist_is_not_counted() -> None:
    hours = OpeningHours(week=every_day(((1320, 1680),)))  # 22:00 to 04:00

    # In Berlin, 2026-03-29 goes from 02:00 to 03:00: 04:00 comes three hours after midnight.
    assert windows(hours, "2026-03-29 00:00", zone=BERLIN) == ((0, 150, 180),)


def test_the_hour_that_comes_twice_is_counted_twice() -> None:
    hours = OpeningHours(week=every_day(((1320, 1680),)))

    assert windows(hours, "2026-10-25 00:00", zone=BERLIN) == ((0, 270, 300),)


def test_a_clock_time_in_the_gap_makes_the_window_shorter() -> None:
    closes_in_it = OpeningHours(week=every_day(((0, 150),)), last_entry_min=0)
    opens_in_it = OpeningHours(week=every_day(((150, 480),)), last_entry_min=0)

    assert windows(closes_in_it, "2026-03-29 00:00", zone=BERLIN) == ((0, 90, 90),)
    assert windows(opens_in_it, "2026-03-29 00:00", zone=BERLIN) == ((150, 420, 420),)


def test_a_clock_time_that_comes_twice_makes_the_window_shorter() -> None:
    closes_in_it = OpeningHours(week=every_day(((0, 150),)), last_entry_min=0)

    assert windows(closes_in_it, "2026-10-25 00:00", zone=BERLIN) == ((0, 150, 150),)


def test_hours_silent_on_holidays_are_not_believed_on_the_day_of_a_feast() -> None:
    silent = OpeningHours(week=every_day(TEN_TO_SIX))
    seollal = days("2027-02-07 14:00")

    assert visit_windows(silent, category="cafe", span=seollal) == ()
    assert visit_windows(silent, category="heritage", span=seollal) == (Window(0, 240, 225),)
    assert windows(silent, "2027-02-06 14:00") == ((0, 210, 240),)


def test_an_expression_gives_windows_too() -> None:
    hours = parse_osm("Apr-Oct 10:00-20:00; Nov-Mar 10:00-17:00", since=date(2026, 1, 1))

    assert isinstance(hours, OpeningHours)
    assert windows(hours, "2026-12-01 16:00") == ((0, 30, 60),)
    assert windows(hours, "2026-10-31 19:00") == ((0, 30, 60),)


def test_a_place_that_never_opens_has_no_window() -> None:
    assert windows(OpeningHours(week=CLOSED_WEEK), "2026-11-21 14:00") == ()


def test_assumed_hours_are_the_core_of_the_category() -> None:
    assert core_windows(None, category="restaurant", span=days("2026-11-21 14:00")) == (
        Window(0, 30, 0),
    )
    assert core_windows(
        None, category="restaurant", span=days("2026-11-21 13:00", minutes=300)
    ) == (Window(0, 90, 60), Window(270, 450, 420))


def test_assumed_hours_respect_known_closing_days() -> None:
    hours = OpeningHours(week=None, closures=(WeekdayClosure(0),))

    assert core_windows(hours, category="museum", span=days("2026-11-23 14:00")) == ()


@pytest.mark.parametrize(
    ("category", "on_the_day", "day_before"),
    [
        ("park", True, True),
        ("viewpoint", True, True),
        ("heritage", False, True),
        ("cafe", False, True),
        ("restaurant", False, False),
        ("museum", False, False),
        ("shop", False, False),
    ],
)
def test_few_doors_are_assumed_open_around_a_feast(
    category: str, *, on_the_day: bool, day_before: bool
) -> None:
    chuseok = core_windows(None, category=category, span=days("2026-09-25 13:00"))
    eve = core_windows(None, category=category, span=days("2026-09-24 13:00"))

    assert (bool(chuseok), bool(eve)) == (on_the_day, day_before)


def test_a_start_without_an_iana_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="IANA zone"):
        span(starts_at=datetime(2026, 11, 21, 14, tzinfo=UTC), horizon_min=60, country="KR")


def _pairs(cuts: list[int]) -> Intervals:
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


interval_lists = st.lists(st.integers(0, 1439), max_size=6, unique=True).map(sorted).map(_pairs)


def test_one_moment_has_the_hours_of_each_zone_it_is_asked_for() -> None:
    moment = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)

    spans = [
        span(starts_at=moment.astimezone(ZoneInfo(zone)), horizon_min=60, country="US")
        for zone in ("America/New_York", "America/Los_Angeles")
    ]

    assert [one.days[1].date for one in spans] == [date(2026, 11, 20)] * 2
    assert [one.midnights[1] for one in spans] == [-23.5 * 60, -20.5 * 60]


def test_an_hour_that_comes_twice_is_two() -> None:
    zone = ZoneInfo("Europe/Prague")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=zone)

    midnights = [
        span(starts_at=first.replace(fold=fold), horizon_min=60, country="CZ").midnights[1]
        for fold in (0, 1)
    ]

    assert midnights == [-150.0, -210.0]


@given(
    week=st.tuples(*[interval_lists] * 7),
    category=st.sampled_from(sorted(CATEGORIES)),
    minute=st.integers(0, 3 * 365 * 1440),
    zone=st.sampled_from([SEOUL, BERLIN]),
    horizon_min=st.integers(20, 960),
)
def test_windows_rise_do_not_overlap_and_meet_the_plan(
    week: tuple[Intervals, ...],
    category: str,
    minute: int,
    zone: ZoneInfo,
    horizon_min: int,
) -> None:
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    here = span(starts_at=starts_at.astimezone(zone), horizon_min=horizon_min, country="KR")

    found = visit_windows(OpeningHours(week=week), category=category, span=here)

    assert all(0 <= window.opens < horizon_min for window in found)
    assert all(0 <= window.last_entry <= window.closes for window in found)
    assert all(a.closes < b.opens for a, b in pairwise(found))
