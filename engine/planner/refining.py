"""
Local search over the order of a few stops: the best insertion, exchange or move, and again after a ruin.

A route is nothing but the order of its stops here (see `ordering`), where `improving` holds each
stay fast in its option: with scores by the hour, a dozen options a place, that leaves it little to
insert. Every neighbour is looked at and the best taken (steepest ascent);
slack, and what the rest can bring at most, spare most of them the walk through the route. A few
stops are then taken out, now and then not to come back at once, and all is done again
(iterated local search: Lourenço, Martin and Stützle, Handbook of Metaheuristics, 2003).

It is for routes that one reads at a glance: an iteration looks at n · stops neighbours, several times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, kernel
from engine.planner.improving import UInt64Array, draw, draw_below, mean_gain
from engine.planner.options import Model
from engine.planner.ordering import (
    Order,
    Places,
    Scratch,
    empty_order,
    empty_scratch,
    estimate,
    gap_at,
    judge,
    list_places,
    may_stand,
    options_of,
    refresh_order,
    set_order,
    way_to_end,
    write_change,
)
from engine.planner.problem import IntArray

RUIN = 3  # stops taken out at once, at most
HEAT = 0.1  # of a mean gain: how much worse a route may be to go on from
CHANGES = 100  # of a route in one climb, at most
LEAST = 1e-12  # of value: what a change must bring
INSERT, EXCHANGE, MOVE = range(3)  # changes of a route


class Change(NamedTuple):
    """One change of a route, and what the route is worth then."""

    kind: int  # −1 for none
    position: int
    stop: int  # the new one; of a move its new position
    worth: float


@kernel
def refine(model: Model, seed: int, iterations: int) -> tuple[IntArray, float]:
    """Return the options of the best feasible route found and its value, −inf for none."""
    state = np.array([np.uint64(seed) * np.uint64(2) + np.uint64(1)], np.uint64)
    places, order, scratch = list_places(model), empty_order(model), empty_scratch(model)
    current, best = np.zeros(0, np.int64), np.zeros(0, np.int64)
    worth, highest, heat = -np.inf, -np.inf, HEAT * mean_gain(model)
    for k in range(iterations):
        set_order(order, current)
        if k > 0:
            _ruin(order, state)
        found = _climb(model, places, order, scratch, draw(state))
        if found > worth + heat * np.log(1.0 - draw(state)):
            worth, current = found, order.stop[: order.size[0]].copy()
        if found > highest:
            highest, best = found, order.stop[: order.size[0]].copy()
    if highest <= -0.5 * scratch.penalty:
        return np.zeros(0, np.int64), -np.inf
    return options_of(model, places, best), highest


@inner
def _ruin(order: Order, state: UInt64Array) -> None:
    """Take a few stops out, in a row or anywhere, and by even chance keep them out at first."""
    size = order.size[0]
    if size == 0:
        return
    count = 1 + draw_below(state, min(size, RUIN))
    is_row, is_banned = draw(state) < 0.5, draw(state) < 0.5
    first = draw_below(state, size - count + 1)
    for _ in range(count):
        position = first if is_row else draw_below(state, order.size[0])
        order.visited[order.stop[position]] = False
        order.banned[order.stop[position]] = is_banned
        order.size[0] -= 1
        for k in range(position, order.size[0]):
            order.stop[k] = order.stop[k + 1]


@inner
def _climb(model: Model, places: Places, order: Order, scratch: Scratch, power: float) -> float:
    """Insert what pays most for its time, raised to `power`, then change what is best; return the worth."""
    worth = -np.inf
    while worth == -np.inf:
        worth = judge(model, places, scratch, order.stop, order.size[0])
        if worth == -np.inf:  # a way was shorter by a stop that was taken out: begin with nothing
            order.size[0] = 0
            order.visited[:] = False
    is_filling = True
    for _ in range(CHANGES):
        refresh_order(model, places, order)
        if is_filling:
            change = _best_insertion(model, places, order, scratch, worth, power)
        else:
            change = _best_change(model, places, order, scratch, worth)
        if change.kind >= 0:
            _apply(order, change)
            worth = change.worth
        elif is_filling:
            is_filling = False
            order.banned[:] = False
        else:
            break
    return worth


@inner
def _apply(order: Order, change: Change) -> None:
    size, at = order.size[0], change.position
    if change.kind == INSERT:
        order.size[0] = size + 1
        for k in range(size, at, -1):
            order.stop[k] = order.stop[k - 1]
        order.stop[at] = change.stop
        order.visited[change.stop] = True
    elif change.kind == EXCHANGE:
        order.visited[order.stop[at]] = False
        order.visited[change.stop] = True
        order.stop[at] = change.stop
    else:
        step, moved = 1 if change.stop > at else -1, order.stop[at]
        for k in range(at, change.stop, step):
            order.stop[k] = order.stop[k + step]
        order.stop[change.stop] = moved


@inner
def _best_insertion(
    model: Model, places: Places, order: Order, scratch: Scratch, worth: float, power: float
) -> Change:
    """Return the insertion of the highest ratio of gain to a power of the time it takes."""
    best, highest, size = Change(-1, 0, 0, worth), 0.0, order.size[0]
    if size >= model.max_stops:
        return best
    ends = order.leave[size] + way_to_end(model, order)
    for k in range(size + 1):
        gap = gap_at(model, order, k, k)
        for stop in range(model.stay.size):
            is_out = order.visited[stop] or order.banned[stop]
            if is_out or not may_stand(model, places, order, gap, stop, worth):
                continue
            value, later = estimate(model, places, order, gap, stop, k, worth)
            if value <= worth:
                continue
            effort = max(1.0, later - ends) ** power
            if value - worth <= highest * effort:
                continue
            write_change(order, scratch, k, stop, k)
            found = judge(model, places, scratch, scratch.stop, size + 1)
            if found - worth > max(LEAST, highest * effort):
                best, highest = Change(INSERT, k, stop, found), (found - worth) / effort
    return best


@inner
def _best_change(
    model: Model, places: Places, order: Order, scratch: Scratch, worth: float
) -> Change:
    """Return the change after which the route is worth most."""
    best, size = Change(-1, 0, 0, worth + LEAST), order.size[0]
    for kind in range(2):
        positions = size + 1 if kind == INSERT else size
        if kind == INSERT and size >= model.max_stops:
            continue
        for k in range(positions):
            gap = gap_at(model, order, k, k + kind)
            for stop in range(model.stay.size):
                is_out = order.visited[stop]
                if is_out or not may_stand(model, places, order, gap, stop, best.worth):
                    continue
                value, _ = estimate(model, places, order, gap, stop, k + kind, best.worth)
                if value <= best.worth:
                    continue
                write_change(order, scratch, k, stop, k + kind)
                found = judge(model, places, scratch, scratch.stop, size + 1 - kind)
                if found > best.worth:
                    best = Change(kind, k, stop, found)
    return _best_move(model, places, order, scratch, best)


@inner
def _best_move(
    model: Model, places: Places, order: Order, scratch: Scratch, best: Change
) -> Change:
    """Return the best move of a stop to another position, or `best` if that is better."""
    size = order.size[0]
    for k in range(size):
        for to in range(size):
            if k == to:
                continue
            for b in range(size):
                scratch.stop[b] = order.stop[b]
            step = 1 if to > k else -1
            for b in range(k, to, step):
                scratch.stop[b] = order.stop[b + step]
            scratch.stop[to] = order.stop[k]
            found = judge(model, places, scratch, scratch.stop, size)
            if found > best.worth:
                best = Change(MOVE, k, to, found)
    return best
