"""The places near enough, as arrays: what they are worth beside each other, and the best of each kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from engine.catalogue import CATEGORIES
from engine.embedding.wishing import wish_of
from engine.types import Constraints
from places.candidate_rows import avoided_categories, near_query, planar_reach, projected
from places.opening.types import OpeningHours
from places.stored_hours import HOURS_KEY_BYTES, list_hours

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# A place as `places_packed` writes it (migration 0028).
PACKED: Final = (
    ("pk", ">i8"),
    ("public_id", "V16"),
    ("x", ">f8"),
    ("y", ">f8"),
    ("popularity", ">f8"),
    ("quality", ">f8"),
    ("freshness", ">f8"),
    ("cost_high", ">i4"),
    ("stay_min", ">i4"),
    ("hours", f"V{HOURS_KEY_BYTES}"),
    ("category", "S16"),
    ("currency", "S3"),
    ("has_hours", "?"),
    ("is_of_chain", "?"),
)

# Categories as numbers: of their first eight letters, which tell them apart.
_NAMES: Final = sorted(CATEGORIES, key=lambda name: name.ljust(16).encode()[:8])
_LETTERS: Final = np.array(
    [int.from_bytes(name.ljust(16).encode()[:8]) for name in _NAMES], dtype=np.uint64
)

# What makes a place worth looking at before the engine scores it: each in [0, 1], by weight.
WEIGHTS: Final = {
    "proximity": 0.30,
    "popularity": 0.25,
    "quality": 0.15,
    "freshness": 0.10,
    "known_hours": 0.15,
    "mood": 0.40,
    "similarity": 0.60,
    "chain": -0.20,
}


class NearRow(NamedTuple):
    """One place near enough, with what decides whether it goes on."""

    pk: int
    category: str
    city: str
    hours: OpeningHours | None  # one object for equal texts
    stay_min: int
    is_included: bool
    is_doubted: bool  # visitors found other hours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NearPlaces:
    """All places near enough, the best first, and what was counted on the way."""

    rows: npt.NDArray[Any]  # of `received`, in any order
    order: npt.NDArray[np.intp]  # of the rows; all that follows stands in it
    cities: npt.NDArray[Any]
    categories: npt.NDArray[np.intp]  # of `_NAMES`
    is_included: BoolArray
    is_eligible: BoolArray  # neither too dear nor excluded
    too_dear: int
    excluded: int

    def has_more_than(self, per_category: int) -> bool:
        """Tell whether `best` leaves out any place that is eligible."""
        counts = np.bincount(self.categories[self.is_eligible])
        return bool((counts >= per_category).any())

    def best(self, per_category: int) -> tuple[NearRow, ...]:
        """Return the best `per_category` of each category, and what is included. At most one query."""
        at = np.flatnonzero(self._are_among(per_category) | self.is_included)
        rows = self.rows[self.order[at]]
        pks = rows["pk"].tolist()
        return tuple(
            map(
                NearRow,
                pks,
                [_NAMES[code] for code in self.categories[at].tolist()],
                self.cities[at].tolist(),
                list_hours(pks=pks, keys=rows["hours"].tolist()),
                rows["stay_min"].tolist(),
                self.is_included[at].tolist(),
                rows["is_doubted"].tolist(),
            )
        )

    def _are_among(self, per_category: int) -> BoolArray:
        """Mark the first `per_category` of those of each category that are eligible."""
        among = np.zeros(len(self.order), np.bool_)
        eligible = np.flatnonzero(self.is_eligible)
        kinds = self.categories[eligible]
        by_kind = np.argsort(kinds, kind="stable")
        counts = np.bincount(kinds)
        rank = np.arange(len(kinds)) - np.repeat(np.cumsum(counts) - counts, counts)
        among[eligible[by_kind[rank < per_category]]] = True
        return among


def received(constraints: Constraints) -> np.dtype[Any]:
    """Return how the first query sends a place: as it is packed, and what it is worth for these."""
    more = [("is_doubted", "?")]
    if constraints.moods:
        more.append(("mood", ">f8"))  # the highest confidence of those asked for
    if _has_wish(constraints):
        more.append(("unlike", ">f8"))  # the cosine distance from what is wished for
    return np.dtype([*PACKED, *more])


def find_near(
    *, constraints: Constraints, excluded: Collection[UUID], included: Sequence[UUID]
) -> NearPlaces:
    """Return the places within reach, and those included wherever they are. One query."""
    sql, parameters = near_query(constraints=constraints, included=included)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        sent = cursor.fetchall()
    dtype = received(constraints)
    parts = [np.frombuffer(packed, dtype) for _, _, packed in sent]
    rows = np.concatenate(parts) if parts else np.zeros(0, dtype)
    sizes = [len(part) for part in parts]
    is_included = np.repeat(np.array([is_in for is_in, _, _ in sent], np.bool_), sizes)
    cities = np.repeat(np.array([city for _, city, _ in sent], np.object_), sizes)

    if included or constraints.destination is not None:
        kept = _once(rows, is_included, included)
        rows, is_included, cities = rows[kept], is_included[kept], cities[kept]
    categories = _codes(rows["category"])
    is_excluded = _is_excluded(rows, categories, constraints, excluded)
    is_too_dear = np.zeros(len(rows), np.bool_)
    if constraints.budget is not None:
        is_too_dear = rows["cost_high"] > constraints.budget

    order = np.lexsort((rows["pk"], -_scores(rows, constraints)))
    return NearPlaces(
        rows=rows,
        order=order,
        cities=cities[order],
        categories=categories[order],
        is_included=is_included[order],
        is_eligible=(~(is_too_dear | is_excluded))[order],
        too_dear=int(np.count_nonzero(is_too_dear & ~is_excluded)),
        excluded=int(np.count_nonzero(is_excluded)),
    )


def _codes(categories: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    letters = np.ascontiguousarray(categories).view(">u8")[::2]
    return np.searchsorted(_LETTERS, letters.astype(np.uint64))


def _once(
    rows: npt.NDArray[Any], is_included: BoolArray, included: Sequence[UUID]
) -> npt.NDArray[np.intp]:
    """Return which rows to keep so that no place comes twice; an included one as included."""
    names = {public_id.bytes for public_id in included}
    is_named = np.array([name in names for name in rows["public_id"].tolist()], np.bool_)
    kept = np.flatnonzero(is_included | ~is_named)
    # What lies near both ends comes by two arms.
    _, first = np.unique(rows["pk"][kept], return_index=True)
    return kept[first]


def _is_excluded(
    rows: npt.NDArray[Any],
    categories: npt.NDArray[np.intp],
    constraints: Constraints,
    excluded: Collection[UUID],
) -> BoolArray:
    found = np.asarray(rows["currency"] != constraints.currency.encode(), np.bool_)
    avoided = [_NAMES.index(name) for name in avoided_categories(constraints)]
    if avoided:
        found |= np.isin(categories, avoided)
    if excluded:
        names = {public_id.bytes for public_id in excluded}
        found |= np.array([name in names for name in rows["public_id"].tolist()], np.bool_)
    return found


def _scores(rows: npt.NDArray[Any], constraints: Constraints) -> FloatArray:
    """Return what each place is worth before the engine scores it."""
    x, y = projected(constraints.origin)
    away = np.hypot(rows["x"] - x, rows["y"] - y)
    scores = WEIGHTS["proximity"] * np.maximum(0.0, 1 - away / planar_reach(constraints))
    for name in ("popularity", "quality", "freshness"):
        scores = scores + WEIGHTS[name] * rows[name]
    scores = scores + WEIGHTS["known_hours"] * rows["has_hours"]
    if not constraints.chains_wanted:
        scores = scores + WEIGHTS["chain"] * rows["is_of_chain"]
    if constraints.moods:
        scores = scores + WEIGHTS["mood"] * rows["mood"]
    if _has_wish(constraints):
        scores = scores + WEIGHTS["similarity"] * np.maximum(0.0, 1 - rows["unlike"])
    return np.asarray(scores, np.float64)


def _has_wish(constraints: Constraints) -> bool:
    return wish_of(query=constraints.query_embedding, taste=constraints.taste) is not None
