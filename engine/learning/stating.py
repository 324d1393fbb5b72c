"""Taste as somebody states it: strengths of moods and categories, and the vector they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np

from engine.catalogue import CATEGORIES, MOODS
from engine.embedding.types import Encoder, VectorArray, label_of
from engine.explain.wording import get_wording
from engine.learning.taste import FloatVector, Taste
from engine.scoring.features import liking

WORDS: Final = (*MOODS, *CATEGORIES)
STRENGTH_HIGH: Final = 1.0
_NOT_FADING: Final = 0.0  # one day for all: what was said holds until something else is said


@dataclass(frozen=True, slots=True)
class Shift:
    """How a change of taste moves one word's places: 0 disliked, 0.5 unmoved, 1 liked."""

    word: str
    before: float
    after: float

    @property
    def moved(self) -> float:
        return self.after - self.before


def label_of_words(encoder: Encoder) -> str:
    """Return what is stored beside a stated taste: with another label it is made anew."""
    return f"{label_of(encoder)}+{_composition():08x}"


def state_taste(*, strengths: Mapping[str, float], encoder: Encoder) -> FloatVector | None:
    """
    Return the taste that `strengths`, each in [-1, 1], make; None for none. No longer than 1.

    Raises:
        ValueError: a word is no mood or category, or a strength is out of bounds.
    """
    vectors = _vectors(encoder)
    taste = Taste.unknown(dimensions=encoder.dimensions, day=_NOT_FADING)
    for word, strength in sorted(strengths.items()):
        if word not in vectors:
            raise ValueError(f"{word!r} is no mood and no category")
        taste = taste.observe(embedding=vectors[word], weight=strength, day=_NOT_FADING)
    return taste.leaning(day=_NOT_FADING)


def list_shifts(
    *, before: FloatVector | None, after: FloatVector | None, encoder: Encoder
) -> tuple[Shift, ...]:
    """
    Return how a change of taste moves the places of each word, those that gain most first.

    A place is liked by the same measure as in scoring, a word standing for its places.
    """
    rows = np.array(list(_vectors(encoder).values()))
    values = zip(WORDS, liking(rows, before), liking(rows, after), strict=True)
    shifts = [Shift(word, float(first), float(second)) for word, first, second in values]
    return tuple(sorted(shifts, key=lambda shift: (-shift.moved, shift.word)))


def _vectors(encoder: Encoder) -> Mapping[str, VectorArray]:
    return _vectors_by(_Labelled(label_of(encoder), encoder))


@dataclass(frozen=True, slots=True, eq=False)
class _Labelled:
    """An encoder that is looked up by its label: a new instance of the same makes the same."""

    label: str
    encoder: Encoder

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Labelled) and other.label == self.label

    def __hash__(self) -> int:
        return hash(self.label)


@lru_cache(maxsize=1)
def _composition() -> int:
    return crc32("\n".join(_text(word) for word in WORDS).encode())


@lru_cache(maxsize=4)
def _vectors_by(labelled: _Labelled) -> Mapping[str, VectorArray]:
    rows = labelled.encoder.encode([_text(word) for word in WORDS])
    return dict(zip(WORDS, rows, strict=True))


def _text(word: str) -> str:
    """Return a word in both languages, as the places' own texts have it."""
    if word in CATEGORIES:
        return f"{CATEGORIES[word].ko} {CATEGORIES[word].en}"
    korean, english = get_wording(locale="ko"), get_wording(locale="en")
    return f"{korean.word('moods', word)} {english.word('moods', word)}"
