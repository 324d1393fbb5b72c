import pytest

from engine.query.readings import Clock, ClockRange, Duration, Reading
from engine.query.times import time_items


def longest(text: str) -> Reading | None:
    items = sorted(time_items(text), key=lambda item: item.start - item.end)
    return items[0].readings[0] if items else None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3시간", 180), ("두 시간 반", 150), ("1시간 30분", 90), ("90분", 90), ("세시간 반", 210),
        ("두세 시간", 180), ("2~3시간", 180), ("an hour and a half", 90), ("2.5 hrs", 150),
        ("3h", 180), ("2h30", 150), ("two and a half hours", 150), ("couple of hours", 120),
        ("2-3 hours", 180), ("1박 2일", 2880), ("2박3일", 4320), ("30일 동안", 43_200), ("이틀", 2880),
        ("3 days", 4320), ("two weeks", 20_160), ("two nights", 4320), ("1 day", 480),
        ("도보 30분 코스", 30), ("an hour and thirty minutes", 90), ("90 minute bike ride", 90),
    ],
)  # fmt: skip
def test_reads_lengths(text: str, minutes: int) -> None:
    assert longest(text) == Duration(minutes)


@pytest.mark.parametrize(
    "text",
    [
        "10분 거리",
        "도보 10분 이내",
        "12월 25일",
        "이틀 뒤",
        "in 2 days",
        "24시간 카페",
        "10 minutes from the station",
        "소중한 시간",
    ],
)
def test_leaves_what_is_no_length(text: str) -> None:
    assert longest(text) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("오후 2시", Clock(840, certain=True)),
        ("저녁 7시 반", Clock(1170, certain=True, daypart="evening")),
        ("밤 12시", Clock(0, certain=True, daypart="night")),
        ("새벽 1시", Clock(60, certain=True, daypart="night")),
        ("10시", Clock(600, certain=False)),
        ("세시부터", Clock(180, certain=False)),
        ("14:00", Clock(840, certain=True)),
        ("half past six", Clock(390, certain=False)),
        ("quarter to 5", Clock(285, certain=False)),
        ("at 11am", Clock(660, certain=True)),
        ("at 12 am", Clock(0, certain=True)),
    ],
)
def test_reads_clock_times(text: str, clock: Clock) -> None:
    assert longest(text) == clock


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("2-5pm", 840, 1020), ("from 10 to 2pm", 600, 840), ("7pm to 11pm", 1140, 1380)],
)
def test_reads_english_ranges(text: str, start: int, end: int) -> None:
    expected = ClockRange(Clock(start, certain=True), Clock(end, certain=True))

    assert longest(text) == expected


@pytest.mark.parametrize("text", ["around 3 people", "for 4 friends", "25:70", "한 시장"])
def test_leaves_what_is_no_clock_time(text: str) -> None:
    assert longest(text) is None
