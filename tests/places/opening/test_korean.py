import csv
import json
from pathlib import Path

import pytest

from places.opening.calendar import Feast
from places.opening.closures import FeastClosure, HolidayClosure, WeekdayClosure
from places.opening.korean import read_korean
from places.opening.types import CLOSED_WEEK, OpeningHours, Refusal, every_day


def test_museum_windows_and_closing_text_make_hours() -> None:
    hours = read_korean(
        weekday=("10:00", "18:00"), holiday=("10:00", "18:00"), closing="매주 월요일, 설날 당일"
    )

    assert isinstance(hours, OpeningHours)
    assert hours.week == every_day(((600, 1080),))
    assert hours.holiday == ((600, 1080),)
    assert hours.closures == (WeekdayClosure(0), FeastClosure(Feast.SEOLLAL))
    assert hours.speaks_of_holidays


def test_an_empty_holiday_window_is_closed_on_holidays() -> None:
    hours = read_korean(weekday=("9:00", "17:00"), holiday=("00:00", "00:00"), closing="토+일")

    assert isinstance(hours, OpeningHours)
    assert hours.holiday == ()


def test_a_weekend_has_what_both_windows_allow() -> None:
    hours = read_korean(weekday=("10:00", "18:00"), holiday=("13:00", "19:00"), closing="월")

    assert isinstance(hours, OpeningHours)
    assert hours.week == (((600, 1080),),) * 5 + (((780, 1080),),) * 2


def test_an_evening_window_ends_at_midnight() -> None:
    hours = read_korean(weekday=("20:30", "00:00"), closing="월")

    assert isinstance(hours, OpeningHours)
    assert hours.week == every_day(((1230, 1440),))


def test_a_place_that_does_not_operate_is_never_open() -> None:
    hours = read_korean(weekday=("10:00", "18:00"), closing="휴관")

    assert isinstance(hours, OpeningHours)
    assert hours.week == CLOSED_WEEK
    assert hours.is_never_open


def test_closing_days_without_times_are_kept() -> None:
    hours = read_korean(closing="매주 화요일, 법정공휴일")

    assert isinstance(hours, OpeningHours)
    assert not hours.has_times
    assert hours.closures == (WeekdayClosure(1), HolidayClosure())


@pytest.mark.parametrize("closing", ["정보 부재", "매주 월요일(별관은 화요일)"])
def test_times_with_closing_days_not_understood_are_refused(closing: str) -> None:
    assert isinstance(read_korean(weekday=("10:00", "18:00"), closing=closing), Refusal)


@pytest.mark.parametrize(
    ("weekday", "holiday"),
    [(("00:00", "00:00"), None), (("아침", "저녁"), None), (("10:00", "18:00"), ("?", "18:00"))],
)
def test_refuses_windows_that_make_no_sense(
    weekday: tuple[str, str], holiday: tuple[str, str] | None
) -> None:
    assert isinstance(read_korean(weekday=weekday, holiday=holiday), Refusal)


@pytest.mark.shared
def test_reads_most_museums_of_the_country(shared_data: Path) -> None:
    path = shared_data / "places/korea/museums_standard.json"
    records = json.loads(path.read_text("utf-8"))["records"]

    read = [
        read_korean(
            closing=record["휴관정보"],
            weekday=(record["평일관람시작시각"], record["평일관람종료시각"]),
            holiday=(record["공휴일관람시작시각"], record["공휴일관람종료시각"]),
        )
        for record in records
    ]

    share = sum(isinstance(hours, OpeningHours) for hours in read) / len(read)
    assert share >= 0.9


@pytest.mark.shared
def test_reads_most_libraries(shared_data: Path) -> None:
    with (shared_data / "places/korea/seoul_libraries.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))

    read = [read_korean(opening=row["운영시간"], closing=row["정기 휴관일"]) for row in rows]

    share = sum(isinstance(hours, OpeningHours) for hours in read) / len(read)
    assert share >= 0.95
