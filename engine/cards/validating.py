"""What enters the engine, before anything is reckoned with it: a wrong value is named, not mended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from math import isfinite
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.catalogue import CATEGORIES, COMPANIONS, MOODS
from engine.planner.solving import SEED_HIGH
from engine.scoring.features import COLUMNS, HOURS, read_columns
from engine.travel import FloatArray, TravelMatrix
from engine.types import Candidate, Card, Constraints, Mode, Weather

TIME_HIGH: Final = 2_880.0  # minutes; a plan is of a day, and its tables grow with it
CROWD_HIGH: Final = 10.0  # times as full as usual
NEEDS: Final = ("pet", "wheelchair", "parking")
_BOUNDS: Final = {"stay_min": TIME_HIGH, "cost_low": 2.0**53, "cost_high": 2.0**53}
_LOW: Final = np.zeros(len(COLUMNS))
_HIGH: Final = np.array([_BOUNDS.get(name, 1.0) for name in COLUMNS])
_UNIT_LENGTH: Final = 1e-2  # how far a unit vector of single precision may be off
_LENGTHS: Final = {1.0: "of unit length", 0.0: "longer than 0 and no longer than 1"}

Vector = npt.NDArray[np.float32]


def check_constraints(*, constraints: Constraints) -> None:
    """
    Refuse constraints that mean nothing.

    Raises:
        ValueError: the message names the field.
    """
    _check_times(constraints)
    _check_numbers(constraints)
    _check_words(constraints)
    if constraints.query_embedding is not None:
        _check_vector("query_embedding", constraints.query_embedding, shortest=1.0)
    if constraints.taste is not None:
        _check_vector("taste", constraints.taste, shortest=0.0)


def check_candidates(*, candidates: Sequence[Candidate], constraints: Constraints) -> FloatArray:
    """
    Refuse candidates with impossible values; return the numbers of the others, as `read_columns` does.

    Raises:
        ValueError: the message names the candidate and the field.
    """
    wanted = constraints.query_embedding, constraints.taste
    dimensions = {vector.size for vector in wanted if vector is not None}
    _require(len(dimensions) < 2, "taste", "must have as many dimensions as query_embedding")
    for index, candidate in enumerate(candidates):
        wrong = _find_wrong(candidate)
        if wrong is not None:
            raise ValueError(f"candidates[{index}].{wrong}")
    if dimensions:
        _check_vectors(candidates, *dimensions)
    return _check_columns(candidates)


def check_travel(*, travel: TravelMatrix, count: int) -> None:
    """
    Refuse what a source of travel times answered for `count` points where it cannot be true.

    A way that does not exist is infinite; there and back may differ.

    Raises:
        ValueError: the message names the matrix.
    """
    for name in ("minutes", "metres", "crow_fly", "source"):
        matrix: FloatArray = getattr(travel, name)
        if matrix.shape != (count, count):
            what = f"must have the shape {(count, count)}, not {matrix.shape}"
            raise ValueError(f"travel.{name} {what}")
        # Also false where one is NaN.
        _require(np.all(matrix >= 0), f"travel.{name}", "must be at least 0 everywhere")


def check_card(*, card: Card, kept: Collection[int]) -> None:
    """
    Refuse a card with a stop that is not one of `kept`: it is of another request.

    Raises:
        ValueError: the message names the stop.
    """
    for stop in card.plan.stops:
        what = f"must be of this request, which has no stop at {stop.candidate}"
        _require(stop.candidate in kept, "card", what)


def check_index(*, name: str, index: int, count: int) -> None:
    """
    Refuse an index that is not below `count`.

    Raises:
        ValueError: the message begins with `name`.
    """
    _require(0 <= index < count, name, f"must lie in [0, {count}), not {index}")


def _check_times(constraints: Constraints) -> None:
    starts, minutes = constraints.starts_at, constraints.time_budget_min
    _require(starts.utcoffset() is not None, "starts_at", "must have a time zone")
    _require(1970 <= starts.year < 9000, "starts_at", f"must lie in our age, not {starts.year}")
    _require(
        0 <= minutes <= TIME_HIGH, "time_budget_min", f"must lie in [0, {TIME_HIGH}], not {minutes}"
    )


def _check_numbers(constraints: Constraints) -> None:
    lowest = (("budget", 0), ("max_stops", 1), ("party_size", 1), ("seed", 0))
    for name, low in lowest:
        value = getattr(constraints, name)
        if value is not None:
            _check_whole(name, value, low)
    _require(constraints.seed < SEED_HIGH, "seed", f"must be below {SEED_HIGH}")
    for category, count in constraints.category_counts.items():
        _check_whole(f"category_counts[{category!r}]", count, 1)


def _check_words(constraints: Constraints) -> None:
    for name in ("categories", "category_counts", "mostly"):
        _check_known(name, getattr(constraints, name), CATEGORIES)
    _check_known("moods", constraints.moods, MOODS)
    _check_known("avoid", constraints.avoid, (*CATEGORIES, *MOODS, "crowded"))
    _check_known("liked", constraints.liked, (*CATEGORIES, *MOODS))
    _check_known("needs", constraints.needs, NEEDS)
    _check_known("mode", (constraints.mode,), tuple(Mode))
    _check_known("weather", (constraints.weather,), tuple(Weather))
    if constraints.companions is not None:
        _check_known("companions", (constraints.companions,), COMPANIONS)


def _find_wrong(candidate: Candidate) -> str | None:
    """Return the first field whose value is impossible, with what it must be."""
    if candidate.category not in CATEGORIES:
        return f"category must be known, not {candidate.category!r}"
    windows = candidate.windows
    if len(windows) > 1 and any(after.opens < before.opens for before, after in pairwise(windows)):
        return "windows must be sorted by start"
    for mood, confidence in candidate.moods.items():
        if not 0 < confidence <= 1:
            return f"moods[{mood!r}] must lie in (0, 1], not {confidence}"
    return _find_wrong_crowd(candidate) if candidate.crowd else None


def _find_wrong_crowd(candidate: Candidate) -> str | None:
    for hour, factor in candidate.crowd.items():
        if not (0 <= hour < HOURS and 0 <= factor <= CROWD_HIGH):  # NaN is neither
            what = f"must lie in [0, {CROWD_HIGH:g}] at an hour below {HOURS}, not {factor}"
            return f"crowd[{hour}] {what}"
    return None


def _check_vectors(candidates: Sequence[Candidate], dimensions: int) -> None:
    known = [(i, c.embedding) for i, c in enumerate(candidates) if c.embedding is not None]
    for index, vector in known:
        if vector.shape != (dimensions,):
            what = f"must have the shape {(dimensions,)}, not {vector.shape}"
            raise ValueError(f"candidates[{index}].embedding {what}")
    if known:
        sums = np.array([vector for _, vector in known]).sum(axis=1)
        wrong = np.flatnonzero(~np.isfinite(sums))
        if wrong.size:
            raise ValueError(f"candidates[{known[wrong[0]][0]}].embedding must be finite")


def _check_columns(candidates: Sequence[Candidate]) -> FloatArray:
    """Check the numbers of all candidates at once: one by one would take as long as to plan."""
    values = read_columns(candidates)
    is_wrong = ~((values >= _LOW) & (values <= _HIGH))  # NaN is neither
    if is_wrong.any():
        column = int(np.flatnonzero(is_wrong.any(axis=0))[0])
        index = int(np.flatnonzero(is_wrong[:, column])[0])
        what = f"must lie in [{_LOW[column]:g}, {_HIGH[column]:g}], not {values[index, column]:g}"
        raise ValueError(f"candidates[{index}].{COLUMNS[column]} {what}")
    return values


def _check_vector(name: str, vector: Vector, *, shortest: float) -> None:
    _require(vector.ndim == 1, name, f"must have one axis, not {vector.ndim}")
    length = float(np.linalg.norm(vector))
    is_short = isfinite(length) and shortest - _UNIT_LENGTH < length < 1 + _UNIT_LENGTH
    _require(is_short and length > 0, name, f"must be {_LENGTHS[shortest]}, not {length:g}")


def _check_whole(name: str, value: object, low: int) -> None:
    is_whole = isinstance(value, int | np.integer) and value >= low
    _require(is_whole, name, f"must be a whole number from {low}, not {value!r}")


def _check_known(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    for value in values:
        _require(value in known, name, f"must be known, not {value!r}")


def _require(holds: object, name: str, what: str) -> None:
    if not holds:
        raise ValueError(f"{name} {what}")
