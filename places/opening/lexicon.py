"""The words that opening hours are written with: days, months, feasts; one normal form of a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WORKDAYS: Final = (0, 1, 2, 3, 4)
WEEKEND: Final = (5, 6)
EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)
HOLIDAY: Final = 7  # stands beside the weekdays in a list of days

_KOREAN: Final = "월화수목금토일"
_ENGLISH: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")

KOREAN_DAY: Final = r"[월화수목금토일](?:\s?요\s?일|욜)?"
ENGLISH_DAY: Final = (
    r"(?<![a-z])(?:mon(?:day)?|mo|tue(?:s(?:day)?)?|tu|wed(?:nesday)?|we|thu(?:r(?:s(?:day)?)?)?|th"
    r"|fri(?:day)?|fr|sat(?:urday)?|sa|sun(?:day)?|su)s?(?![a-z])\.?"
)
DAY: Final = rf"(?:{KOREAN_DAY}|{ENGLISH_DAY})"

_TAG = re.compile(r"<[^<>]{0,200}>|&nbsp;?", re.IGNORECASE)
_DASH = re.compile(r"[‐‑‒–—―−〜∼～ㅡ]")
_DOT = re.compile(r"[・ㆍ·∙•‧]")
_SPACED = (
    (re.compile(r"평\s+일(?![가-힣])"), "평일"),
    (re.compile(r"휴\s*무\s+일|휴\s+무\s*일"), "휴무일"),
    (re.compile(r"공\s+휴\s*일|공\s*휴\s+일"), "공휴일"),
    (re.compile(r"매\s+(?=[주월달년](?!요일))"), "매"),
    (re.compile(r"(\d{1,2}:)\s+(?=\d{2})"), r"\1"),
    (re.compile(r"공유일"), "공휴일"),
    (re.compile(r"(?<=[월화수목금토일])\s?욜"), "요일"),
)


def normal(text: str) -> str:
    """Return `text` without markup, in compatibility form, with one kind of dash, dot and space."""
    # Dots and dashes first: the compatibility form of "ㆍ" is a vowel.
    plain = _DOT.sub(",", _DASH.sub("~", _TAG.sub(" / ", text)))
    plain = unicodedata.normalize("NFKC", plain)
    for pattern, form in _SPACED:
        plain = pattern.sub(form, plain)
    return re.sub(r"\s+", " ", plain).strip(" '\"")


def weekday(word: str) -> int:
    """Return 0–6 for one weekday word in either language."""
    if word[0] in _KOREAN:
        return _KOREAN.index(word[0])
    return _ENGLISH.index(word[:2].lower())


def day_range(first: int, last: int) -> tuple[int, ...]:
    """Return the weekdays from `first` to `last`, over Sunday where needed."""
    return tuple((first + i) % 7 for i in range((last - first) % 7 + 1))


def day_list(text: str) -> tuple[int, ...]:
    """Return the weekdays of "월~금", "화, 목", "토일요일", "Mon-Fri", in the order written."""
    found: list[int] = []
    for match in re.finditer(rf"({DAY})(?:\s*[~\-]\s*({DAY}))?", text, re.IGNORECASE):
        last = match[2] or match[1]
        found.extend(day_range(weekday(match[1]), weekday(last)))
    return tuple(dict.fromkeys(found))
