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

from engine.planner.compiling import inner, part
from engine.planner.completion import LATE, Completion, is_past, slot_of
from engine.planner.live import Live
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray


@part
def leave_out(model: Model, table: Completion, limits: float, known: float) -> None:
    """Strike the options and ways that no route worth more than `known` has, of a full table."""
    n, rows, slots = model.stay.size, table.at.shape[0], table.at.shape[2]
    arriving, leaving = np.empty((table.sets * n, slots)), np.empty((table.sets * n, slots))
    through, used = np.full(model.stop.size, -np.inf), np.zeros((n, n), np.bool_)
    for needed in range(table.sets):
        _start(model, table, needed, arriving)
    for r in range(1, rows + 1):
        for needed in range(table.sets):
            _forget(table, needed, leaving)
        for needed in range(table.sets):
            _stay(model, table, rows - r, needed, arriving, leaving, through)
        if r < rows:
            for needed in range(table.sets):
                _go(table, rows - r - 1, needed, leaving, arriving, used, known - limits)
    _strike(model, table.live, through, used, known - limits)


@inner
def _strike(model: Model, live: Live, through: FloatArray, used: BoolArray, enough: float) -> None:
    """Leave what routes of more than `enough` have."""
    count = 0
    for a in range(live.size[0]):
        i, is_live = live.stop[a], False
        for o in range(model.first[i], model.first[i + 1]):
            live.option[o] = live.option[o] and through[o] > enough
            is_live = is_live or live.option[o]
        for j in range(model.stay.size):
            live.arc[i, j] = used[i, j]
        if is_live:
            live.stop[count] = i
            count += 1
    live.size[0] = count


@inner
def _start(model: Model, table: Completion, needed: int, arriving: FloatArray) -> None:
    """Come from the start, where all that is needed is still to be brought."""
    for a in range(table.live.size[0]):
        j = table.live.stop[a]
        way, row = model.travel[model.stay.size, j], needed * model.stay.size + j
        for s in range(arriving.shape[1]):
            arriving[row, s] = -np.inf
        if way < np.inf and needed == table.sets - 1:
            arriving[row, slot_of(table, way)] = -model.travel_weight * way


@inner
def _forget(table: Completion, needed: int, leaving: FloatArray) -> None:
    for a in range(table.live.size[0]):
        row = needed * table.over.size + table.live.stop[a]
        for s in range(leaving.shape[1]):
            leaving[row, s] = -np.inf


@inner
def _stay(
    model: Model,
    table: Completion,
    after: int,
    needed: int,
    arriving: FloatArray,
    leaving: FloatArray,
    through: FloatArray,
) -> None:
    """Tabulate by slot of leaving what the way so far brings, and bound the routes through it."""
    n, cover = model.stay.size, table.cover
    for a in range(table.live.size[0]):
        j = table.live.stop[a]
        row = needed * n + j
        for s in range(1, leaving.shape[1]):  # who is there may wait
            arriving[row, s] = max(arriving[row, s], arriving[row, s - 1])
        if is_past(table, j, needed):
            continue
        for o in range(model.first[j], model.first[j + 1]):
            rest = needed & ~cover.brings[o]
            if not table.live.option[o] or cover.least[rest] > after:
                continue
            until, behind = slot_of(table, model.latest[o] + LATE / table.per_min), rest * n + j
            come = max(table.come[after, j], slot_of(table, model.opens[o]))
            for s in range(come, until + 1):
                begin = max(s / table.per_min, model.opens[o])
                leave = slot_of(table, begin + model.stay[j])
                value = arriving[row, s] + table.reduced[o]
                leaving[behind, leave] = max(leaving[behind, leave], value)
                through[o] = max(through[o], value + table.gain[after, behind, leave])


@inner
def _go(
    table: Completion,
    after: int,
    needed: int,
    leaving: FloatArray,
    arriving: FloatArray,
    used: BoolArray,
    enough: float,
) -> None:
    """Go on to the next stop, and mark the ways that routes of `enough` may use."""
    base = needed * table.over.size
    for b in range(table.live.size[0]):
        j = table.live.stop[b]
        for s in range(arriving.shape[1]):
            arriving[base + j, s] = -np.inf
        if is_past(table, j, needed) or table.cover.least[needed] > after + 1:
            continue
        for a in range(table.live.size[0]):
            i = table.live.stop[a]
            toll = table.toll[i, j]
            if toll == np.inf:
                continue
            first = table.leave[after + 1, i]
            arrival = first + table.way[i, j]
            if arrival > table.over[j]:
                continue
            target, is_used = arriving[base + j, arrival : table.over[j] + 1], False
            source, at = leaving[base + i, first:], table.at[after, base + j, arrival:]
            at_follower = table.at_follower[after, base + j, arrival:]
            at_otherwise = table.at_otherwise[after, base + j, arrival:]
            for s in range(target.size):  # without branches, for vector units
                value = source[s] - toll
                target[s] = value if value > target[s] else target[s]
                rest = at_otherwise[s] if at_follower[s] == i else at[s]
                is_used |= value + rest > enough
            used[i, j] = used[i, j] or is_used
