"""Numbers as people write and say them in Korean and English."""

from __future__ import annotations

import re
from typing import Final

# Lengths are bounded so that a line of digits is read in linear time.
DIGITS: Final = r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,3})?|\d{1,9}(?:\.\d{1,3})?"

# Before a counted noun (세 시간) and alone (셋이서); 한두, 두세 name the larger, like "2~3".
KOREAN_COUNTS: Final = {
    "한두": 2, "두세": 3, "두서너": 4, "서너": 4, "세네": 4, "네댓": 5, "너댓": 5, "네다섯": 5,
    "대여섯": 6, "두어": 2, "예닐곱": 7, "일고여덟": 8, "한 두": 2, "두 세": 3, "세 네": 4, "네 다섯": 5,
    "열한": 11, "열두": 12, "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3,
    "네": 4, "넷": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "스무": 20, "스물": 20,
}  # fmt: skip
# 한 inside a word is its ending (조용한 곳) and counts nothing.
COUNT_KO: Final = "|".join(
    "(?<![가-힣])한" if count == "한" else count
    for count in sorted(KOREAN_COUNTS, key=len, reverse=True)
)

_SINO_DIGITS: Final = {c: i for i, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_SINO_UNITS: Final = {"십": 10, "백": 100, "천": 1000}
SINO_KO: Final = "[일이삼사오육칠팔구십백]{1,6}"

_SMALL_EN: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS_EN: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_ALL_EN: Final = {**_SMALL_EN, **_TENS_EN, "a": 1, "an": 1, "couple": 2}
SMALL_EN: Final = "|".join(_SMALL_EN)
_WORD_EN: Final = "|".join([*_SMALL_EN, *_TENS_EN, "hundred", "thousand"])
WORDS_EN: Final = rf"(?:(?:a )?(?:{_WORD_EN})(?: (?:and )?(?:{_WORD_EN})){{0,8}})"

_PIECE: Final = re.compile(rf"({DIGITS})|([영일이삼사오육칠팔구])|([십백천])|([만억])|( )")


def read_digits(text: str) -> float:
    """Return the number "20,000" or "1.5"."""
    return float(text.replace(",", ""))


def read_count(text: str) -> float:
    """Return the number of a Korean or English count: "두세", "3", "two", "십이"."""
    if text[0].isdigit():
        return read_digits(text)
    if text in KOREAN_COUNTS:
        return KOREAN_COUNTS[text]
    return read_korean(text) if text[0] >= "가" else read_english(text)


def read_korean(text: str) -> float:
    """Return the number of "만오천", "3만5천", "1.5만", "삼만 오천" or "15000"."""
    total = section = 0.0
    number: float | None = None
    scale = 1
    for digits, digit, unit, myriad, _ in _PIECE.findall(text):
        if digits or digit:
            number = read_digits(digits) if digits else float(_SINO_DIGITS[digit])
        elif unit:
            section += (1 if number is None else number) * _SINO_UNITS[unit]
            number = None
        elif myriad:
            scale = 10_000 if myriad == "만" else 100_000_000
            total += ((section + (number or 0)) or 1) * scale
            section, number = 0.0, None
    if number is not None and number < 10 and scale == 10_000 and not section:
        number *= 1000  # "3만5" is 35,000
    return total + section + (number or 0)


def read_english(text: str) -> int:
    """Return the number of "thirty five thousand" or "two hundred and fifty"."""
    total = section = 0
    for word in text.split():
        if word in _ALL_EN:
            section += _ALL_EN[word] if word not in {"a", "an"} else 0
        elif word == "hundred":
            section = max(section, 1) * 100
        elif word == "thousand":
            total += max(section, 1) * 1000
            section = 0
    return total + section or 1
