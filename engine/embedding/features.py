"""A text as the rows of a table of vectors: the concepts it names, and the letters of its words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

from engine.embedding.lexicon import Lexicon

BUCKETS: Final = 4096

_NEGATED: Final = -0.7  # "not loud" is less than "quiet"
_TEXT_HIGH: Final = 2000  # characters; nobody says what he wants in more
_WORDS_REMEMBERED: Final = 1 << 15

# Latin letters without their accents: who types "kavarna" means "kavárna". Hangul stays whole.
_PLAIN: Final = {
    code: plain[0]
    for code in range(0xC0, 0x250)
    if len(plain := unicodedata.normalize("NFKD", chr(code))) > 1 and plain[0].isascii()
}
_ACCENTED: Final = re.compile("[\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Features:
    """Concept → sign by row, and the hash buckets of the letters, each once, in order."""

    concepts: dict[int, float]
    letters: list[int]


def features_of(text: str, *, lexicon: Lexicon) -> Features:
    """
    Return the features of any text.

    A word that names a concept is spelled too: 우동 is a noodle dish, but not any noodle dish.
    """
    matches, rest = lexicon.match(without_accents(text[:_TEXT_HIGH].lower()))
    concepts = {match.concept: _NEGATED if match.is_negated else 1.0 for match in matches}
    words = [match.word for match in matches if not match.is_negated]
    buckets = [bucket for word in (*words, *rest) for bucket in _buckets(word)]
    return Features(concepts, list(dict.fromkeys(buckets)))


def without_accents(text: str) -> str:
    """Return `text` with plain Latin letters, as many as it had."""
    return text.translate(_PLAIN) if _ACCENTED.search(text) else text


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _buckets(word: str) -> tuple[int, ...]:
    """Return the buckets of the word and of its n-grams, ends marked."""
    marked = f"<{word}>"
    # A syllable block of Hangul says about as much as two or three Latin letters.
    low, high = (2, 3) if word[0] >= "가" else (3, 4)
    grams = {marked[i : i + size] for size in (low, high) for i in range(len(marked) - size + 1)}
    grams.add(marked)
    return tuple(sorted(crc32(gram.encode()) % BUCKETS for gram in grams))
