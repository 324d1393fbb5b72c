"""
Flatten a `Problem` for the kernels: one option for each piece of a window in which a stay may begin.

An option is a stop together with an interval of begins over which the score and the groups stay
the same. Within one option an earlier begin is never worse: every schedule can be shifted to the
left, stay by stay, without leaving its options, and the time waited only falls. So beginning at
max(arrival, opens) and branching over options loses nothing, although begins are free.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import kernel
from engine.planner.problem import BoolArray, FloatArray, IntArray, Problem
from engine.planner.sorting import sort_falling

ROUNDING = 1e-9  # of a sum of times, relative: a bound must not cut what rounding lets pass


class Model(NamedTuple):
    """A problem as the kernels read it; options of stop i are first[i] to first[i + 1] − 1."""

    travel: FloatArray  # (n + 2, n + 2)
    stay: FloatArray  # (n,)
    cost: IntArray  # (n,)
    required: BoolArray  # (n,)
    minority: BoolArray  # (n,)
    repetition: IntArray  # (n,), below n, −1 for none
    first: IntArray  # (n + 1,)
    stop: IntArray  # (m,)
    opens: FloatArray  # (m,), −inf at the earliest
    latest: FloatArray  # (m,), the latest begin, at which the end can still be in time
    score: FloatArray  # (m,)
    group_first: IntArray  # (m + 1,)
    group: IntArray  # groups of option o: group[group_first[o]:group_first[o + 1]]
    at_most: IntArray  # (g,)
    at_least: IntArray  # (g,)
    time_budget: float
    cost_budget: int
    max_stops: int
    wait_weight: float
    travel_weight: float
    repetition_weight: float


def flatten(*, problem: Problem) -> Model:
    """Return the model of `problem`; groups that can never bind are left out of it."""
    n = problem.stay_min.size
    travel = np.ascontiguousarray(problem.travel_min, dtype=np.float64)
    stay = np.ascontiguousarray(problem.stay_min, dtype=np.float64)
    first, stop, opens, latest, score, window = _list_options(
        travel,
        stay,
        np.ascontiguousarray(problem.score, dtype=np.float64),
        float(problem.bucket_min),
        np.ascontiguousarray(problem.window_opens, dtype=np.float64),
        np.ascontiguousarray(problem.window_last_entry, dtype=np.float64),
        np.ascontiguousarray(problem.window_closes, dtype=np.float64),
        float(problem.time_budget_min),
    )
    max_stops = min(int(problem.max_stops), _most_stops(travel, stay, problem.time_budget_min))
    kept, group_first, group = _list_groups(
        np.ascontiguousarray(problem.group_member, dtype=np.bool_),
        np.ascontiguousarray(problem.window_group, dtype=np.int64),
        np.ascontiguousarray(problem.group_at_most, dtype=np.int64),
        np.ascontiguousarray(problem.group_at_least, dtype=np.int64),
        stop,
        window,
        max_stops,
    )
    return Model(
        travel=travel,
        stay=stay,
        cost=np.ascontiguousarray(problem.cost, dtype=np.int64),
        required=np.ascontiguousarray(problem.required, dtype=np.bool_),
        minority=np.ascontiguousarray(problem.minority, dtype=np.bool_),
        repetition=_number(np.ascontiguousarray(problem.repetition, dtype=np.int64)),
        first=first,
        stop=stop,
        opens=opens,
        latest=latest,
        score=score,
        group_first=group_first,
        group=group,
        at_most=np.minimum(problem.group_at_most[kept], n + 1).astype(np.int64),
        at_least=np.minimum(problem.group_at_least[kept], n + 1).astype(np.int64),
        time_budget=float(problem.time_budget_min),
        cost_budget=int(min(problem.cost_budget, np.iinfo(np.int64).max)),
        max_stops=max_stops,
        wait_weight=float(problem.wait_weight),
        travel_weight=float(problem.travel_weight),
        repetition_weight=float(problem.repetition_weight),
    )


@kernel
def _list_groups(
    group_member: BoolArray,
    window_group: IntArray,
    at_most: IntArray,
    at_least: IntArray,
    stop: IntArray,
    window: IntArray,
    max_stops: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """Return the groups that can bind, and for each option which of them it counts for."""
    groups, m = at_most.size, stop.size
    reach, last = np.zeros(groups, np.int64), np.full(groups, -1, np.int64)
    for o in range(m):  # a stop's options stand together
        for g in range(groups):
            counts = group_member[stop[o], g] or window_group[stop[o], window[o]] == g
            if counts and last[g] != stop[o]:
                last[g] = stop[o]
                reach[g] += 1
    kept = np.flatnonzero((at_least > 0) | (at_most < np.minimum(reach, max_stops)))
    first, group, size = np.zeros(m + 1, np.int64), np.empty(m * kept.size, np.int64), 0
    for o in range(m):
        for k in range(kept.size):
            g = kept[k]
            if group_member[stop[o], g] or window_group[stop[o], window[o]] == g:
                group[size] = k
                size += 1
        first[o + 1] = size
    return kept, first, group[:size].copy()


@kernel
def _number(repetition: IntArray) -> IntArray:
    """Number the repetition groups in the order of their first stops, −1 for none."""
    numbers, count = np.full(repetition.size, -1, np.int64), 0
    for i in range(repetition.size):
        if repetition[i] < 0:
            continue
        for k in range(i):
            if repetition[k] == repetition[i]:
                numbers[i] = numbers[k]
                break
        if numbers[i] < 0:
            numbers[i] = count
            count += 1
    return numbers


@kernel
def _list_options(
    travel: FloatArray,
    stay: FloatArray,
    score: FloatArray,
    bucket: float,
    opens: FloatArray,
    last_entry: FloatArray,
    closes: FloatArray,
    time_budget: float,
) -> tuple[IntArray, IntArray, FloatArray, FloatArray, FloatArray, IntArray]:
    n, buckets, windows = stay.size, score.shape[1], opens.shape[1]
    room = n * windows * buckets
    first = np.zeros(n + 1, np.int64)
    stop, window = np.empty(room, np.int64), np.empty(room, np.int64)
    begin, latest, value = np.empty(room), np.empty(room), np.empty(room)
    m = 0
    to_end = _ways_to_end(travel, stay)
    for i in range(n):
        # A bound only: whether the end is in time is seen at the last stop.
        in_time = time_budget - stay[i] - to_end[i] + ROUNDING * (1.0 + time_budget)
        for k in range(windows):
            if opens[i, k] == np.inf:
                break
            low = max(0.0, opens[i, k])
            high = min(last_entry[i, k], latest_begin(closes[i, k], stay[i]), in_time)
            b = 0
            while b < buckets:
                until = b + 1  # buckets of the same score make one option
                while until < buckets and score[i, until] == score[i, b]:
                    until += 1
                bucket_low = max(low, b * bucket)
                bucket_high = high
                if until < buckets:
                    bucket_high = min(high, np.nextafter(until * bucket, -np.inf))
                if bucket_low <= bucket_high:
                    stop[m], window[m] = i, k
                    begin[m], latest[m], value[m] = bucket_low, bucket_high, score[i, b]
                    m += 1
                b = until
        first[i + 1] = m
    return first, stop[:m], begin[:m], latest[:m], value[:m], window[:m]


@kernel
def _ways_to_end(travel: FloatArray, stay: FloatArray) -> FloatArray:
    """Return the least time from leaving each stop to the end, by way of others if quicker."""
    n = stay.size
    shortest, settled = travel[:n, n + 1].copy(), np.zeros(n, np.bool_)
    for _ in range(n):  # Dijkstra's algorithm, from the end
        nearest = -1
        for i in range(n):
            if not settled[i] and (nearest < 0 or shortest[i] < shortest[nearest]):
                nearest = i
        settled[nearest] = True
        onward = stay[nearest] + shortest[nearest]
        for i in range(n):
            shortest[i] = min(shortest[i], travel[i, nearest] + onward)
    return shortest


@kernel
def _most_stops(travel: FloatArray, stay: FloatArray, time_budget: float) -> int:
    """Return how many stops fit in the time at most: each takes its stay and a way in."""
    n = stay.size
    shortest = np.full(n, np.inf)
    for i in range(n + 1):
        for j in range(n):
            if i != j:
                shortest[j] = min(shortest[j], travel[i, j])
    needed, order = np.empty(n), np.zeros(n, np.int64)
    for i in range(n):
        needed[i] = -(shortest[i] + stay[i])
    sort_falling(needed, order)
    left, count = time_budget, 0
    for k in range(n):
        left += needed[order[k]]
        if left < -ROUNDING * (1.0 + time_budget):
            break
        count += 1
    return count


@kernel
def latest_begin(until: float, stay: float) -> float:
    """Return the latest begin for which begin + stay, as rounded, is in time."""
    if until == np.inf:
        return np.inf
    begin = until - stay
    while begin + stay > until:
        begin = np.nextafter(begin, -np.inf)
    return begin
