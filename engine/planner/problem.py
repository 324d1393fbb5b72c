"""The tourist trip design problem as arrays: what `solve` maximises, and subject to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.planner.compiling import inner, kernel

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

Array = npt.NDArray[Any]

SCORE_HIGH: Final = 1e12
FLOAT_HIGH: Final = float(np.finfo(np.float64).max)
WHOLE_HIGH: Final = int(np.iinfo(np.int64).max)
_KINDS: Final = {  # numpy's letters, by the type of the field
    "FloatArray": ("fiu", "numbers"),
    "IntArray": ("iu", "whole numbers"),
    "BoolArray": ("b", "booleans"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    Choose and order stops among n candidates.

    The value of a route is Σ score[i, bucket of the begin of the stay at i]
    − wait_weight · minutes waited − travel_weight · minutes travelled (the way to the end included)
    − repetition_weight · Σ over repetition groups of (stops of the group − 1)⁺, and a route is
    feasible when it satisfies every field below. The empty route is feasible and worth 0 unless
    something is required.

    A stay may begin at any time of one of its windows, on arrival or later; waiting is what lies
    between arrival and begin. A stop counts once for a group, whether it is a member or stays in
    a window of it or both. A stop is visited once, and whole: stays are never cut.

    Shapes: n candidates, w windows each at most, t time buckets, g groups.

    Raises:
        ValueError: a field has the wrong shape or an impossible value; the message names it.
    """

    travel_min: FloatArray  # (n + 2, n + 2); row n is the start, column n + 1 the end; inf forbids
    stay_min: FloatArray  # (n,)
    score: FloatArray  # (n, t), constant in each bucket of the begin of the stay; may be negative
    bucket_min: float  # length of a bucket; the last one has no end
    window_opens: FloatArray  # (n, w), ascending; a missing window has opens = inf
    window_last_entry: FloatArray  # (n, w), the latest begin of the stay
    window_closes: FloatArray  # (n, w), the stay ends by then
    time_budget_min: float  # from the start to the arrival at the end
    cost: IntArray  # (n,)
    cost_budget: int  # the sum of the costs is at most this
    group_member: BoolArray  # (n, g)
    group_at_most: IntArray  # (g,)
    group_at_least: IntArray  # (g,), 0 where nothing is required
    window_group: IntArray  # (n, w), the group that a stay in this window counts for, −1 for none
    minority: BoolArray  # (n,), at most half of a route's stops may be of these
    required: BoolArray  # (n,), locked stops: every feasible route visits them
    repetition: IntArray  # (n,), repetition group, −1 for none
    max_stops: int
    wait_weight: float = 0.0  # per minute
    travel_weight: float = 0.0  # per minute
    repetition_weight: float = 0.0

    def __post_init__(self) -> None:
        self._check_types()
        self._check_shapes()
        # Also false where one is NaN.
        _require(0 < self.bucket_min < np.inf, "bucket_min", "must be positive and finite")
        _require(
            0 <= self.time_budget_min < np.inf, "time_budget_min", "must be finite, at least 0"
        )
        _require(self.cost_budget >= 0, "cost_budget", "must be at least 0")
        _require(self.max_stops >= 0, "max_stops", "must be at least 0")
        for name in ("wait_weight", "travel_weight", "repetition_weight"):
            _require(0 <= getattr(self, name) < np.inf, name, "must be finite, at least 0")
        right = _find_right(
            _floats(self.travel_min).ravel(),
            _floats(self.stay_min),
            _floats(self.score).ravel(),
            _wholes(self.cost),
            _wholes(self.repetition),
            _wholes(self.group_at_most),
            _wholes(self.group_at_least),
            _wholes(self.window_group).ravel(),
            _floats(self.window_opens),
            _floats(self.window_last_entry),
            _floats(self.window_closes),
        )
        if not right.all():
            raise ValueError(" ".join(_WRONG[int(right.argmin())]))

    def of_route(self, route: Sequence[int]) -> Problem:
        """
        Return the problem of the candidates of `route` alone, in its order.

        Those that are required and not on the route are forgotten.
        """
        rows, n = np.asarray(route, dtype=np.int64), self.stay_min.size
        ways = np.array([*route, n, n + 1], dtype=np.int64)
        parts = {name: getattr(self, name)[rows] for name in _BY_CANDIDATE}
        return self._with(parts | {"travel_min": self.travel_min[ways[:, np.newaxis], ways]})

    def with_stays(self, stay_min: FloatArray) -> Problem:
        """Return the problem with other stays."""
        is_right = stay_min.shape == self.stay_min.shape and bool(
            ((stay_min >= 0) & (stay_min < np.inf)).all()
        )
        _require(is_right, "stay_min", "must be finite, at least 0")
        return self._with({"stay_min": stay_min})

    def _with(self, changes: Mapping[str, Array]) -> Problem:
        """Return a copy with what is known to be right: nothing is checked again."""
        copy: Problem = object.__new__(Problem)
        for name in _NAMES:
            object.__setattr__(copy, name, changes.get(name, getattr(self, name)))
        return copy

    def _check_types(self) -> None:
        for name, (kinds, what) in _ARRAYS.items():
            array = getattr(self, name)
            if not isinstance(array, np.ndarray) or array.dtype.kind not in kinds:
                raise ValueError(f"{name} must be an array of {what}")

    def _check_shapes(self) -> None:
        n, groups = self.stay_min.size, self.group_at_most.size
        windows = self.window_opens.shape[-1] if self.window_opens.ndim else 0
        buckets = self.score.shape[-1] if self.score.ndim else 0
        _require(buckets >= 1, "score", "must have at least one bucket")
        shapes = {
            **dict.fromkeys(("stay_min", "cost", "minority", "required", "repetition"), (n,)),
            **dict.fromkeys(("group_at_most", "group_at_least"), (groups,)),
            **dict.fromkeys(("window_opens", "window_last_entry", "window_closes"), (n, windows)),
            "window_group": (n, windows),
            "travel_min": (n + 2, n + 2),
            "score": (n, buckets),
            "group_member": (n, groups),
        }
        for name, shape in shapes.items():
            actual = getattr(self, name).shape
            if actual != shape:
                raise ValueError(f"{name} must have the shape {shape}, not {actual}")


