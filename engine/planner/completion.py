"""
Upper bounds on what can still be gained, by dynamic programming over place and time.

`gain[r, i, s]` is the most that r more stops or fewer can bring after leaving stop i in slot s of the
time, way to the end included. It knows windows, travel and the hour of each stay, and forgets what
was visited before the last two stops, money and waiting (2-cycle elimination, after Houck,
Picard, Queyranne and Vemuganti, Opsearch 17 (1980) 93–109). A slot stands for its first moment,
so that the bound holds for all of it. `bounds` knows what this forgets, and forgets what it knows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, kernel
from engine.planner.options import Model
from engine.planner.problem import FloatArray, IntArray

SLOTS = 32


class Completion(NamedTuple):
    """For each number of stops, stop and slot: the best gain, what follows, the best otherwise."""

    gain: FloatArray  # (r, n, SLOTS + 1)
    follower: IntArray  # the next stop of the best, −1 for the end
    otherwise: FloatArray  # the best with another next stop
    per_min: float  # slots of a minute


@inner
def slot_of(per_min: float, minute: float) -> int:
    """Return the slot of a moment, or the one before when rounding leaves a doubt."""
    return max(0, min(SLOTS, int(minute * per_min - 1e-6)))


@inner
def gain_after(completion: Completion, stops: int, stop: int, before: int, leave: float) -> float:
    """Bound what follows `stop`, left at `leave`, when `before` was visited just before it."""
    slot = slot_of(completion.per_min, leave)
    if completion.follower[stops, stop, slot] == before:
        return float(completion.otherwise[stops, stop, slot])
    return float(completion.gain[stops, stop, slot])


@kernel
def complete(model: Model, group: IntArray) -> Completion:
    """Tabulate the bounds; `group` is the binding group of each stop, −1 for none."""
    n, rows = model.stay.size, max(1, model.max_stops)
    completion = Completion(
        np.full((rows, n, SLOTS + 1), -np.inf),
        np.full((rows, n, SLOTS + 1), -1, np.int64),
        np.full((rows, n, SLOTS + 1), -np.inf),
        SLOTS / max(model.time_budget, 1.0),
    )
    arriving = Completion(
        np.empty((1, n, SLOTS + 1)),
        np.empty((1, n, SLOTS + 1), np.int64),
        np.empty((1, n, SLOTS + 1)),
        completion.per_min,
    )
    toll = _tolls(model, group)
    for r in range(rows):
        for i in range(n):
            _end(model, completion, r, i)
        if r > 0:
            _stay(model, completion, arriving, r - 1)
            for i in range(n):
                for j in range(n):
                    if toll[i, j] < np.inf:
                        _go(model, completion, arriving, r, i, j, toll[i, j])
    return completion


@kernel
def _tolls(model: Model, group: IntArray) -> FloatArray:
    """Return what going from i straight to j takes from the value; inf where it is out."""
    n = model.stay.size
    toll = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            toll[i, j] = model.travel_weight * model.travel[i, j]
            if model.repetition[i] >= 0 and model.repetition[i] == model.repetition[j]:
                toll[i, j] += model.repetition_weight
            clash = group[i] >= 0 and group[i] == group[j] and model.at_most[group[i]] < 2
            if i == j or clash or model.travel[i, j] == np.inf:
                toll[i, j] = np.inf
    return toll


@inner
def _end(model: Model, table: Completion, r: int, i: int) -> None:
    way = model.travel[i, model.stay.size + 1]
    for s in range(SLOTS + 1):
        if s / table.per_min + way <= model.time_budget * (1.0 + 1e-9):
            table.gain[r, i, s] = -model.travel_weight * way


@inner
def _stay(model: Model, table: Completion, arriving: Completion, r: int) -> None:
    """Tabulate by slot of arrival what a stay and r stops after it bring."""
    for j in range(model.stay.size):
        for s in range(SLOTS + 1):
            arriving.gain[0, j, s] = -np.inf
            arriving.otherwise[0, j, s] = -np.inf
            arriving.follower[0, j, s] = -1
            for o in range(model.first[j], model.first[j + 1]):
                arrival = s / table.per_min
                if arrival > model.latest[o]:
                    continue
                leave = slot_of(table.per_min, max(arrival, model.opens[o]) + model.stay[j])
                score = model.score[o]
                _offer(
                    arriving, 0, j, s, score + table.gain[r, j, leave], table.follower[r, j, leave]
                )
                _offer(arriving, 0, j, s, score + table.otherwise[r, j, leave], -2)


@inner
def _go(
    model: Model, table: Completion, arriving: Completion, r: int, i: int, j: int, toll: float
) -> None:
    """Offer going from i to j, from every slot."""
    shift = slot_of(table.per_min, model.travel[i, j])
    for s in range(SLOTS + 1 - shift):
        value = arriving.gain[0, j, s + shift]
        if arriving.follower[0, j, s + shift] == i:
            value = arriving.otherwise[0, j, s + shift]
        _offer(table, r, i, s, value - toll, j)


@inner
def _offer(table: Completion, r: int, i: int, s: int, value: float, follower: int) -> None:
    """Keep the best value, and the best one with another follower."""
    if value > table.gain[r, i, s]:
        if follower != table.follower[r, i, s]:
            table.otherwise[r, i, s] = table.gain[r, i, s]
        table.gain[r, i, s] = value
        table.follower[r, i, s] = follower
    elif follower != table.follower[r, i, s] and value > table.otherwise[r, i, s]:
        table.otherwise[r, i, s] = value
