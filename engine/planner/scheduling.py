"""The best schedule of a route whose stops and order are given: which window, when to begin."""

from __future__ import annotations

import numpy as np

from engine.planner.compiling import kernel, part
from engine.planner.options import Model
from engine.planner.partial_route import (
    BEST_LENGTH,
    DEPTH,
    PartialRoute,
    end_here,
    is_admitted,
    last_place,
    pop,
    push,
    start_route,
)
from engine.planner.problem import FloatArray, IntArray

STEP_CAP = 200_000  # stays tried; beyond, the best schedule so far stands


@kernel
def schedule(model: Model, stops: IntArray) -> tuple[IntArray, float]:
    """Return the options of the best schedule of `stops` in order and its value, −inf for none."""
    return _schedule(model, stops, np.inf)


@part
def _schedule(model: Model, stops: IntArray, enough: float) -> tuple[IntArray, float]:
    """Return the best schedule, or the first one that is worth more than `enough`."""
    route = start_route(model, np.empty(0, np.int64), -np.inf)
    length, rest = stops.size, _best_scores(model, stops)
    following = np.zeros(length + 1, np.int64)
    tally, steps = route.tally, 0
    if length > model.max_stops:
        return np.empty(0, np.int64), -np.inf
    if length == 0:
        end_here(model, route)
        return np.empty(0, np.int64), route.best[0]
    following[0] = model.first[stops[0]]
    while tally[DEPTH] >= 0 and steps < STEP_CAP and route.best[0] <= enough:
        depth = tally[DEPTH]
        worth_trying = route.value[depth] + rest[depth] > route.best[0]
        option = following[depth]
        if depth == length or not worth_trying or option >= model.first[stops[depth] + 1]:
            pop(model, route)
            continue
        following[depth] += 1
        steps += 1
        if not _fits(model, route, option):
            continue
        push(model, route, option)
        if depth + 1 == length:
            end_here(model, route)
        else:
            following[depth + 1] = model.first[stops[depth + 1]]
    return route.best_option[: tally[BEST_LENGTH]].copy(), route.best[0]


@kernel
def find_substitutes(model: Model, route: IntArray, ranked: IntArray, high: int) -> IntArray:
    """
    Return for each stop of a route the first `high` of what may stand there and keeps it feasible.

    `ranked` is (stops, tried), and what is returned (stops, high); −1 stands for nothing.
    """
    found, changed = np.full((route.size, high), -1, np.int64), route.copy()
    for k in range(route.size):
        count = 0
        for t in range(ranked.shape[1]):
            if ranked[k, t] < 0 or count == high:
                break
            changed[k] = ranked[k, t]
            if _schedule(model, changed, -np.inf)[1] > -np.inf:
                found[k, count] = ranked[k, t]
                count += 1
        changed[k] = route[k]
    return found


@kernel
def begins_of(model: Model, options: IntArray) -> FloatArray:
    """Return the begin of each stay of a feasible sequence of options."""
    begins = np.empty(options.size)
    place, leave = model.stay.size, 0.0
    for k in range(options.size):
        stop = model.stop[options[k]]
        begins[k] = max(leave + model.travel[place, stop], model.opens[options[k]])
        place, leave = stop, begins[k] + model.stay[stop]
    return begins


@part
def _best_scores(model: Model, stops: IntArray) -> FloatArray:
    """Return what the stops from each position on can bring at most."""
    rest = np.zeros(stops.size + 1)
    for k in range(stops.size - 1, -1, -1):
        best = -np.inf
        for o in range(model.first[stops[k]], model.first[stops[k] + 1]):
            best = max(best, model.score[o])
        rest[k] = rest[k + 1] + best
    return rest


@part
def _fits(model: Model, route: PartialRoute, option: int) -> bool:
    stop = model.stop[option]
    arrival = route.leave[route.tally[DEPTH]] + model.travel[last_place(model, route), stop]
    if route.visited[stop] or arrival > model.latest[option]:
        return False
    return is_admitted(model, route, option)
