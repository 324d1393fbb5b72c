"""What can follow a place, and how much that can bring at most, for the labels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, kernel, part
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray, IntArray

BUCKETS = 64  # of the latest leaving
SLOTS = 64  # of time


class Reach(NamedTuple):
    """Options that can follow place p, those that wait longest first: first[p] to first[p + 1] − 1."""

    first: IntArray  # (n + 2,); place n is the start
    option: IntArray
    until: FloatArray  # leaving later is too late for this option and those after it


class _Table(NamedTuple):
    """By slot and place: the best gain, the best with another next stop, and the next stop."""

    gain: FloatArray
    otherwise: FloatArray
    follower: IntArray


@kernel
def list_reach(model: Model, ways: BoolArray) -> Reach:
    """List for each place the options that can come next by one of the `ways`, (n + 1, n)."""
    n, m = model.stay.size, model.stop.size
    per_min = BUCKETS / max(model.time_budget, 1e-9)
    first = np.zeros(n + 2, np.int64)
    option, until = np.empty((n + 1) * m, np.int64), np.empty((n + 1) * m)
    bucket, start, size = np.empty(m, np.int64), np.zeros(BUCKETS + 2, np.int64), 0
    for place in range(n + 1):
        earliest = _earliest_leave(model, place)
        start[:] = size
        for o in range(m):
            last = model.latest[o] - model.travel[place, model.stop[o]]
            bucket[o] = -1
            is_way = model.stop[o] != place and ways[place, model.stop[o]]
            if is_way and last * (1.0 + 1e-9) >= earliest:
                bucket[o] = BUCKETS - max(0, min(BUCKETS, int(last * per_min)))
                start[bucket[o] + 1] += 1
                size += 1
        for b in range(1, BUCKETS + 2):  # counting sort
            start[b] += start[b - 1] - start[0]
        for o in range(m):
            if bucket[o] >= 0:
                at = start[bucket[o]]
                option[at], until[at] = o, (BUCKETS - bucket[o] + 1) / per_min
                start[bucket[o]] += 1
        first[place + 1] = size
    return Reach(first, option[:size].copy(), until[:size].copy())


@kernel
def bound_gains(model: Model, reach: Reach, bonus: float) -> FloatArray:
    """
    Return by slot and place the most that can be added after leaving it in that slot or later.

    Ways and waits are free, money and groups are forgotten, and so is what was visited before the
    last two stops (as in `completion`). `bonus` is added for each thing that a route must have.
    """
    n = model.stay.size
    per_min = SLOTS / max(model.time_budget, 1e-9)
    gain = np.full((SLOTS + 1, n + 1), -np.inf)
    other = np.full((SLOTS + 1, n + 1), -np.inf)
    table = _Table(gain, other, np.full((SLOTS + 1, n + 1), -1, np.int64))
    brings = model.score + bonus * model.required[model.stop]
    for o in range(model.stop.size):
        for q in range(model.group_first[o], model.group_first[o + 1]):
            if model.at_least[model.group[q]] > 0:
                brings[o] += bonus
    for slot in range(SLOTS, -1, -1):
        for place in range(n + 1):
            way = model.travel[place, n + 1]
            if slot / per_min + way <= model.time_budget * (1.0 + 1e-9):
                _look_ahead(model, reach, table, brings, slot, place)
    return gain


@inner
def _look_ahead(
    model: Model, reach: Reach, table: _Table, brings: FloatArray, slot: int, place: int
) -> None:
    """Fill in one entry of the table, all later slots being known."""
    per_min = SLOTS / max(model.time_budget, 1e-9)
    leave, best, second, after = slot / per_min, 0.0, 0.0, -1
    for r in range(reach.first[place], reach.first[place + 1]):
        if reach.until[r] < leave:
            break
        option = reach.option[r]
        stop = model.stop[option]
        arrival = leave + model.travel[place, stop]
        onward = max(arrival, model.opens[option]) + model.stay[stop]
        s = int(onward * per_min - 1e-6)
        if s <= slot:  # of this slot only the places before this one are known
            s = slot if stop < place else min(slot + 1, SLOTS)
        if s > SLOTS:
            continue
        gain = table.otherwise[s, stop] if table.follower[s, stop] == place else table.gain[s, stop]
        value = brings[option] + gain
        if value > best:
            second = best if after != stop else second
            best, after = value, stop
        elif value > second and stop != after:
            second = value
    table.gain[slot, place], table.otherwise[slot, place] = best, second
    table.follower[slot, place] = after


@inner
def may_still(bound: FloatArray, time: float, place: int) -> float:
    """Return the most that can be added after leaving `place` at a part `time` of the budget."""
    return float(bound[min(SLOTS, int(time * SLOTS)), place])


@part
def _earliest_leave(model: Model, place: int) -> float:
    """Return when `place` can be left at the earliest, 0 for the start."""
    n = model.stay.size
    if place == n:
        return 0.0
    earliest = np.inf
    for o in range(model.first[place], model.first[place + 1]):
        begin = max(model.opens[o], model.travel[n, place])
        if begin <= model.latest[o]:
            earliest = min(earliest, begin)
    return float(earliest + model.stay[place])
