"""
Texts as unit vectors: a curated bilingual lexicon first, hashed letters for what it lacks.

A text is cut into pieces that the lexicon knows and pieces that it does not. Each known piece adds
the direction of its concept, so that "조용한 카페" and "quiet cafe" are the same text; an opposite
points away from its concept, so that "시끄러운" is not merely another word. Unknown pieces, names
above all, add their hashed character n-grams with a smaller weight. The directions are rows of
seeded random orthogonal matrices: two unrelated concepts have a cosine of exactly 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol
from zlib import crc32

import numpy as np
import numpy.typing as npt

from engine.embedding.lexicon import Lexicon, Match, read_lexicon

DIMENSIONS: Final = 256

_HASH_BLOCKS = 8
_BUCKETS = _HASH_BLOCKS * DIMENSIONS
_SEED = 20260101
_LETTERS_WEIGHT = 0.35  # of all unknown pieces together, beside 1 for each concept
_NEAR_WEIGHT = 0.5
_OPPOSITE_WEIGHT = 0.9
_NEGATED = -0.7  # "not loud" is less than "quiet"

VectorArray = npt.NDArray[np.float32]

_PIECE = re.compile(r"[가-힣]+|[a-zà-ÿ0-9']+")


class Encoder(Protocol):
    """Turns texts into unit vectors; `name` and `version` are stored beside what it made."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> VectorArray:
        """Return (len(texts), dimensions) float32 rows of length 1."""
        ...


def _orthogonal(generator: np.random.Generator) -> VectorArray:
    """Return a random orthogonal matrix; the sign rule makes the factorisation unique."""
    q, r = np.linalg.qr(generator.standard_normal((DIMENSIONS, DIMENSIONS)))
    return np.asarray(q * np.sign(np.diag(r)), dtype=np.float32)


def _concept_vectors(lexicon: Lexicon, axes: VectorArray) -> VectorArray:
    """Return one unit row for each concept; an opposite or near concept must come unrelated."""
    index = {name: row for row, name in enumerate(lexicon.concepts)}
    vectors = np.zeros((len(index), DIMENSIONS), dtype=np.float32)
    for name, row in index.items():
        concept = lexicon.concepts[name]
        vectors[row] = axes[row]
        for near in concept.near:
            vectors[row] += _NEAR_WEIGHT * axes[index[near]]
        if concept.opposite:
            vectors[row] -= _OPPOSITE_WEIGHT * axes[index[concept.opposite]]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _buckets(piece: str) -> list[int]:
    """Return the hash buckets of the piece's bigrams and trigrams, ends marked."""
    marked = f"<{piece}>"
    grams = [marked[i : i + size] for size in (2, 3) for i in range(len(marked) - size + 1)]
    return [crc32(gram.encode()) % _BUCKETS for gram in grams]


@dataclass(frozen=True, slots=True)
class LexiconEncoder:
    """The default encoder: offline, a few megabytes, under 100 µs a text."""

    lexicon: Lexicon
    concepts: VectorArray  # (concepts, DIMENSIONS)
    letters: VectorArray  # (buckets, DIMENSIONS)
    name: str = "lexicon"
    version: str = "1"
    dimensions: int = DIMENSIONS

    def encode(self, texts: Sequence[str]) -> VectorArray:
        """Return (len(texts), DIMENSIONS) float32 rows of length 1."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._encode(text)
        return rows

    def _encode(self, text: str) -> VectorArray:
        matches, rest = self.lexicon.match(text.lower())
        vector = self._concepts(matches)
        buckets = [bucket for piece in _PIECE.findall(rest) for bucket in _buckets(piece)]
        if buckets or not matches:
            letters = self.letters[buckets or [0]].sum(axis=0)
            vector = vector + _LETTERS_WEIGHT * letters / np.linalg.norm(letters)
        # A text and its own denial ("quiet, not quiet") may cancel; it then says nothing.
        length = float(np.linalg.norm(vector))
        unit: VectorArray = vector / length if length > 1e-6 else self.letters[0]
        return unit

    def _concepts(self, matches: Sequence[Match]) -> VectorArray:
        signs: dict[int, float] = {}
        for match in matches:
            signs[match.concept] = _NEGATED if match.is_negated else 1.0
        if not signs:
            return np.zeros(DIMENSIONS, dtype=np.float32)
        weights = np.fromiter(signs.values(), dtype=np.float32)
        total: VectorArray = weights @ self.concepts[list(signs)]
        return total


@lru_cache(maxsize=1)
def default_encoder() -> Encoder:
    """Return the encoder that needs no download and no training."""
    generator = np.random.default_rng(_SEED)
    lexicon = read_lexicon()
    if len(lexicon.concepts) > DIMENSIONS:
        raise ValueError(f"the lexicon has more than {DIMENSIONS} concepts")
    axes = _orthogonal(generator)
    letters = np.concatenate([_orthogonal(generator) for _ in range(_HASH_BLOCKS)])
    return LexiconEncoder(
        lexicon=lexicon, concepts=_concept_vectors(lexicon, axes), letters=letters
    )
