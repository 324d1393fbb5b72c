"""Lengths of time and clock times in Korean and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.query.folding import is_hangul
from engine.query.numbers import COUNT_KO, SINO_KO, SMALL_EN, read_count
from engine.query.readings import Clock, ClockRange, Duration, Item

_DAY_MIN: Final = 24 * 60
_ALL_DAY_MIN: Final = 480  # "one day" is a day out
# Whoever asks for days, or for no minute at all, is told that no plan holds them.
_LONGEST_MIN: Final = 100_000 * 60

_N = r"\d{1,5}(?:\.\d{1,2})?"
_HOURS_KO = re.compile(
    rf"(?:{_N}\s?시?간?\s?(?:~|-|에서)\s?)?(?<!⁄)(?P<h>{_N}|{COUNT_KO}|{SINO_KO})\s?시간\s?"
    rf"(?:(?P<half>반)(?![가-힣]*나절)|(?P<m>\d{{1,4}}|{SINO_KO})\s?분)?"
)
_MINUTES_KO = re.compile(
    rf"(?:\d{{1,4}}\s?분?\s?[~-]\s?)?(?P<m>\d{{1,4}}|{SINO_KO})\s?분(?!위|야|기|류|수|들|이서|의)"
)
_UNIT_H = r"(?:hours?|hrs?|h)"
_UNIT_M = r"(?:minutes?|mins?|min)"
_COUNT_EN = rf"{_N}|{SMALL_EN}|an|a couple(?: of)?|couple(?: of)?|a few|few"
_HOURS_EN = re.compile(
    rf"(?:(?:\d{{1,4}}(?:\.\d{{1,2}})?|\b(?:{SMALL_EN}))\s?(?:-|~|to|or)\s?)?(?<![\d.:⁄])"
    rf"(?:(?P<h>\b(?:{_COUNT_EN}))(?P<frac>\s?½)?\s?{_UNIT_H}(?![a-z])"
    rf"(?P<half> and (?:a )?half)?)"
    rf"(?:\s?(?:and )?(?:(?P<m>\d{{1,4}})\s?{_UNIT_M}?(?![a-z\d:,])|(?P<mw>fifteen|twenty|thirty|forty five|forty) {_UNIT_M}\b))?"
)
_AND_A_HALF_HOURS = re.compile(rf"\b(?P<h>{_N}|{SMALL_EN}) and a half hours?\b")
_COMPACT_EN = re.compile(r"(?<![\d.:])(?P<h>\d{1,4})h\s?(?P<m>\d{1,2})?m?(?![a-z\d])")
_MINUTES_EN = re.compile(
    rf"(?P<m>\b(?:\d{{1,4}}|thirty|forty|forty five|sixty|ninety))\s?{_UNIT_M}(?![a-z])"
)
_HALF_SIGN = re.compile(rf"(?:(?P<h>\d)\s?)?(?P<half>1⁄2)\s?(?:{_UNIT_H}(?![a-z])|시간)")
_COLON_HOURS = re.compile(
    rf"(?<![\d:])(?P<h>\d{{1,2}}):(?P<m>\d{{2}})\s?(?:{_UNIT_H}(?![a-z])|시간)"
)
_DAYS_KO = re.compile(
    r"\d{1,2}\s?박\s?(?P<n>\d{1,3})\s?일|(?<!\d)(?P<nights>\d{1,2})\s?박(?!\s?\d|[가-힣])|(?<![\d월])(?<!월\s)(?P<d>\d{1,3})\s?일\s?(?:간(?![가-힣])|동안|내내|짜리|코스|여행)"
    r"|(?P<word>이틀|사흘|나흘|닷새|열흘|보름|일주일|한\s?달)(?!\s?(?:뒤|후|전|에|만에|안에|마다|치))"
)
_DAYS_EN = re.compile(
    rf"\b(?<!in )(?<!every )(?P<n>\d{{1,3}}|{SMALL_EN}|(?<=for )a(?= week)) (?P<unit>weeks?|days?|nights)\b"
    r"(?! (?:ago|later|from|before|after|class|pass|ticket|notice|old|in advance))"
)
_DAYS_OF_WORD: Final = {
    "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "열흘": 10, "보름": 15, "일주일": 7, "한달": 30,
}  # fmt: skip
_DISTANCE = re.compile(
    r"\s?(?:거리|이내 거리|'?s? ?(?:away|walk from|walk away|on foot from|of walking))"
)
_ON_THE_WAY = re.compile(r"(?:도보|걸어서|차로|버스로|지하철로|택시로|자전거로)\s?(?:약\s?)?$")
_OUTING = re.compile(
    r"\s?(?:동안|정도\s?(?:걷|산책|코스|놀)|코스|산책|짜리|걷|라이딩|달리|드라이브)"
)
_MINUTES_FROM = re.compile(r" from(?! \d)")

_MARKS: Final = {
    "오전": ("am", None), "아침": ("am", "morning"), "새벽": ("am", "night"), "am": ("am", None),
    "오후": ("pm", None), "낮": ("pm", "afternoon"), "점심": ("pm", "lunch"), "pm": ("pm", None),
    "저녁": ("pm", "evening"), "밤": ("night", "night"),
    "in the morning": ("am", "morning"), "in the afternoon": ("pm", "afternoon"),
    "in the evening": ("pm", "evening"), "at night": ("night", "night"),
}  # fmt: skip
_MARK_KO = r"(?:(?P<mark{0}>오전|오후|아침|점심|저녁|새벽|밤|낮)에?\s?)?"
_HOUR_KO = rf"(?P<h{{0}}>\d{{{{1,2}}}}|{COUNT_KO})"
_OCLOCK_KO = (
    r"\s?시(?!간|작|장|청|내|도|민|즌|식|선|절)\s?(?:(?P<half{0}>반)|(?P<m{0}>\d{{1,2}})\s?분)?"
)
_T_KO = (
    _MARK_KO
    + rf"(?:(?P<h{{0}}>\d{{{{1,2}}}}|{COUNT_KO}){_OCLOCK_KO}|(?P<c{{0}}>\d{{{{1,2}}}}:\d{{{{2}}}})(?!\d))"
)
_CLOCK_KO = re.compile(_T_KO.format(1))
_SHARED_KO = re.compile(  # "오후 2~5시"
    _MARK_KO.format(1)
    + r"(?P<h1>\d{1,2})\s?[~-]\s?"
    + _MARK_KO.format(2)
    + r"(?P<h2>\d{1,2})\s?시(?!간)"
)
_PM = (
    r"(?:\s?(?P<mark{0}>a\.?m\.?|p\.?m\.?|in the (?:morning|afternoon|evening)|at night)(?![a-z]))"
)
_T_EN = (
    rf"(?:(?P<word{{0}}>noon|midnight)|half past (?P<past{{0}}>{SMALL_EN}|\d{{{{1,2}}}})"
    rf"|quarter (?P<quarter{{0}}>past|to) (?P<qh{{0}}>{SMALL_EN}|\d{{{{1,2}}}})"
    rf"|(?P<h{{0}}>\d{{{{1,2}}}}|{SMALL_EN})(?::(?P<m{{0}}>\d{{{{2}}}})|h(?P<m{{0}}h>\d{{{{2}}}})"
    rf"|(?<![\d]) (?P<mw{{0}}>fifteen|thirty|forty five)(?! (?:min|thou|people)))?"
    rf"(?P<oclock{{0}}>\s?o'?\s?clock)?{_PM}?)"
)
_UNIT_FOLLOWS = (
    r"(?!\s?(?:%|,\d|k\b|[~-]\s?\d|:\d|hours?|hrs?|h\b|min|people|persons?|of\b|stops?|places?|won\b|krw|"
    r"friends?|kids?|adults?|pax|guests?|cafes?|days?|am\w|st\b|nd\b|rd\b|th\b|\d|thousand|만|천|원|시|명|인|곳|개|분|번|차))"
)
_CLOCK_EN = re.compile(
    rf"(?P<at>\b(?:at|from|by|until|till|after|before|around|about|starting|start|@)\s?)?(?<![\d.,:₩$])(?<!for )(?<!of )\b{_T_EN.format(1)}{_UNIT_FOLLOWS}"
)
_ISH_EN = re.compile(r"(?<![\d:])\b(?P<h1>\d{1,2})(?::(?P<m1>\d{2}))?(?: ?pm)? ?ish\b")
_RANGE_EN = re.compile(
    rf"(?P<from>\b(?:from|between)\s)?(?<![\d.,:₩$])\b{_T_EN.format(1)}\s?"
    rf"(?P<to>to|until|till|til|through|and|-|~)\s?{_T_EN.format(2)}{_UNIT_FOLLOWS}"
)


def time_items(text: str) -> Iterator[Item]:
    """Yield every stretch of `text` that names a length of time or a clock time."""
    yield from _duration_items(text)
    yield from _day_items(text)
    for match in _SHARED_KO.finditer(text):
        start = _clock(match.groupdict(), "1")
        end = _clock(match.groupdict(), "2")
        if start is not None and end is not None:
            yield Item(match.start(), match.end(), (ClockRange(start, end),))
    for match in _RANGE_EN.finditer(text):
        yield from _range_item(match)
    for match in _CLOCK_KO.finditer(text):
        yield from _single_item(match, match.start())
        yield from _whole_hour_item(text, match)
    for match in _ISH_EN.finditer(text):
        yield from _single_item(match, match.start())
    for match in _CLOCK_EN.finditer(text):
        if _names_a_clock(match):
            yield from _single_item(match, match.start() + len(match["at"] or ""))


def _duration_items(text: str) -> Iterator[Item]:
    for pattern in (
        _HOURS_KO, _HOURS_EN, _COMPACT_EN, _AND_A_HALF_HOURS, _HALF_SIGN, _COLON_HOURS,
    ):  # fmt: skip
        for match in pattern.finditer(text):
            said = match.groupdict()
            half = 30 if pattern is _AND_A_HALF_HOURS or _has_half(said) else 0
            minutes = _hours(said["h"] or "0") * 60 + half + _minutes(said)
            if minutes != _DAY_MIN:  # "24시간 카페" tells of the place
                yield from _duration_item(text, match, minutes)
            if pattern is _HOURS_KO and (end := _end_before_half(text, match, "half")):
                yield Item(match.start(), end, (Duration(round(minutes - half)),))
    for pattern in (_MINUTES_KO, _MINUTES_EN):
        for match in pattern.finditer(text):
            if _is_distance(text, match):
                continue
            yield from _duration_item(text, match, read_count(match["m"]))


def _end_before_half(text: str, match: re.Match[str], group: str) -> int | None:
    """Return where the hours end if their 반 may begin a word: 2시간 반려견이랑, 3시 반포에서."""
    if match[group] and match.end() < len(text) and is_hangul(text[match.end()]):
        return len(text[: match.start(group)].rstrip())
    return None


def _is_distance(text: str, match: re.Match[str]) -> bool:
    """Tell whether minutes say how far it is: "10 minutes from the station", "도보 10분 이내"."""
    if _MINUTES_FROM.match(text, match.end()):
        return True
    by_foot = _ON_THE_WAY.search(text, max(0, match.start() - 8), match.start()) is not None
    return by_foot and _OUTING.match(text, match.end()) is None


def _day_items(text: str) -> Iterator[Item]:
    for match in _DAYS_KO.finditer(text):
        yield from _duration_item(text, match, _days_ko(match) * _DAY_MIN)
    for match in _DAYS_EN.finditer(text):
        days = read_count(match["n"])
        if days == 1 and match["unit"].startswith("day"):
            yield from _duration_item(text, match, _ALL_DAY_MIN)
            continue
        if match["unit"].startswith("week"):
            days *= 7
        elif match["unit"] == "nights":
            days += 1
        yield from _duration_item(text, match, days * _DAY_MIN)


def _days_ko(match: re.Match[str]) -> int:
    if word := match["word"]:
        return _DAYS_OF_WORD[word.replace(" ", "")]
    if nights := match["nights"]:
        return int(nights) + 1
    return int(match["n"] or match["d"])


def _has_half(said: dict[str, str | None]) -> bool:
    return any(said.get(name) for name in ("half", "frac"))


def _minutes(said: dict[str, str | None]) -> float:
    minutes = said.get("m") or said.get("mw")
    return read_count(minutes) if minutes else 0


def _hours(said: str) -> float:
    if "few" in said:
        return 3.0
    return 2.0 if "couple" in said else read_count(said)


def _duration_item(text: str, match: re.Match[str], minutes: float) -> Iterator[Item]:
    if 0 <= minutes <= _LONGEST_MIN and not _DISTANCE.match(text, match.end()):
        end = match.start() + len(match[0].rstrip())
        yield Item(match.start(), end, (Duration(round(minutes)),))


def _names_a_clock(match: re.Match[str]) -> bool:
    said = match.groupdict()
    return (
        any(said[name] for name in ("mark1", "m1", "past1", "quarter1", "oclock1", "word1"))
        or (match["at"] is not None and match["at"].strip() not in {"about", "around", "by"})
        or (match["at"] is not None and said["h1"] is not None and said["h1"].isdigit())
    )


def _single_item(match: re.Match[str], start: int) -> Iterator[Item]:
    clock = _clock(match.groupdict(), "1")
    if clock is not None:
        yield Item(start, start + len(match[0][start - match.start() :].rstrip()), (clock,))


def _whole_hour_item(text: str, match: re.Match[str]) -> Iterator[Item]:
    clock = _clock(match.groupdict() | {"half1": None}, "1")
    end = _end_before_half(text, match, "half1")
    if clock is not None and end is not None:
        yield Item(match.start(), end, (clock,))


def _range_item(match: re.Match[str]) -> Iterator[Item]:
    said = match.groupdict()
    named = any(
        said[f"{name}{side}"]
        for name in ("mark", "m", "past", "quarter", "oclock", "word")
        for side in "12"
    )
    joined = said["to"] != "and" or said["from"] == "between "
    start, end = _clock(said, "1"), _clock(said, "2")
    if start is None or end is None or not joined:
        return
    if named or said["from"] or said["to"] in {"to", "until", "till", "til"}:
        if end.certain and not start.certain:
            start = _before(start, end)
        yield Item(match.start(), match.end(), (ClockRange(start, end),))


def _before(start: Clock, end: Clock) -> Clock:
    """Return `start` in the half of the day that `end` says: "2-5pm", but "10-2pm"."""
    later = start.minutes % 720 + (720 if end.minutes >= 720 else 0)
    if later >= end.minutes:
        later -= 720
    return Clock(later % 1440, certain=True)


def _clock(said: dict[str, str | None], side: str) -> Clock | None:
    """Return the clock time that groups `side` of a match tell, None when there is none such."""
    if word := said.get(f"word{side}"):
        return Clock(720 if word == "noon" else 0, certain=True)
    hour, minute = _hour_and_minute(said, side)
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    written = said.get(f"mark{side}")
    half_day, daypart = _MARKS[written.replace(".", "")] if written else (None, None)
    padded = bool(re.match(r"0\d", said.get(f"c{side}") or said.get(f"h{side}") or ""))
    certain = half_day is not None or hour > 12 or hour == 0 or padded
    return Clock(
        (_full_hour(hour, half_day) * 60 + minute) % 1440, certain=certain, daypart=daypart
    )


def _hour_and_minute(said: dict[str, str | None], side: str) -> tuple[int, int]:
    if past := said.get(f"past{side}"):
        return int(read_count(past)), 30
    if quarter := said.get(f"quarter{side}"):
        hour = int(read_count(said[f"qh{side}"] or ""))
        return (hour, 15) if quarter == "past" else ((hour - 1) or 12, 45)
    if colon := said.get(f"c{side}"):
        hours, _, minutes = colon.partition(":")
        return int(hours), int(minutes)
    hour = int(read_count(said.get(f"h{side}") or "0"))
    if said.get(f"half{side}"):
        return hour, 30
    spoken = said.get(f"m{side}") or said.get(f"m{side}h") or said.get(f"mw{side}")
    return hour, round(read_count(spoken)) if spoken else 0


def _full_hour(hour: int, half_day: str | None) -> int:
    if half_day == "am":
        return hour % 12 if hour <= 12 else hour
    if half_day == "pm":
        return hour if hour >= 12 else hour + 12
    if half_day == "night":  # 밤 9시, but 밤 12시 and 밤 1시 are past midnight
        return hour + 12 if 5 <= hour < 12 else hour % 12
    return hour
