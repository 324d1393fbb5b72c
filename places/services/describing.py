"""What is encoded of a place: its names, and what it is in the words of both languages."""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.catalogue import CATEGORIES
from engine.embedding.types import Description, Encoder, label_of

KINDS: Final = Path(__file__).resolve().parent.parent / "data" / "kinds.toml"
LARGE_PARK: Final = 10  # of 10,000 m²

# Raised when `describe` says other things of the same place with the same data.
_COMPOSITION: Final = 1

_PRICE: Final = re.compile(r"[\d,]+\s*원")
_AREA: Final = re.compile(r"^넓이 ([\d,]+)만㎡$")
_LABEL: Final = re.compile(r"^(?:점포 \d+곳|지정 유산 \d+점|취급 품목|대표 메뉴|음식)\s*")
SAID_OF: Final = ("names", "category", "source_class", "mood_scores", "description", "facts")
ENCODED: Final = frozenset({"name", *SAID_OF})  # a change of one of these changes the vector


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The words of the data file by what they are said of."""

    categories: Mapping[str, str]
    classes: Mapping[str, str]
    cuisines: Mapping[str, str]
    moods: Mapping[str, str]
    phrases: Mapping[str, str]


@lru_cache(maxsize=1)
def _kinds() -> _Kinds:
    return _Kinds(**tomllib.loads(KINDS.read_text("utf-8")))


def label_of_vectors(encoder: Encoder) -> str:
    """
    Return what is stored beside a place's vector: the encoder, and what the text was composed of.

    Two vectors compare only if theirs are equal, and a place whose differs is encoded anew.
    """
    return f"{label_of(encoder)}+{_composition():08x}"


@lru_cache(maxsize=1)
def _composition() -> int:
    """Return a checksum of all that composes a text beside the place itself."""
    words = [f"{category.ko} {category.en}" for category in CATEGORIES.values()]
    return zlib.crc32("\n".join((str(_COMPOSITION), KINDS.read_text("utf-8"), *words)).encode())


def describe(place: Mapping[str, Any]) -> Description:
    """
    Return what is encoded of a place, given its columns by name.

    The district is left out: where a place lies is asked of the map, not of its words.
    """
    category, kinds = CATEGORIES[place["category"]], _kinds()
    # As jsonb orders its keys, so that a place says the same before and after it was stored.
    moods = sorted(place["mood_scores"], key=lambda mood: (len(mood), mood))
    said = [
        f"{category.ko} {category.en}",
        kinds.categories.get(place["category"], ""),
        kinds.classes.get(place["source_class"], ""),
        *(kinds.moods[mood] for mood in moods),
        *_cuisines(place["facts"].get("cuisine", {}).get("said", "")),
        *_described(place["description"]),
    ]
    names = place["names"]
    return Description(
        names=(names["ko"], names["en"]), about=" ".join(dict.fromkeys(filter(None, said)))
    )


def describe_row(place: object) -> Description:
    """Return what is encoded of a model instance."""
    return describe({name: getattr(place, name) for name in SAID_OF})


def _cuisines(said: str) -> Iterator[str]:
    for cuisine in re.split(r"[;,/]", said):
        key = cuisine.strip().lower().replace(" ", "_")
        yield _kinds().cuisines.get(key, key.replace("_", " "))


def _described(description: str) -> Iterator[str]:
    """Yield the words of our own description, without its district, labels and prices."""
    for part in description.split(" · ")[1:]:
        if part.startswith("음식 "):
            continue  # said by the facts already
        if area := _AREA.match(part):
            if int(area[1].replace(",", "")) >= LARGE_PARK:
                yield "넓은 large"
            continue
        words = _PRICE.sub(" ", _LABEL.sub("", part)).strip()
        yield words
        yield from (told for key, told in _kinds().phrases.items() if key in words)
