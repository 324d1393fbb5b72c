"""How long a visit lasts, read from a text: lengths of time, each with what it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from engine.catalogue import read_data
from engine.query.numbers import COUNT_KO, read_count
from engine.tagging.ranging import range_over
from engine.tagging.types import StayReading
from engine.tagging.vocabulary import fold

STAY_LOW_MIN: Final = 5
STAY_HIGH_MIN: Final = 12 * 60

_N: Final = r"\d{1,3}(?:\.\d)?"
_KO: Final = re.compile(
    rf"(?:(?P<low>{_N}) ?(?P<low_unit>시간|분)? ?(?:~|-|에서|내지) ?)?(?:(?P<h>{_N}|{COUNT_KO}) ?시간(?P<half> ?반(?!나절))?(?: ?(?P<m>\d{{1,2}}) ?분)?"
    r"|(?P<only_m>\d{1,3}|[일이삼사오육칠팔구]?십[오]?) ?분(?!의|위|야|기|류|수|들|이서|식|홍|량|점|관|당|교|원))"
)
_COUNT_EN: Final = rf"{_N}|one|two|three|four|five|six|eight|ten|fifteen|twenty|thirty|forty|forty five|sixty|ninety|an|a couple of|half an"
_EN: Final = re.compile(
    rf"(?<![\d.])(?:\b(?P<low>{_COUNT_EN}) ?(?P<low_unit>hours?|minutes?)? ?(?:to|-|–|~|or) ?)?\b(?P<n>{_COUNT_EN})[ -]?(?P<unit>hours?|hrs?|h|minutes?|mins?)\b"
    r"(?P<half> and a half)?(?: (?:and )?(?P<m>\d{1,2}) ?(?:minutes?|mins?|m)\b)?"
)
_HALF_DAY: Final = re.compile(r"반나절|\bhalf (?:a|the) day\b")
_HALF_DAY_MIN: Final = 240
_BEFORE_HIGH: Final = 40
_DISAGREEING: Final = 0.7
_AFTER_HIGH: Final = 24
_SENTENCE_END: Final = re.compile(r"(?<!\d)[.!?;](?= |$)|\n")
_PART_END: Final = re.compile(r"[,/()\[\]]|지만 | and (?=the |it |a |then )")
_HEDGED: Final = re.compile(r"약|정도|쯤|내외|about|around|roughly|approx")
_SURE: Final = 0.9
_UNSURE: Final = 0.5  # no word says what lasts so long
# 한두 시간, two to three counted as one word
_SEVERAL: Final = {
    "한두": 1, "한 두": 1, "두세": 2, "두 세": 2, "두서너": 2, "서너": 3, "세네": 3, "세 네": 3,
    "네댓": 4, "너댓": 4, "네다섯": 4, "네 다섯": 4, "대여섯": 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Length:
    low: int
    high: int
    start: int
    end: int
    confidence: float = _UNSURE


@cache
def _words() -> dict[str, re.Pattern[str]]:
    rows = read_data("costs.toml")["time"]
    return {name: re.compile("|".join(words)) for name, words in rows.items()}


def stay_in(text: str) -> StayReading | None:
    """Return how long `text` says that a visit lasts; None where it does not."""
    folded = fold(text)
    found = [
        judged
        for length in _lengths(folded.text)
        if (judged := _judged(folded.text, length)) is not None
    ]
    if not found:
        return None
    surest = max(one.confidence for one in found)
    best = [one for one in found if one.confidence >= min(surest, _SURE * 0.9)]
    said = range_over(best, text=text, folded=folded, reach=_BEFORE_HIGH, disagreeing=_DISAGREEING)
    return StayReading(
        minutes_low=said.low,
        minutes_high=said.high,
        confidence=said.confidence,
        evidence=said.evidence,
    )


def _judged(text: str, length: _Length) -> _Length | None:
    """Return the length with its confidence; None where something else lasts so long."""
    if not STAY_LOW_MIN <= length.low <= length.high <= STAY_HIGH_MIN:
        return None
    head = text[max(0, length.start - _BEFORE_HIGH) : length.start]
    tail = text[length.end : length.end + _AFTER_HIGH]
    head, tail = _SENTENCE_END.split(head)[-1], _SENTENCE_END.split(tail)[0]
    near = f"{_PART_END.split(head)[-1]}#{_PART_END.split(tail)[0]}"
    words = _words()
    if words["dismissed"].search(near):
        return None
    confidence = _SURE if words["visit"].search(f"{head}#{tail}") else _UNSURE
    if _HEDGED.search(near):
        confidence *= 0.95
    return _Length(length.low, length.high, length.start, length.end, confidence)


def _lengths(text: str) -> Iterator[_Length]:
    found = [*_korean(text), *_english(text)]
    found += [
        _Length(_HALF_DAY_MIN, _HALF_DAY_MIN, match.start(), match.end())
        for match in _HALF_DAY.finditer(text)
    ]
    yield from sorted(found, key=lambda one: one.start)


def _korean(text: str) -> Iterator[_Length]:
    for match in _KO.finditer(text):
        if match["only_m"]:
            high = read_count(match["only_m"])
        else:
            half = 30 if match["half"] else 0
            high = read_count(match["h"]) * 60 + half + int(match["m"] or 0)
        low = high
        if match["h"] in _SEVERAL:
            low = _SEVERAL[match["h"]] * 60
        elif match["low"]:
            in_hours = match["low_unit"] == "시간" or (match["h"] and match["low_unit"] is None)
            low = float(match["low"]) * (60 if in_hours else 1)
        yield _Length(round(min(low, high)), round(high), match.start(), match.end())


def _english(text: str) -> Iterator[_Length]:
    for match in _EN.finditer(text):
        unit = 60 if match["unit"].startswith("h") else 1
        half = 30 if match["half"] else 0
        high = _count(match["n"]) * unit + half + int(match["m"] or 0)
        low = high
        if match["low"]:
            low_unit = match["low_unit"] or match["unit"]
            low = _count(match["low"]) * (60 if low_unit.startswith("h") else 1)
        yield _Length(round(min(low, high)), round(high), match.start(), match.end())


def _count(text: str) -> float:
    words = {"an": 1.0, "a couple of": 2.0, "half an": 0.5, "forty five": 45.0}
    return words[text] if text in words else read_count(text)
