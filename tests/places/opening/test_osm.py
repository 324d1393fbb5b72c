from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from places.opening.calendar import day_of
from places.opening.expression import evaluate
from places.opening.osm import parse_osm
from places.opening.types import ALL_DAY, OpeningHours, Refusal, every_day

SINCE = date(2026, 1, 1)


def parse(text: str) -> OpeningHours:
    hours = parse_osm(text, since=SINCE, latitude=37.57, longitude=126.98)
    assert isinstance(hours, OpeningHours), hours
    return hours


def test_a_weekly_expression_becomes_a_week() -> None:
    hours = parse("Tu-Fr 11:30-14:30,17:00-22:00; Sa 12:00-23:00")

    lunch_and_dinner = ((690, 870), (1020, 1320))
    assert hours.week == ((), *(lunch_and_dinner,) * 4, ((720, 1380),), ())
    assert (hours.expression, hours.holiday) == (None, None)


def test_a_tail_after_midnight_belongs_to_the_day_that_opened() -> None:
    hours = parse("Fr-Sa 18:00-03:00")

    assert hours.week == ((), (), (), (), ((1080, 1620),), ((1080, 1620),), ())


def test_round_the_clock_is_all_day() -> None:
    hours = parse("24/7")

    assert hours.week == every_day(ALL_DAY)
    assert hours.speaks_of_holidays


def test_closed_holidays_become_an_empty_holiday() -> None:
    hours = parse("Mo-Su 10:00-20:00; PH off")

    assert (hours.week, hours.holiday) == (every_day(((600, 1200),)), ())


def test_what_no_week_can_hold_is_kept_and_evaluated() -> None:
    hours = parse("Mo-Su 06:00-21:00; Nov-Feb Mo-Su 06:30-21:00")

    assert hours.week is None
    assert evaluate(hours, date(2026, 7, 1), zone="Asia/Seoul", country="KR") == ((360, 1260),)
    assert evaluate(hours, date(2026, 12, 1), zone="Asia/Seoul", country="KR") == ((390, 1260),)


def test_the_sun_is_that_of_the_place() -> None:
    hours = parse("sunrise-sunset")

    winter = evaluate(hours, date(2026, 12, 21), zone="Asia/Seoul", country="KR")
    summer = evaluate(hours, date(2026, 6, 21), zone="Asia/Seoul", country="KR")
    assert winter == ((462, 1036),)
    assert summer == ((310, 1196),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Mo-Sa", "states no times"),
        ("10:00+", "the closing time is left open"),
        ("Mo-Fr 09:00-17:00; SH off", "depends on school holidays, which are not known here"),
        ("2019 10:00-18:00", "is never open"),
        ("", "empty or too long"),
        ("Mo " * 500, "empty or too long"),
        ("Korean", "states no opening times"),
    ],
)
def test_refuses_with_the_reason(text: str, reason: str) -> None:
    refusal = parse_osm(text, since=SINCE, latitude=37.57, longitude=126.98)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason


def test_refuses_the_sun_without_a_position() -> None:
    refusal = parse_osm("sunrise-sunset", since=SINCE)

    assert refusal == Refusal("depends on the sun, and the position is not known", "sunrise-sunset")


def test_a_past_closure_does_not_keep_the_expression() -> None:
    hours = parse("Mo-Su 10:00-20:00; 2021 Apr 10-16 off")

    assert hours.week == every_day(((600, 1200),))


def test_a_coming_closure_is_respected() -> None:
    hours = parse("Mo-Su 10:00-20:00; 2027 Apr 10-16 off")

    assert hours.week is None
    assert evaluate(hours, date(2027, 4, 12), zone="Asia/Seoul", country="KR") == ()


def test_free_text_in_the_tag_is_read_too() -> None:
    assert parse("오전11~오후11").week == every_day(((660, 1380),))


def test_the_week_says_the_same_as_the_expression_on_public_holidays() -> None:
    hours = parse("Mo-Fr 09:00-18:00; PH 10:00-15:00")

    seollal = day_of(date(2027, 2, 8), "KR")
    assert seollal.is_holiday
    assert hours.intervals_on(seollal) == ((600, 900),)


@given(st.text(alphabet='MoTuWeFrSa PH0123456789:-,;off/+"|()가월~', max_size=60))
def test_never_fails_on_any_text(text: str) -> None:
    assert isinstance(parse_osm(text, since=SINCE), OpeningHours | Refusal)
