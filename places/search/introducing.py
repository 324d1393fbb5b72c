"""A place introduced in one line of facts, in the caller's language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from engine.catalogue import CATEGORIES

if TYPE_CHECKING:
    from places.models import Place

INTRODUCTIONS: Final = Path(__file__).parent.parent / "data" / "introductions.toml"
CUISINE: Final = "음식 "  # what stands before it in the line that is stored
AREA: Final = re.compile(r"넓이 ([\d,]+)만㎡")
_APART: Final = " · "


@dataclass(frozen=True, slots=True)
class _Words:
    """The data file; patterns with what they are in English."""

    words: Mapping[str, str]
    parts: Sequence[tuple[re.Pattern[str], str]]
    goods: Mapping[str, str]
    cuisines: Mapping[str, Sequence[str]]  # Korean, English


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(INTRODUCTIONS.read_text("utf-8"))
    parts = [
        (re.compile(re.escape(ko).replace(r"\{\}", "(.+)")), en)
        for ko, en in data.pop("parts").items()
    ]
    return _Words(parts=parts, **data)


def introduce(place: Place, /, *, district_en: str, language: Literal["ko", "en"]) -> str:
    """
    Return what is said of a place in `language`; `district_en` is the English name of its district.

    What is stored begins with its district and category, where we composed it: what was written
    otherwise stays as it is, and so do the names of dishes and of halls.
    """
    category = CATEGORIES[place.category]
    first, *rest = place.description.split(_APART)
    if first != f"{place.district} {category.ko}".strip():
        return place.description
    if language == "en":
        kind = category.en[:1].upper() + category.en[1:]
        first = f"{kind} in {district_en}" if district_en else kind
    return _APART.join([first, *(_told(part, language) for part in rest)])


def _told(part: str, language: Literal["ko", "en"]) -> str:
    if part.startswith(CUISINE):
        return ", ".join(dict.fromkeys(_cuisines(part.removeprefix(CUISINE), language)))
    if language == "ko":
        return part
    words = _words()
    if part in words.words:
        return words.words[part]
    if area := AREA.fullmatch(part):
        return f"{int(area[1].replace(',', '')) * 10_000:,} m²"
    for pattern, told in words.parts:
        if found := pattern.fullmatch(part):
            goods = (words.goods.get(one, one) for one in found[1].split(", "))
            return told.format(", ".join(goods))
    return part


def _cuisines(said: str, language: Literal["ko", "en"]) -> Iterator[str]:
    """Yield each of `pizza;South_American`."""
    for cuisine in re.split(r"[;,/]", said):
        plain = " ".join(cuisine.replace("_", " ").split())
        key = plain.lower().replace(" ", "_").replace("-", "_")
        if key:
            ko, en = _words().cuisines.get(key, (plain, plain))
            yield ko if language == "ko" else en
