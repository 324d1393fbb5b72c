"""
What is learned: how much each concept and each bucket of letters speaks for each tag.

A linear model over the encoder's features (`engine.embedding.features`). Words that name a tag
outright are taken out of the text before: what they say is counted, not learned.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from engine.embedding.features import BUCKETS, features_of
from engine.embedding.lexicon import Lexicon
from engine.tagging.finding import Mention
from engine.tagging.gathering import Part
from engine.tagging.types import TagKind
from engine.tagging.vocabulary import tags

FORMAT: Final = 1  # of the file; another code reads another

_INT8_HIGH: Final = 127.0
_SCORE_HIGH: Final = 8.0

Matrix = npt.NDArray[np.float32]


class UntrainedTagger(ValueError):
    """The file of what was learned is missing or is none."""


@dataclass(frozen=True, slots=True)
class Features:
    """One document: the row of each feature that it has, concepts first, then buckets."""

    rows: npt.NDArray[np.intp]
    values: Matrix


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of the concepts (by name) and of the buckets for each tag."""

    tags: tuple[str, ...]
    concepts: tuple[str, ...]
    weights: Matrix  # (concepts + BUCKETS, tags)
    bias: Matrix  # (tags,)

    def scores(self, features: Features) -> Mapping[str, float]:
        """Return the log-odds of each tag, in [-8, 8]; the usual ones of a document without a feature."""
        made = features.values @ self.weights[features.rows] + self.bias
        made = np.clip(made, -_SCORE_HIGH, _SCORE_HIGH)
        return dict(zip(self.tags, made.tolist(), strict=True))

    def to_bytes(self) -> bytes:
        """Return the model as a file: weights as bytes with a scale for each tag."""
        scales = np.maximum(np.abs(self.weights).max(axis=0), 1e-6) / _INT8_HIGH
        file = io.BytesIO()
        np.savez_compressed(
            file,
            format=np.array(FORMAT),
            tags=np.array(self.tags, dtype=np.str_),
            concepts=np.array(self.concepts, dtype=np.str_),
            scales=scales.astype(np.float32),
            weights=np.rint(self.weights / scales).astype(np.int8),
            bias=self.bias.astype(np.float32),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str) -> LinearModel:
        """
        Return what `to_bytes` wrote; `name` is what the file is called in an error.

        Raises:
            UntrainedTagger: it is something else, of another format, of other features, or not finite.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                kind = int(file["format"])
                names, concepts = file["tags"].tolist(), file["concepts"].tolist()
                weights = file["weights"].astype(np.float32) * file["scales"]
                bias = file["bias"].astype(np.float32)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise UntrainedTagger(f"{name} is no trained tagger: {error}") from error
        if kind != FORMAT:
            raise UntrainedTagger(f"{name} is of format {kind}, not {FORMAT}: train it again")
        shape = (len(concepts) + BUCKETS, len(names))
        if weights.shape != shape or bias.shape != shape[1:]:
            raise UntrainedTagger(f"{name} has weights of {weights.shape}, not {shape}")
        if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
            raise UntrainedTagger(f"{name} has a weight that is no number")
        return cls(tuple(names), tuple(concepts), weights, bias)


@dataclass(frozen=True, slots=True)
class Featuring:
    """Turns documents into features of a model that knows `concepts`."""

    lexicon: Lexicon
    row_of: Mapping[int, int]  # row of the lexicon → row of the model
    concepts: int

    @classmethod
    def of(cls, *, lexicon: Lexicon, concepts: Sequence[str]) -> Featuring:
        rows = {name: row for row, name in enumerate(concepts)}
        known = {row: rows[name] for row, name in enumerate(lexicon.concepts) if name in rows}
        return cls(lexicon, known, len(concepts))

    def features(self, parts: Sequence[tuple[Part, tuple[Mention, ...]]]) -> Features:
        """Return the features of what is left of the texts without the words that name tags."""
        found: dict[int, float] = {}
        for part, mentions in parts:
            features = features_of(_without(part.text, mentions), lexicon=self.lexicon)
            for concept, sign in features.concepts.items():
                if concept in self.row_of:
                    found[self.row_of[concept]] = sign
            found.update((self.concepts + bucket, 1.0) for bucket in features.letters)
        rows = np.fromiter(sorted(found), dtype=np.intp, count=len(found))
        values = np.array([found[row] for row in rows.tolist()], dtype=np.float32)
        # A long text has many letters; that they are many says nothing.
        scale = np.float32(1.0 / np.sqrt(max(1.0, len(found) / _USUAL_FEATURES)))
        return Features(rows, values * scale)


_USUAL_FEATURES: Final = 30


def _without(text: str, mentions: Sequence[Mention]) -> str:
    """Return `text` with blanks for the words that name a mood, a time, crowds or a price."""
    if not mentions:
        return text
    left = list(text)
    for mention in mentions:
        if tags()[mention.tag].kind is not TagKind.CATEGORY:
            left[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(left)
