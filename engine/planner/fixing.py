"""
Leave out of the search what no better route can visit, by bounds on all routes through an option.

The table of `completion` bounds what follows a stay; here the same relaxation, forward from the
start, bounds what comes before it. Where both together do not exceed the best route known, the
option is out for good: the search is smaller, and so are the next tables. It is the fixing of
variables by reduced costs, for walks: Irnich, Desaulniers, Desrosiers and Hadjar, INFORMS Journal
on Computing 22 (2010) 297–313.
"""

from __future__ import annotations

import numpy as np

from engine.planner.compiling import inner, kernel
from engine.planner.completion import LATE, Completion, slot_of
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray


@kernel
def leave_out(model: Model, table: Completion, limits: float, known: float) -> None:
    """Strike the options and ways that no route worth more than `known` has, of a full table."""
    n, rows, slots = model.stay.size, table.at.shape[0], table.at.shape[2]
    arriving, leaving = np.empty((n, slots)), np.empty((n, slots))
    through, used = np.full(model.stop.size, -np.inf), np.zeros((n, n), np.bool_)
    _start(model, table, arriving)
    for r in range(1, rows + 1):
        _stay(model, table, rows - r, arriving, leaving, through)
        if r < rows:
            _go(table, rows - r - 1, leaving, arriving, used, known - limits)
    live, count = table.live, 0
    for a in range(live.size[0]):
        i, is_live = live.stop[a], False
        for o in range(model.first[i], model.first[i + 1]):
            live.option[o] = live.option[o] and through[o] + limits > known
            is_live = is_live or live.option[o]
        for j in range(n):
            live.arc[i, j] = used[i, j]
        if is_live:
            live.stop[count] = i
            count += 1
    live.size[0] = count


@inner
def _start(model: Model, table: Completion, arriving: FloatArray) -> None:
    for a in range(table.live.size[0]):
        j = table.live.stop[a]
        way = model.travel[model.stay.size, j]
        for s in range(arriving.shape[1]):
            arriving[j, s] = -np.inf
        if way < np.inf:
            arriving[j, slot_of(table, way)] = -model.travel_weight * way


@inner
def _stay(
    model: Model,
    table: Completion,
    after: int,
    arriving: FloatArray,
    leaving: FloatArray,
    through: FloatArray,
) -> None:
    """Tabulate by slot of leaving what the way so far brings, and bound the routes through it."""
    for a in range(table.live.size[0]):
        j = table.live.stop[a]
        for s in range(leaving.shape[1]):
            leaving[j, s] = -np.inf
            if s > 0:  # who is there may wait
                arriving[j, s] = max(arriving[j, s], arriving[j, s - 1])
        for o in range(model.first[j], model.first[j + 1]):
            if not table.live.option[o]:
                continue
            until = slot_of(table, model.latest[o] + LATE / table.per_min)
            come = max(table.come[after, j], slot_of(table, model.opens[o]))
            for s in range(come, until + 1):
                begin = max(s / table.per_min, model.opens[o])
                leave = slot_of(table, begin + model.stay[j])
                value = arriving[j, s] + table.reduced[o]
                leaving[j, leave] = max(leaving[j, leave], value)
                through[o] = max(through[o], value + table.gain[after, j, leave])


@inner
def _go(
    table: Completion,
    after: int,
    leaving: FloatArray,
    arriving: FloatArray,
    used: BoolArray,
    enough: float,
) -> None:
    """Go on to the next stop, and mark the ways that routes of `enough` may use."""
    for b in range(table.live.size[0]):
        j = table.live.stop[b]
        for s in range(arriving.shape[1]):
            arriving[j, s] = -np.inf
        for a in range(table.live.size[0]):
            i = table.live.stop[a]
            toll = table.toll[i, j]
            if toll == np.inf:
                continue
            first = table.leave[after + 1, i]
            arrival = first + table.way[i, j]
            if arrival > table.over[j]:
                continue
            target, is_used = arriving[j, arrival : table.over[j] + 1], False
            source, at = leaving[i, first:], table.at[after, j, arrival:]
            at_follower = table.at_follower[after, j, arrival:]
            at_otherwise = table.at_otherwise[after, j, arrival:]
            for s in range(target.size):  # without branches, for vector units
                value = source[s] - toll
                target[s] = value if value > target[s] else target[s]
                rest = at_otherwise[s] if at_follower[s] == i else at[s]
                is_used |= value + rest > enough
            used[i, j] = used[i, j] or is_used
