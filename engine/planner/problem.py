"""The tourist trip design problem as arrays: what `solve` maximises, and subject to what."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SCORE_HIGH: Final = 1e12
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
        _require((self.travel_min >= 0).all(), "travel_min", "must be at least 0")
        _require(_is_finite_from_zero(self.stay_min), "stay_min", "must be finite, at least 0")
        # Also false where one is NaN. Larger ones would drown the others in rounding.
        _require(
            (np.abs(self.score) <= SCORE_HIGH).all(),
            "score",
            f"must be finite, within {SCORE_HIGH:g}",
        )
        _require(0 < self.bucket_min < np.inf, "bucket_min", "must be positive and finite")
        _require(
            0 <= self.time_budget_min < np.inf, "time_budget_min", "must be finite, at least 0"
        )
        _require((self.cost >= 0).all(), "cost", "must be at least 0")
        _require(self.cost_budget >= 0, "cost_budget", "must be at least 0")
        _require(self.max_stops >= 0, "max_stops", "must be at least 0")
        _require((self.repetition >= -1).all(), "repetition", "must be at least -1")
        self._check_groups()
        self._check_windows()
        for name in ("wait_weight", "travel_weight", "repetition_weight"):
            _require(0 <= getattr(self, name) < np.inf, name, "must be finite, at least 0")

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

    def _check_groups(self) -> None:
        _require((self.group_at_most >= 0).all(), "group_at_most", "must be at least 0")
        _require((self.group_at_least >= 0).all(), "group_at_least", "must be at least 0")
        names = (self.window_group >= -1) & (self.window_group < self.group_at_most.size)
        _require(names.all(), "window_group", "must name a group, or be -1")

    def _check_windows(self) -> None:
        opens, last_entry, closes = self.window_opens, self.window_last_entry, self.window_closes
        _require(not np.isnan(opens).any(), "window_opens", "must not be NaN")
        present = opens < np.inf
        _require(
            (opens[:, :-1] <= opens[:, 1:]).all(), "window_opens", "must ascend for each candidate"
        )
        _require(
            ((opens <= last_entry) | ~present).all(),
            "window_last_entry",
            "must not lie before the window opens",
        )
        _require(
            ((last_entry <= closes) | ~present).all(),
            "window_closes",
            "must not lie before the last entry",
        )


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


def _is_finite_from_zero(values: FloatArray) -> bool:
    return bool(((values >= 0) & (values < np.inf)).all())


def _require(holds: object, name: str, what: str) -> None:
    if not holds:
        raise ValueError(f"{name} {what}")
