"""Text made comparable, with the way back to the offsets of what was written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from engine.text.hangul import is_syllable, letters, split_syllable

# NFKC would turn the letters of ㅋㅋ and ㅎㄷ (U+3131–318E) into parts waiting for a syllable.
_COMPATIBILITY_JAMO: Final = range(0x3131, 0x318F)
_JOINING_JAMO: Final = range(0x1160, 0x1200)  # vowels and finals of decomposed Hangul
_IGNORED: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` for matching; its character i came from `source[starts[i]:ends[i]]`."""

    source: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open source offsets of the non-empty text[start:end]."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=4096)
def _joins_the_last(character: str) -> bool:
    return unicodedata.combining(character) > 0 or ord(character) in _JOINING_JAMO


def _segments(source: str) -> list[tuple[int, int]]:
    """Return the offsets of the pieces that can be normalised one by one."""
    cuts = [
        index
        for index, character in enumerate(source)
        if index == 0 or not _joins_the_last(character)
    ]
    return list(pairwise([*cuts, len(source)]))


# Few characters make up nearly all that is written, so each is folded once.
@lru_cache(maxsize=4096)
def _fold(piece: str) -> str:
    if len(piece) == 1 and ord(piece) in _COMPATIBILITY_JAMO:
        return piece
    folded = unicodedata.normalize("NFKC", piece).casefold()
    return "".join(c for c in unicodedata.normalize("NFKC", folded) if c not in _IGNORED)


def normalise(source: str) -> Normalised:
    """
    Return `source` in NFKC and folded case, each run of white space one blank, none at the ends.

    Decomposed Hangul is composed, full-width forms become ordinary ones, zero-width characters go.
    """
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _segments(source):
        for character in _fold(source[start:end]):
            blank = character.isspace()
            if blank and (not text or text[-1] == " "):
                continue
            text.append(" " if blank else character)
            starts.append(start)
            ends.append(end)
    if text and text[-1] == " ":
        text, starts, ends = text[:-1], starts[:-1], ends[:-1]
    return Normalised(source, "".join(text), tuple(starts), tuple(ends))


def match_key(text: str) -> str:
    """Return what two spellings of one name share: normalised, letters and digits only."""
    return "".join(c for c in normalise(text).text if c.isalnum())


def initial_consonants(text: str) -> str:
    """Return the 초성 of `text`: 홍대 3번 → "ㅎㄷ 3ㅂ"."""
    return "".join(split_syllable(c)[0] if is_syllable(c) else c for c in text)


def trigrams(text: str) -> frozenset[str]:
    """
    Return the three-letter pieces of each word, Hangul taken apart first.

    Words are padded as pg_trgm does, two blanks before and one after. Taken apart, one wrong
    vowel (홍데) spoils three pieces of a name instead of all of them.
    """
    pieces: set[str] = set()
    for word in normalise(text).text.split():
        padded = f"  {letters(word)} "
        pieces.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return frozenset(pieces)


def similarity(left: str, right: str) -> float:
    """Return the share of trigrams in common, in [0, 1]: shared over all (Jaccard)."""
    a, b = trigrams(left), trigrams(right)
    return len(a & b) / len(a | b) if a or b else 0.0
