"""A route that grows and shrinks stop by stop, its tallies, and the best answer met so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, part
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray, IntArray

COST, MINORITY, REQUIRED, SHORTFALL, DEPTH, BEST_LENGTH = range(6)


class PartialRoute(NamedTuple):
    """Depth is the number of stops; arrays by depth have a row for each stop and one more."""

    tally: IntArray  # COST … BEST_LENGTH; REQUIRED and SHORTFALL count what is still missing
    option: IntArray  # by depth
    leave: FloatArray  # by depth: the end of the stay before
    value: FloatArray  # by depth
    visited: BoolArray  # (n,)
    groups: IntArray  # (g,), stops counted
    repeats: IntArray  # (n,), stops of each repetition group
    best: FloatArray  # (1,), the value of the best route, −inf for none
    best_option: IntArray


@part
def start_route(model: Model, best: IntArray, best_value: float) -> PartialRoute:
    """Return the empty route, with a feasible route to beat (or an empty one with −inf)."""
    deep = model.max_stops + 1
    tally = np.zeros(6, np.int64)
    tally[REQUIRED] = np.sum(model.required)
    tally[SHORTFALL] = np.sum(model.at_least)
    tally[BEST_LENGTH] = best.size
    best_option = np.zeros(deep, np.int64)
    best_option[: best.size] = best
    return PartialRoute(
        tally,
        np.zeros(deep, np.int64),
        np.zeros(deep),
        np.zeros(deep),
        np.zeros(model.stay.size, np.bool_),
        np.zeros(model.at_most.size, np.int64),
        np.zeros(model.stay.size, np.int64),
        np.full(1, best_value),
        best_option,
    )


@inner
def last_place(model: Model, route: PartialRoute) -> int:
    """Return the row of the travel matrix that the next way starts from."""
    depth = route.tally[DEPTH]
    return model.stay.size if depth == 0 else model.stop[route.option[depth - 1]]


@inner
def gain_of(model: Model, route: PartialRoute, place: int, option: int) -> tuple[float, float]:
    """Return the value that `option` adds when it comes next, and the end of its stay."""
    stop = model.stop[option]
    way = model.travel[place, stop]
    arrival = route.leave[route.tally[DEPTH]] + way
    begin = max(arrival, model.opens[option])
    gain = model.score[option] - model.travel_weight * way - model.wait_weight * (begin - arrival)
    if model.repetition[stop] >= 0 and route.repeats[model.repetition[stop]] > 0:
        gain -= model.repetition_weight
    return gain, begin + model.stay[stop]


@inner
def is_admitted(model: Model, route: PartialRoute, option: int) -> bool:
    """Tell whether money, groups and the minority rule leave room for `option`."""
    tally, stop = route.tally, model.stop[option]
    if model.cost[stop] > model.cost_budget - tally[COST]:
        return False
    if 2 * (tally[MINORITY] + model.minority[stop]) > model.max_stops:
        return False
    for q in range(model.group_first[option], model.group_first[option + 1]):
        if route.groups[model.group[q]] >= model.at_most[model.group[q]]:
            return False
    return True


@inner
def push(model: Model, route: PartialRoute, option: int) -> None:
    """Make `option`, which must fit, the next stay."""
    depth = route.tally[DEPTH]
    gain, leave = gain_of(model, route, last_place(model, route), option)
    route.option[depth] = option
    route.leave[depth + 1] = leave
    route.value[depth + 1] = route.value[depth] + gain
    route.tally[DEPTH] += 1
    route.visited[model.stop[option]] = True
    _count(model, route, option, 1)


@inner
def pop(model: Model, route: PartialRoute) -> None:
    """Take the last stay back; popping the empty route leaves a depth of −1."""
    route.tally[DEPTH] -= 1
    if route.tally[DEPTH] >= 0:
        option = route.option[route.tally[DEPTH]]
        route.visited[model.stop[option]] = False
        _count(model, route, option, -1)


@inner
def _count(model: Model, route: PartialRoute, option: int, step: int) -> None:
    tally, stop = route.tally, model.stop[option]
    tally[COST] += step * model.cost[stop]
    tally[MINORITY] += step * model.minority[stop]
    tally[REQUIRED] -= step * model.required[stop]
    if model.repetition[stop] >= 0:
        route.repeats[model.repetition[stop]] += step
    for q in range(model.group_first[option], model.group_first[option + 1]):
        g = model.group[q]
        tally[SHORTFALL] -= max(0, model.at_least[g] - route.groups[g])
        route.groups[g] += step
        tally[SHORTFALL] += max(0, model.at_least[g] - route.groups[g])


@inner
def end_here(model: Model, route: PartialRoute) -> None:
    """Keep the route as it stands when it is feasible and better than the best."""
    tally = route.tally
    depth = tally[DEPTH]
    if tally[REQUIRED] > 0 or tally[SHORTFALL] > 0 or 2 * tally[MINORITY] > depth:
        return
    value = route.value[depth]
    if depth > 0:
        way = model.travel[last_place(model, route), model.stay.size + 1]
        if route.leave[depth] + way > model.time_budget:
            return
        value -= model.travel_weight * way
    if value > route.best[0]:
        route.best[0] = value
        for k in range(depth):
            route.best_option[k] = route.option[k]
        tally[BEST_LENGTH] = depth


@inner
def end_after(model: Model, route: PartialRoute, option: int) -> None:
    """Keep the route with `option`, which must fit, as its last stay, when it is feasible and better."""
    tally, stop = route.tally, model.stop[option]
    depth = tally[DEPTH]
    if (
        tally[REQUIRED] > model.required[stop]
        or 2 * (tally[MINORITY] + model.minority[stop]) > depth + 1
    ):
        return
    gain, leave = gain_of(model, route, last_place(model, route), option)
    way = model.travel[stop, model.stay.size + 1]
    value = route.value[depth] + gain - model.travel_weight * way
    if value <= route.best[0] or leave + way > model.time_budget:
        return
    shortfall = tally[SHORTFALL]
    for q in range(model.group_first[option], model.group_first[option + 1]):
        g = model.group[q]
        if model.at_least[g] > route.groups[g]:
            shortfall -= 1
    if shortfall > 0:
        return
    route.best[0] = value
    for k in range(depth):
        route.best_option[k] = route.option[k]
    route.best_option[depth] = option
    tally[BEST_LENGTH] = depth + 1
