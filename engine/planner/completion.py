"""
Upper bounds on what can still be gained, by dynamic programming over place and time.

`gain[r, i, s]` is the most that r more stops or fewer can bring after leaving stop i in slot s of the
time, way to the end included, each option at its reduced score (see `pricing`). It knows windows,
travel and the hour of each stay, and forgets waiting and what was visited before the last two
stops (2-cycle elimination, after Houck, Picard, Queyranne and Vemuganti, Opsearch 17 (1980)
93–109). A slot stands for its first moment, so that the bound holds for all of it.

A table of several sets has such a table for each set of the first needs (see `covering`) that what
follows has to bring, row L · n + i for the set L: so it knows that a locked stop is visited, and once, and
that a group gets its first stop. Twice as many rows for each need is what that costs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, part
from engine.planner.covering import Cover
from engine.planner.live import Live
from engine.planner.options import Model
from engine.planner.problem import FloatArray, IntArray

# Shares of a slot. A moment may be rounded up by the first; whoever is late by less than the second
# is in time. So what is lost by rounding is given back many times over.
ROUNDING = 1e-6
LATE = 1e-3


class Completion(NamedTuple):
    """For each number of stops, set of needs, stop and slot: the best gain, what follows, the best otherwise."""

    gain: FloatArray  # (r, sets · n, slots + 1)
    follower: IntArray  # the next stop of the best, −1 for the end
    otherwise: FloatArray  # the best with another next stop
    at: FloatArray  # (r, sets · n, slots + 1): the same of arriving at i in slot s, and staying
    at_follower: IntArray
    at_otherwise: FloatArray
    toll: FloatArray  # (n, n), what going from i straight to j takes; inf where it is out
    reduced: FloatArray  # (m,), scores of the options, less their prices
    live: Live
    # Slots before these are out of reach, and left empty: as the k-th stop none is reached earlier.
    way: IntArray  # (n, n), the slots that going from i to j takes
    come: IntArray  # (r, n), the first slot in which i is reached with r stops to follow,
    leave: IntArray  # (r, n), and the first in which it is left
    over: IntArray  # (n,), the last slot in which a stay can begin
    per_min: float  # slots of a minute
    sets: int  # of needs; 1 where the table knows of none
    cover: Cover


@part
def empty_completion(model: Model, slots: int, live: Live, cover: Cover, needs: int) -> Completion:
    """
    Return a table of about so many slots, into which the stays go whole where they all can.

    It knows of the first `needs` of `cover`.
    """
    n, rows, sets = model.stay.size, max(1, model.max_stops), 1 << needs
    per_min = _slots_of_a_minute(model, slots)
    count = max(1, int(np.ceil(model.time_budget * per_min - ROUNDING)))
    table = Completion(
        np.empty((rows, sets * n, count + 1)),
        np.empty((rows, sets * n, count + 1), np.int64),
        np.empty((rows, sets * n, count + 1)),
        np.empty((rows, sets * n, count + 1)),
        np.empty((rows, sets * n, count + 1), np.int64),
        np.empty((rows, sets * n, count + 1)),
        np.empty((n, n)),
        model.score.copy(),
        live,
        np.zeros((n, n), np.int64),
        np.full((rows, n), count + 1),
        np.full((rows, n), count + 1),
        np.full(n, -1),
        per_min,
        sets,
        cover,
    )
    _list_hours(model, table)
    return table


@inner
def _list_hours(model: Model, table: Completion) -> None:
    """Work out in which slots each stop can be reached and left, as the k-th of a route."""
    rows = table.at.shape[0]
    for a in range(table.live.size[0]):
        i = table.live.stop[a]
        for b in range(table.live.size[0]):
            j = table.live.stop[b]
            table.way[i, j] = slot_of(table, model.travel[i, j])
    for r in range(rows - 1, -1, -1):
        for b in range(table.live.size[0]):
            j = table.live.stop[b]
            if r == rows - 1:
                way = model.travel[model.stay.size, j]
                table.come[r, j] = slot_of(table, way) if way < np.inf else table.come[r, j]
            else:
                table.come[r, j] = _first_arrival(model, table, r, j)
            for o in range(model.first[j], model.first[j + 1]):
                until = slot_of(table, model.latest[o] + LATE / table.per_min)
                if table.live.option[o] and table.come[r, j] <= until:
                    begin = max(table.come[r, j] / table.per_min, model.opens[o])
                    leave = slot_of(table, begin + model.stay[j])
                    table.leave[r, j] = min(table.leave[r, j], leave)
                    table.over[j] = max(table.over[j], until)


@inner
def _first_arrival(model: Model, table: Completion, r: int, stop: int) -> int:
    first = table.come[r, stop]
    for a in range(table.live.size[0]):
        i = table.live.stop[a]
        if i != stop and table.live.arc[i, stop] and model.travel[i, stop] < np.inf:
            first = min(first, table.leave[r + 1, i] + table.way[i, stop])
    return int(first)


@part
def _slots_of_a_minute(model: Model, slots: int) -> float:
    """
    Return how many slots a minute has, about `slots` in all.

    What does not fill a slot is rounded down, stay by stay; where stays are multiples of five minutes
    and the slots parts or multiples of it too, nothing of them is lost.
    """
    wanted = slots / max(model.time_budget, 1e-6)
    step = 0
    for i in range(model.stay.size):
        whole = int(model.stay[i] + 0.5)
        if model.stay[i] > 1e6 or abs(model.stay[i] - whole) > 1e-9:
            return wanted
        while whole > 0:  # the greatest common divisor
            step, whole = whole, step % whole
    if step == 0:
        return wanted
    parts = wanted * step  # slots of a step
    if parts >= 1.0:
        return float(np.floor(parts + 0.5) / step)
    return float(1.0 / (step * np.floor(1.0 / parts + 0.5)))


@inner
def slot_of(table: Completion, minute: float) -> int:
    """Return the slot of a moment, the last one for all that is later."""
    slot, last = minute * table.per_min + ROUNDING, table.at.shape[2] - 1
    return int(slot) if slot < last else last


@inner
def gain_after(
    table: Completion, needed: int, stops: int, stop: int, before: int, leave: float
) -> float:
    """
    Bound what follows `stop`, left at `leave`, when `before` was visited just before it.

    What follows has to bring what is `needed`.
    """
    slot = max(slot_of(table, leave), table.leave[stops, stop])  # a sum of slots may be rounded up
    if slot >= table.gain.shape[2]:
        return -np.inf
    row = (needed & (table.sets - 1)) * table.over.size + stop
    if table.follower[stops, row, slot] == before:
        return float(table.otherwise[stops, row, slot])
    return float(table.gain[stops, row, slot])


@inner
def gain_from(
    table: Completion, needed: int, stops: int, stop: int, before: int, arrival: float
) -> float:
    """Bound arriving at `stop` from `before` and what follows it, whatever its hour."""
    slot = max(slot_of(table, arrival), table.come[stops, stop])
    if slot >= table.at.shape[2]:
        return -np.inf
    row = (needed & (table.sets - 1)) * table.over.size + stop
    if table.at_follower[stops, row, slot] == before:
        return float(table.at_otherwise[stops, row, slot])
    return float(table.at[stops, row, slot])


@inner
def complete(model: Model, table: Completion) -> None:
    """Tabulate the bounds for the reduced scores and tolls as they stand."""
    for r in range(table.gain.shape[0]):
        for needed in range(table.sets):
            _end(model, table, r, needed)
            if r >= max(1, table.cover.least[needed]):
                _go(table, r, needed)
        for needed in range(table.sets):  # a stay leads to smaller sets
            _stay(model, table, r, needed)


@inner
def _end(model: Model, table: Completion, r: int, needed: int) -> None:
    end, in_time = model.stay.size + 1, model.time_budget + LATE / table.per_min
    for a in range(table.live.size[0]):
        i = table.live.stop[a]
        way, row = model.travel[i, end], needed * model.stay.size + i
        value = -model.travel_weight * way if needed == 0 else -np.inf
        for s in range(table.leave[r, i], table.gain.shape[2]):
            table.gain[r, row, s] = value if s / table.per_min + way <= in_time else -np.inf
            table.otherwise[r, row, s] = -np.inf
            table.follower[r, row, s] = -1


@inner
def _stay(model: Model, table: Completion, r: int, needed: int) -> None:
    """Tabulate by stop and slot of arrival what a stay and r stops after it bring."""
    n, last, cover = model.stay.size, table.at.shape[2] - 1, table.cover
    for a in range(table.live.size[0]):
        j = table.live.stop[a]
        row = needed * n + j
        best, otherwise = table.at[r, row], table.at_otherwise[r, row]
        follower, come = table.at_follower[r, row], table.come[r, j]
        for s in range(come, last + 1):
            best[s], follower[s], otherwise[s] = -np.inf, -1, -np.inf
        if is_past(table, j, needed) or cover.least[needed] > r + 1:
            continue
        for o in range(model.first[j], model.first[j + 1]):
            rest = needed & ~cover.brings[o]
            if not table.live.option[o] or cover.least[rest] > r:
                continue
            until, after = slot_of(table, model.latest[o] + LATE / table.per_min), rest * n + j
            for s in range(max(come, slot_of(table, model.opens[o])), until + 1):
                begin = max(s / table.per_min, model.opens[o])
                leave = slot_of(table, begin + model.stay[j])
                value = table.reduced[o] + table.gain[r, after, leave]
                other = table.reduced[o] + table.otherwise[r, after, leave]
                _offer(best, follower, otherwise, s, value, table.follower[r, after, leave], other)
        for s in range(last - 1, come - 1, -1):  # who is there may wait
            _offer(best, follower, otherwise, s, best[s + 1], follower[s + 1], otherwise[s + 1])


@inner
def is_past(table: Completion, stop: int, needed: int) -> bool:
    """Tell whether the stop is a locked one that a route lacking no more than `needed` has had."""
    own = table.cover.own[stop] & (table.sets - 1)
    return bool(own & ~needed)


@inner
def _offer(
    best: FloatArray,
    follower: IntArray,
    otherwise: FloatArray,
    s: int,
    value: float,
    next_stop: int,
    other: float,
) -> None:
    """Keep the best value, and the best one with another follower."""
    if next_stop == follower[s]:
        best[s] = max(best[s], value)
    elif value > best[s]:
        other = max(other, best[s])
        best[s] = value
        follower[s] = next_stop
    else:
        other = max(other, value)
    otherwise[s] = max(otherwise[s], other)


@inner
def _go(table: Completion, r: int, needed: int) -> None:
    """Offer going from every stop to every other, from every slot."""
    base = needed * table.over.size
    for a in range(table.live.size[0]):
        i = table.live.stop[a]
        first, row = table.leave[r, i], base + i
        gain, follower = table.gain[r, row, first:], table.follower[r, row, first:]
        otherwise = table.otherwise[r, row, first:]
        for b in range(table.live.size[0]):
            j = table.live.stop[b]
            toll = table.toll[i, j]
            if toll == np.inf or is_past(table, j, needed):
                continue
            arrival = first + table.way[i, j]
            if arrival > table.over[j]:
                continue
            at = table.at[r - 1, base + j, arrival : table.over[j] + 1]
            at_follower = table.at_follower[r - 1, base + j, arrival:]
            at_otherwise = table.at_otherwise[r - 1, base + j, arrival:]
            for s in range(at.size):  # without branches, for vector units
                value = (at_otherwise[s] if at_follower[s] == i else at[s]) - toll
                best = gain[s]
                is_better = value > best
                lesser = best if is_better else value
                otherwise[s] = lesser if lesser > otherwise[s] else otherwise[s]
                follower[s] = j if is_better else follower[s]
                gain[s] = value if is_better else best
