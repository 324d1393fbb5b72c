"""Candidates as arrays, built once for each request and shared by the three kinds of card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.catalogue import CATEGORIES
from engine.types import Candidate, Constraints

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

CATEGORY_NAMES = tuple(CATEGORIES)
# Cosines of the shipped encoder over the questions of `benchmarks.retrieval`: 95 in 100 pairs of a
# question and any place lie below the first; for 95 in 100 questions some place lies above the second.
_UNRELATED: Final = 0.13
_ALIKE: Final = 0.4
_LIKED: Final = 0.45  # of a taste learned from five places of a kind with the kind's other places
COLUMNS: Final = (
    "stay_min", "cost_low", "cost_high", "quality", "freshness", "popularity", "congestion",
)  # fmt: skip
_read_columns = attrgetter(*COLUMNS)
_CATEGORY_ROW = {name: row for row, name in enumerate(CATEGORY_NAMES)}


HOURS: Final = 72  # a plan begins on its first day and lasts at most two more


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the formula reads of n candidates, each array (n,) unless said."""

    category: IntArray  # row of CATEGORY_NAMES
    cost_high: IntArray
    stay_min: FloatArray
    quality: FloatArray
    popularity: FloatArray
    freshness: FloatArray
    congestion: FloatArray
    crowd: FloatArray  # (n, HOURS) from local midnight, 1 as usual; (n, 0) where nothing is told
    indoor: BoolArray
    chain: BoolArray
    mood: FloatArray  # (n, asked moods), confidence that the place has it, 0 where nothing says so
    avoided_mood: FloatArray  # (n,), highest confidence of a mood to avoid
    query_match: FloatArray  # [0, 1], how near the sentence beside the nearest; 0 for no vector
    taste_cosine: FloatArray  # [0, 1], 0.5 unrelated or without a vector, 1 as liked, 0 disliked


def liking(vectors: npt.NDArray[np.float32], taste: npt.NDArray[np.float32] | None) -> FloatArray:
    """
    Return (1 + product / _LIKED) / 2 for each row; for a taste of length 1 the product is a cosine.

    A shorter taste says less of everything; a zero row, for a missing vector, gives 0.5.
    """
    if taste is None or not len(vectors):
        return np.full(len(vectors), 0.5)
    return np.asarray((1.0 + vectors @ taste / _LIKED) / 2, dtype=np.float64).clip(0.0, 1.0)


def _match(vectors: npt.NDArray[np.float32], query: npt.NDArray[np.float32] | None) -> FloatArray:
    """
    Return how far each stands above the unrelated beside the best one, so that "tea house" parts
    tea houses from other cafés.

    A sentence that nothing here resembles tells no place apart.
    """
    if query is None or not len(vectors):
        return np.zeros(len(vectors))
    cosine = np.asarray(vectors @ query, dtype=np.float64).clip(_UNRELATED, 1.0)
    return (cosine - _UNRELATED) / (max(_ALIKE, float(cosine.max())) - _UNRELATED)


def _vectors(candidates: Sequence[Candidate], dimensions: int) -> npt.NDArray[np.float32]:
    missing = np.zeros(dimensions, dtype=np.float32)
    rows = [missing if c.embedding is None else c.embedding for c in candidates]
    return np.array(rows, dtype=np.float32).reshape(len(candidates), dimensions)


def _crowds(candidates: Sequence[Candidate]) -> FloatArray:
    if not any(candidate.crowd for candidate in candidates):
        return np.zeros((len(candidates), 0))
    crowds = np.ones((len(candidates), HOURS))
    for row, candidate in enumerate(candidates):
        for hour, factor in candidate.crowd.items():
            crowds[row, hour] = factor
    return crowds


def hour_of(*, starts_at: datetime, minutes: float) -> int:
    """Return the hour, from local midnight of the first day, `minutes` after the start of a plan."""
    return int((starts_at.hour * 60 + starts_at.minute + minutes) // 60)


def is_indoor(candidate: Candidate) -> bool:
    """Return whether the candidate is indoors, by its category where its source is silent."""
    if candidate.indoor is None:
        return CATEGORIES[candidate.category].indoor
    return candidate.indoor


def read_columns(candidates: Sequence[Candidate]) -> FloatArray:
    """Return the numbers of `COLUMNS`, a row for each candidate."""
    rows = [*map(_read_columns, candidates)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(COLUMNS))


def build_features(
    *, candidates: Sequence[Candidate], constraints: Constraints, columns: FloatArray | None = None
) -> Features:
    """Return the arrays of `candidates`, in order; `columns` are those of `read_columns`, where known."""
    count, moods = len(candidates), constraints.moods
    avoided = [name for name in constraints.avoid if name not in CATEGORIES]
    wanted = constraints.query_embedding, constraints.taste
    dimensions = next((len(vector) for vector in wanted if vector is not None), 0)
    vectors = _vectors(candidates, dimensions) if dimensions else np.zeros((count, 0), np.float32)
    columns = read_columns(candidates) if columns is None else columns
    numbers = dict(zip(COLUMNS, columns.T, strict=True))
    return Features(
        category=np.array([_CATEGORY_ROW[c.category] for c in candidates], dtype=np.int64),
        cost_high=numbers["cost_high"].astype(np.int64),
        stay_min=numbers["stay_min"],
        quality=numbers["quality"],
        popularity=numbers["popularity"],
        freshness=numbers["freshness"],
        congestion=numbers["congestion"],
        crowd=_crowds(candidates),
        indoor=np.array([is_indoor(c) for c in candidates], dtype=np.bool_),
        chain=np.array([c.chain is not None for c in candidates], dtype=np.bool_),
        mood=np.array(
            [[c.moods.get(mood, 0.0) for mood in moods] for c in candidates], dtype=np.float64
        ).reshape(count, len(moods)),
        avoided_mood=np.array(
            [max((c.moods.get(mood, 0.0) for mood in avoided), default=0.0) for c in candidates],
            dtype=np.float64,
        )
        if avoided
        else np.zeros(count),
        query_match=_match(vectors, constraints.query_embedding),
        taste_cosine=liking(vectors, constraints.taste),
    )
