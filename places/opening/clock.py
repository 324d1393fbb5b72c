"""Clock times and ranges of them as people write them in Korean and English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from places.opening.types import DAY_MIN, LATEST_CLOSE

NOON: Final = 720
HALF_DAY: Final = 720
EVENING_LOW: Final = (
    360  # an unmarked closing from 6 on, before its opening, is meant in the evening
)
SHORT_SPAN: Final = 180  # nobody opens for less than this in the morning only

_MARK = r"(?:[ap]\.?\s?m\b\.?|[ap]m(?=[\d:\s])|오전|오후|아침|저녁|새벽|밤|낮)"
_NOT_TIME = r"(?!\s*(?:월|일|층|주|분|시간|회|명|석|개|차|호|대|번|세|[./]\d|년|,\d{3}))"


def time_pattern(name: str) -> str:
    """Return the pattern of one clock time, its groups named after `name`."""
    return (
        rf"(?:(?P<{name}before>{_MARK})\s*:?\s*)?"
        rf"(?:(?P<{name}noon>정오)|(?P<{name}midnight>자정)"
        rf"|(?<!\d)(?P<{name}compact>[012]\d[0-5]\d)(?![\d:])"
        rf"|(?:(?<!\d)|(?<=:\d\d))(?P<{name}hour>\d{{1,2}})(?!\d)"
        rf"(?:\s*(?::+|;)\s*(?P<{name}minute>[0-5]\d)(?:\s*분)?"
        rf"|\s*시(?!간)\s*(?:(?P<{name}spelt>[0-5]?\d)\s*분|(?P<{name}half>반))?"
        rf"|{_NOT_TIME}))"
        rf"(?:\s*(?P<{name}after>[ap]\.?\s?m\.?)(?![a-z]))?"
    )


TIME: Final = re.compile(time_pattern("t"), re.IGNORECASE)
RANGE: Final = re.compile(
    rf"{time_pattern('o')}\s*(?:부터|에서)?\s*(?:~|-|\?|to\b|until\b|부터|에서)\s*{time_pattern('c')}"
    rf"(?:\s*까지)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ClockRange:
    """An interval as written, and whether its closing had to be read as an evening hour."""

    opens: int
    closes: int
    is_reread: bool = False


def read_range(match: re.Match[str], *, is_alone: bool) -> ClockRange | None:
    """
    Return the interval of a `RANGE` match, None where it makes no sense.

    `is_alone` tells that no other range stands beside it: then a closing that would leave less than
    three hours in the morning ("8:00~10:00") is read as the evening's.
    """
    opens = _opening(match, "o")
    closes = _closing(match, "c", opens)
    if opens is None or closes is None:
        return None
    is_bare = not (match["obefore"] or match["oafter"] or match["cbefore"] or match["cafter"])
    is_reread = False
    if closes <= opens:
        evening = closes + HALF_DAY
        is_reread = _is_twelve_hour(match, opens) and closes >= EVENING_LOW and evening > opens
        closes = evening if is_reread else closes + DAY_MIN
    elif is_alone and is_bare and closes <= NOON and closes - opens <= SHORT_SPAN:
        closes, is_reread = closes + HALF_DAY, True
    if not (0 <= opens < DAY_MIN and opens < closes <= LATEST_CLOSE):
        return None
    return ClockRange(opens, closes, is_reread)


def read_time(match: re.Match[str]) -> int | None:
    """Return the minutes of a `TIME` match, an unmarked hour below 7 being the afternoon's."""
    minutes = _minutes(match, "t")
    if minutes is None:
        return None
    if not _mark(match, "t") and minutes < 7 * 60:
        return minutes + HALF_DAY
    return _marked(minutes, _mark(match, "t"))


def _is_twelve_hour(match: re.Match[str], opens: int) -> bool:
    return opens <= NOON and not match["cbefore"] and not match["cafter"]


def _opening(match: re.Match[str], name: str) -> int | None:
    minutes = _minutes(match, name)
    if minutes is None:
        return None
    mark = _mark(match, name)
    if mark == "am" and NOON <= minutes < NOON + 60:
        return minutes  # "오전 12시" at an opening is noon more often than midnight, and safer
    return _marked(minutes, mark) % DAY_MIN


def _closing(match: re.Match[str], name: str, opens: int | None) -> int | None:
    minutes = _minutes(match, name)
    if minutes is None or opens is None:
        return None
    mark = _mark(match, name)
    if mark in {"pm", "night"} and NOON <= minutes < NOON + 60 and opens <= NOON:
        return minutes + HALF_DAY  # "오후 12시" at a closing is midnight
    if mark is None and _mark(match, "o") == "pm" and minutes < NOON < opens < minutes + HALF_DAY:
        return minutes + HALF_DAY
    return _marked(minutes, mark)


def _marked(minutes: int, mark: str | None) -> int:
    if mark == "am" and minutes >= NOON:
        return minutes - NOON if minutes < NOON + 60 else minutes
    if mark == "pm" and minutes < NOON:
        return minutes + HALF_DAY
    if mark == "night":
        return _night(minutes)
    return minutes


def _night(minutes: int) -> int:
    if minutes < 5 * 60:
        return minutes + DAY_MIN
    return minutes + HALF_DAY if minutes < NOON + 60 else minutes


def _mark(match: re.Match[str], name: str) -> str | None:
    word = (match[f"{name}before"] or match[f"{name}after"] or "").lower()
    if not word:
        return None
    if word[0] == "a" or word in {"오전", "아침", "새벽"}:
        return "am"
    if word == "밤":
        return "night"
    return "pm"


def _minutes(match: re.Match[str], name: str) -> int | None:
    if match[f"{name}noon"]:
        return NOON
    if match[f"{name}midnight"]:
        return DAY_MIN if name == "c" else 0
    if compact := match[f"{name}compact"]:
        return int(compact[:2]) * 60 + int(compact[2:])
    if match[f"{name}hour"] is None:
        return None
    minute = match[f"{name}minute"] or match[f"{name}spelt"] or "0"
    minutes = int(match[f"{name}hour"]) * 60 + (30 if match[f"{name}half"] else int(minute))
    return minutes if minutes <= 30 * 60 else None
