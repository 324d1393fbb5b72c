"""The tourist trip design problem as arrays: what `solve` maximises, and subject to what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    Choose and order stops among n candidates.

    The value of a route is Σ score[i, bucket of the begin of the stay at i]
    − wait_weight · minutes waited − travel_weight · minutes travelled (the way to the end included)
    − repetition_weight · Σ over repetition groups of (stops of the group − 1)⁺, and a route is
    feasible when it satisfies every field below. The empty route is feasible and worth 0 unless
    something is required.

    Shapes: n candidates, w windows each at most, t time buckets, g groups.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A feasible route, or none: `route` is None when no feasible route was found."""

    route: tuple[int, ...] | None
    begins: tuple[float, ...]  # begin of each stay
    value: float
    proven_optimal: bool  # for an absent route: proven infeasible
    nodes: int  # search nodes or iterations spent
