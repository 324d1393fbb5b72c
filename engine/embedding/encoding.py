"""
Texts as unit vectors: a curated bilingual lexicon first, hashed letters for what it lacks.

A text is cut into pieces that the lexicon knows and pieces that it does not. Each known piece adds
the direction of its concept, so that "조용한 카페" and "quiet cafe" are nearly the same text; an
opposite points away from its concept, so that "시끄러운" is not merely another word. All pieces,
names above all, add their hashed character n-grams. The directions of the concepts are curated and
orthogonal where they are unrelated; how much each weighs, and where each n-gram points, is learned
from the places' own texts (`engine.embedding.training`) and shipped as a file.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
import numpy.typing as npt

from engine.embedding.features import BUCKETS, Features, features_of
from engine.embedding.lexicon import Lexicon, read_lexicon
from engine.embedding.types import VectorArray

DIMENSIONS: Final = 256

_KIND: Final = "3"  # of the code that makes vectors; what data it reads is told by its checksum
_SEED: Final = 20260101
_NEAR_WEIGHT: Final = 0.5
_OPPOSITE_WEIGHT: Final = 0.9
_INT8_HIGH: Final = 127.0
_TRAINED: Final = "encoder.npz"


class UntrainedEncoder(ValueError):
    """The file of what was learned is missing or is none."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What is learned: the weight of each concept, and where the letters of each bucket point."""

    weights: Mapping[str, float]  # by concept, in the order that they were given their axes
    letters: VectorArray  # (BUCKETS, DIMENSIONS)

    def to_bytes(self) -> bytes:
        """Return the projection as a file: letters as bytes with a scale for each bucket."""
        scales = np.maximum(np.abs(self.letters).max(axis=1), 1e-6) / _INT8_HIGH
        file = io.BytesIO()
        np.savez_compressed(
            file,
            names=np.array(list(self.weights), dtype=np.str_),
            weights=np.array(list(self.weights.values()), dtype=np.float32),
            scales=scales.astype(np.float32),
            letters=np.rint(self.letters / scales[:, None]).astype(np.int8),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Projection:
        """
        Return what `to_bytes` wrote.

        Raises:
            UntrainedEncoder: it is something else, or was made for other buckets or dimensions.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                letters = file["letters"].astype(np.float32) * file["scales"][:, None]
                weights = dict(zip(file["names"].tolist(), file["weights"].tolist(), strict=True))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise UntrainedEncoder(f"no trained projection: {error}") from error
        if letters.shape != (BUCKETS, DIMENSIONS):
            raise UntrainedEncoder(
                f"a projection of {letters.shape}, not {(BUCKETS, DIMENSIONS)}: train it again"
            )
        return cls(weights, letters)


@dataclass(frozen=True, slots=True)
class LexiconEncoder:
    """The default encoder: offline, a few megabytes, about 100 µs a text."""

    lexicon: Lexicon
    concepts: VectorArray  # (concepts, DIMENSIONS)
    letters: VectorArray  # (BUCKETS, DIMENSIONS)
    version: str
    name: str = "lexicon"
    dimensions: int = DIMENSIONS

    def encode(self, texts: Sequence[str]) -> VectorArray:
        """Return (len(texts), DIMENSIONS) float32 rows of length 1."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._encode(features_of(text, lexicon=self.lexicon))
        return rows

    def _encode(self, features: Features) -> VectorArray:
        vector = np.zeros(DIMENSIONS, dtype=np.float32)
        if features.concepts:
            signs = np.fromiter(features.concepts.values(), dtype=np.float32)
            vector += signs @ self.concepts.take(list(features.concepts), axis=0)
        if features.letters:
            vector += np.add.reduce(self.letters.take(features.letters, axis=0))
        # A text and its own denial ("quiet, not quiet") may cancel; it then says nothing.
        length = math.sqrt(vector.dot(vector))
        if length <= 1e-6:
            vector, length = self.letters[0], float(np.linalg.norm(self.letters[0]))
        unit: VectorArray = vector / np.float32(length)
        return unit


def concept_directions(lexicon: Lexicon, *, known: Sequence[str] = ()) -> VectorArray:
    """
    Return one unit row for each concept of the lexicon, (concepts, DIMENSIONS).

    Concepts of `known` keep their axes whatever was added since; others take those that are free.

    Raises:
        ValueError: there are more concepts than axes.
    """
    order = [*known, *(name for name in lexicon.concepts if name not in set(known))]
    if len(order) > DIMENSIONS:
        raise ValueError(f"{len(order)} concepts, but at most {DIMENSIONS} can be told apart")
    axes = orthogonal(np.random.default_rng(_SEED))
    axis = {name: axes[row] for row, name in enumerate(order)}
    vectors = np.array([axis[name] for name in lexicon.concepts], dtype=np.float32)
    for row, concept in enumerate(lexicon.concepts.values()):
        for near in concept.near:
            vectors[row] += _NEAR_WEIGHT * axis[near]
        if concept.opposite:
            vectors[row] -= _OPPOSITE_WEIGHT * axis[concept.opposite]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def orthogonal(generator: np.random.Generator) -> VectorArray:
    """Return a random orthogonal matrix; the sign rule makes the factorisation unique."""
    q, r = np.linalg.qr(generator.standard_normal((DIMENSIONS, DIMENSIONS)))
    return np.asarray(q * np.sign(np.diag(r)), dtype=np.float32)


def make_encoder(*, lexicon: Lexicon, projection: Projection, version: str) -> LexiconEncoder:
    """Return the encoder; a concept that the projection does not know weighs what is usual."""
    weights: npt.NDArray[np.float32] = np.array(
        [projection.weights.get(name, np.nan) for name in lexicon.concepts], dtype=np.float32
    )
    usual = np.nanmedian(weights) if np.isfinite(weights).any() else 1.0
    weights = np.where(np.isfinite(weights), weights, usual).astype(np.float32)
    directions = concept_directions(lexicon, known=tuple(projection.weights))
    return LexiconEncoder(
        lexicon=lexicon,
        concepts=directions * weights[:, None],
        letters=projection.letters,
        version=version,
    )


@lru_cache(maxsize=1)
def default_encoder() -> LexiconEncoder:
    """
    Return the encoder that needs no download, as trained and shipped.

    Its version follows the data files: another word or another training makes other vectors.
    """
    folder = resources.files("engine").joinpath("data")
    data = folder.joinpath(_TRAINED).read_bytes()
    checksum = crc32(folder.joinpath("concepts.toml").read_bytes(), crc32(data))
    return make_encoder(
        lexicon=read_lexicon(),
        projection=Projection.from_bytes(data),
        version=f"{_KIND}.{checksum:08x}",
    )