_ARRAYS: Final = {
    field.name: _KINDS[str(field.type)] for field in fields(Problem) if str(field.type) in _KINDS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A feasible route, or none: `route` is None when no feasible route was found."""

    route: tuple[int, ...] | None
    begins: tuple[float, ...]  # begin of each stay
    value: float
    proven_optimal: bool  # for an absent route: proven infeasible
    nodes: int  # search nodes or iterations spent


_NAMES: Final = tuple(field.name for field in fields(Problem))
_BY_CANDIDATE: Final = (
    "stay_min", "score", "window_opens", "window_last_entry", "window_closes", "cost",
    "group_member", "window_group", "minority", "required", "repetition",
)  # fmt: skip

# What `_find_right` looks for, in order.
_WRONG: Final = (
    ("travel_min", "must be at least 0"),
    ("stay_min", "must be finite, at least 0"),
    # Larger ones would drown the others in rounding.
    ("score", f"must be finite, within {SCORE_HIGH:g}"),
    ("cost", "must be at least 0"),
    ("repetition", "must be at least -1"),
    ("group_at_most", "must be at least 0"),
    ("group_at_least", "must be at least 0"),
    ("window_group", "must name a group, or be -1"),
    ("window_opens", "must not be NaN"),
    ("window_opens", "must ascend for each candidate"),
    ("window_last_entry", "must not lie before the window opens"),
    ("window_closes", "must not lie before the last entry"),
)


@kernel
def _find_right(
    travel: FloatArray,
    stay: FloatArray,
    score: FloatArray,
    cost: IntArray,
    repetition: IntArray,
    at_most: IntArray,
    at_least: IntArray,
    window_group: IntArray,
    opens: FloatArray,
    last_entry: FloatArray,
    closes: FloatArray,
) -> BoolArray:
    """Return which of `_WRONG` do not hold: every plan asks, and numpy took longer."""
    right = np.empty(12, np.bool_)
    right[0] = _lie_within(travel, 0.0, np.inf)
    right[1] = _lie_within(stay, 0.0, FLOAT_HIGH)
    right[2] = _lie_within(score, -SCORE_HIGH, SCORE_HIGH)
    right[3] = _lie_within(cost, 0, WHOLE_HIGH)
    right[4] = _lie_within(repetition, -1, WHOLE_HIGH)
    right[5] = _lie_within(at_most, 0, WHOLE_HIGH)
    right[6] = _lie_within(at_least, 0, WHOLE_HIGH)
    right[7] = _lie_within(window_group, -1, at_most.size - 1)
    right[8:] = True
    for i in range(opens.shape[0]):
        for k in range(opens.shape[1]):
            before = opens[i, max(0, k - 1)]
            is_missing = opens[i, k] == np.inf
            right[8] &= not np.isnan(opens[i, k])
            right[9] &= before <= opens[i, k]
            right[10] &= is_missing or opens[i, k] <= last_entry[i, k]
            right[11] &= is_missing or last_entry[i, k] <= closes[i, k]
    return right


@inner
def _lie_within(values: Array, low: float, high: float) -> bool:
    holds = True
    for value in values:
        holds &= low <= value <= high  # not where it is NaN
    return holds


def _floats(values: Array) -> FloatArray:
    return np.ascontiguousarray(values, dtype=np.float64)


def _wholes(values: Array) -> IntArray:
    return np.ascontiguousarray(values, dtype=np.int64)


def _require(holds: object, name: str, what: str) -> None:
    if not holds:
        raise ValueError(f"{name} {what}")
