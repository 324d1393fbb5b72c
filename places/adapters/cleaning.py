"""Cleans the cells of Korean public data: names, numbers, prices, dates, districts."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any, Final

from places.adapters import prices
from places.types import Refusal, Row

MEMORY: Final = 1 << 16  # texts of which is remembered what was found in them
HANGUL: Final = re.compile(r"[가-힣]")
LATIN: Final = re.compile(r"[A-Za-z]")
SCRIPT: Final = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.I | re.S)
# Control characters, marks that turn the direction of what follows, and blanks of no width; not the one that joins emoji.
UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
TAG: Final = re.compile(r"<[^>]*>")
DISTRICT: Final = re.compile(r"(?:^|\s)([가-힣]{1,4}구)(?=\s|$)")
LATIN_ASIDE: Final = re.compile(r"\s*\(([^()가-힣]*[A-Za-z][^()가-힣]*)\)\s*$")
# Years from 1900 on. Of "04/11/2024" nobody knows which of the two is the day.
DAY: Final = re.compile(
    r"\s*(?:((?:19|[2-9]\d)\d{2})\s*[-./년]\s*(\d{1,2})(?:\s*[-./월]\s*(\d{1,2}))?(?![\d:])"
    r"|((?:19|[2-9]\d)\d{2})(\d{2})(?:(\d{2})(?:\d{4}|\d{6})?)?(?!\d)"
    r"|(?P<short>\d{2})[-.](\d{1,2})(?:[-.](\d{1,2}))?(?![\d:./-])"
    r"|(\d{1,2})\.\s?(\d{1,2})\.\s?(?P<year_last>(?:19|[2-9]\d)\d{2})(?!\d))"
)
CLOSED_IN_NAME: Final = re.compile(r"[(\[]\s*(?:임시\s*)?(?:휴관|폐관|휴업|폐업|폐쇄)[^)\]]*[)\]]")
CLOSED_TEXT: Final = re.compile(
    r"^\s*(?:임시\s*)?(?:휴관|폐관|휴업|폐업)(?:\s*중)?\s*\.?$|(?:무기한|장기|임시)\s*휴관|폐관"
)
SWAPPED: Final = "latitude and longitude swapped"
ROAD_ADDRESS: Final = re.compile(
    r"([가-힣A-Za-z\d.·]+(?:로|길))\s*(?:지하\s*)?(\d+(?:-\d+)?)(?!\d*[가-힣]*길)"
)


def text(value: Any) -> str:
    """Return a cell as one clean line: no markup, nothing unseen, one space between words, NFC."""
    plain = html.unescape(str(value if value is not None else ""))
    if "<" in plain:
        plain = TAG.sub(" ", SCRIPT.sub(" ", plain))
    plain = " ".join(unicodedata.normalize("NFC", plain).split())
    return plain if plain.isprintable() else " ".join(UNSEEN.sub("", plain).split())


def number(value: Any) -> float | None:
    """Return a cell as a number, or None where it is none or not finite."""
    try:
        found = float(str(value).replace(",", "").strip())
    except ValueError:
        return None
    return found if abs(found) < 1e12 else None  # false for NaN and infinities too


def position(row: Row, latitude: str, longitude: str) -> tuple[float, float] | Refusal:
    """Return the row's latitude and longitude, or why there is none."""
    y, x = number(row.values.get(latitude)), number(row.values.get(longitude))
    if y is None or x is None or (y == 0 and x == 0):
        return Refusal(row.where, "no coordinates")
    if not (-90 <= y <= 90 and -180 <= x <= 180):
        return Refusal(row.where, out_of_range(y, x), f"{y}, {x}")
    return y, x


def out_of_range(latitude: float, longitude: float) -> str:
    """Return why a point that is none on Earth is refused."""
    if 90 < abs(latitude) <= 180 and abs(longitude) <= 90:
        return SWAPPED
    return "coordinates out of range"


def day(value: Any) -> date | None:
    """
    Return the date of "2024-11-04", "2024. 11. 4.", "2024년 11월 4일", "20241104", "4.11.2024" or
    "24-10" (its first day), whatever time stands behind; None for what is none, or may be another.
    """
    found = DAY.match(str(value or ""))
    if not found:
        return None
    parts = [int(part) for part in found.groups() if part]
    if found["year_last"]:
        parts.reverse()
    year, month, of_month = (*parts, 1)[:3]
    try:
        return date(year + 2000 if found["short"] else year, month, of_month)
    except ValueError:
        return None


def district(*addresses: str) -> str:
    """Return the gu that the first address with one names."""
    for address in addresses:
        found = DISTRICT.search(address)
        if found:
            return found[1]
    return ""


@lru_cache(maxsize=MEMORY)
def road_address(address: str) -> str:
    """Return "road number" without spaces, which is the same for every spelling; "" if none."""
    found = ROAD_ADDRESS.search(address)
    return f"{found[1]}{found[2]}" if found else ""


def split_name(said: str) -> tuple[str, str]:
    """Return the Korean name and the English aside: "가락시장 (Garak Market)"."""
    aside = LATIN_ASIDE.search(said)
    if aside and HANGUL.search(said[: aside.start()]):
        return said[: aside.start()].strip(), aside[1].strip()
    return said, ""


def is_name(said: str) -> bool:
    """Tell whether there is a letter in it."""
    return bool(HANGUL.search(said) or LATIN.search(said))


def fee(said: str) -> tuple[int, int] | None:
    """
    Return what an adult pays, as the text says; None where it does not say.

    A bare 0 says nothing: only the word 무료 does.
    """
    return prices.fee(text(said))


def is_closed(name: str, closing: str) -> bool:
    """Tell whether the source says that the place does not operate."""
    return bool(CLOSED_IN_NAME.search(name) or CLOSED_TEXT.search(closing))


def without_closed_mark(name: str) -> str:
    """Return the name without "(휴관)"."""
    return CLOSED_IN_NAME.sub("", name).strip()
