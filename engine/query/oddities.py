"""Numbers that are understood and that no field can hold: less than nothing, dates, exits, 25시."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.query.readings import Item, Word

_NO_FIELD: Final = (Word("no_field"),)

_MEASURE: Final = r"\d[\d,.]{0,11}\s?(?:시간|분|만\s?원|만|천\s?원|천|원|명|hours?\b|hrs?\b|h\b|min\w*|k\b|won\b|krw\b|kč\b|czk\b|people\b)"
_BELOW_ZERO: Final = re.compile(
    rf"(?:^|(?<=\s))(?:(?P<sign>-)\s?|마이너스\s?|minus\s){_MEASURE}(?:\s?won\b)?|₩\s?-\s?\d[\d,.]*|-\s?₩\s?\d[\d,.]*"
)
_BULLET: Final = re.compile(r"(?:^|\s)-\s?(?!\d)\S")
_DATE: Final = re.compile(
    r"\d{1,2}\s?월\s?\d{1,2}\s?일(?!정)|\d{1,2}\s?월\s?(?:초|중순|말)(?![가-힣])"
    r"|\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}"
    r"|(?<![\d월박])(?:\d{1,3}\s?일|\d{1,2}\s?주일?|일주일|이주일|열흘|보름|한\s?달|사흘|나흘|글피|그글피)\s?(?:뒤|후)(?:에|쯤)?"
    r"|글피|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|tember|ober|ember)?\.? \d{1,2}(?:st|nd|rd|th)?\b(?!\s?(?:pm|am|:))"
    r"|\b\d{1,2}(?:st|nd|rd|th)(?: of \w+)?\b|\bin (?:[3-9]|three|four|five|six|seven|ten) days\b|\bnext week\b(?! ?end)"
)
_EXIT: Final = re.compile(
    r"(?<!\d)[1-9]\s?호선(?:\s?라인)?|\d{1,2}\s?번\s?출구|\bexit (?:no\.? ?)?\d{1,2}\b"
)
_NO_HOUR: Final = re.compile(r"(?<!\d)(?:2[5-9]|[3-9]\d|\d{3,})\s?시(?!간|대|절|장|청)")


def odd_items(text: str) -> Iterator[Item]:
    """Yield every stretch of `text` that is a number, or a date, for which there is no field."""
    listed = _BULLET.search(text) is not None  # "- 홍대 - 3시간" is a list, no subtraction
    for pattern in (_BELOW_ZERO, _DATE, _EXIT, _NO_HOUR):
        for match in pattern.finditer(text):
            if pattern is _BELOW_ZERO and listed and match["sign"]:
                continue
            yield Item(match.start(), match.start() + len(match[0].rstrip()), _NO_FIELD)
