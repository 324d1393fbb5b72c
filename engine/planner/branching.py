"""
Exact search: depth-first branch and bound over routes, stop by stop, under a cap of nodes.

A node is a partial route. Its children are the options that can come next, best bound first; a
child is cut when its bound (see `bounds`) does not exceed the best route known, or when the same
options have been visited before, ending in the same one, earlier and at no less value (dominance
as in Righini and Salani, Computers & Operations Research 36 (2009) 1191–1203; the set of options
is a 64-bit hash, of which two colliding is as likely as a fault of the memory).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.planner.bounds import Bounds, largest_gains, prepare_bounds
from engine.planner.compiling import inner, kernel
from engine.planner.completion import Completion, complete, gain_after
from engine.planner.options import Model
from engine.planner.partial_route import (
    BEST_LENGTH,
    COST,
    DEPTH,
    REQUIRED,
    PartialRoute,
    end_here,
    gain_of,
    is_admitted,
    last_place,
    pop,
    push,
    start_route,
)
from engine.planner.problem import BoolArray, FloatArray, IntArray

TOLERANCE = 1e-9  # of value: a bound this little above the best cannot matter
MEMORY = 1 << 13  # partial routes remembered for dominance

UInt64Array = npt.NDArray[np.uint64]


class Search(NamedTuple):
    """The state of one search; arrays by depth have a row for each stop of a route and one more."""

    route: PartialRoute
    key: UInt64Array  # by depth: a hash of the set of options
    children: IntArray  # (depth, m) options
    bound: FloatArray  # (depth, m)
    listed: IntArray  # by depth: how many children
    following: IntArray  # by depth: the child to follow
    free: BoolArray  # (n,), scratch: optional, and may still come as far as the bound can tell
    room: IntArray  # (g,), scratch
    used: IntArray  # (g,), scratch
    gains: FloatArray  # (k, 2), scratch
    seen_key: UInt64Array
    seen_leave: FloatArray
    seen_worth: FloatArray
    names: UInt64Array  # (m,), a random number for each option
    completion: Completion


@kernel
def branch(
    model: Model, start: IntArray, start_value: float, node_cap: int
) -> tuple[IntArray, float, bool, int]:
    """
    Return the best route as options, its value (−inf: none), whether proven, and the nodes spent.

    `start` is a feasible route of options with its value, or empty with −inf.
    """
    bounds = prepare_bounds(model)
    search = _begin(model, bounds, complete(model, bounds.group), start, start_value)
    route, tally, nodes = search.route, search.route.tally, 0
    _expand(model, bounds, search)
    while tally[DEPTH] >= 0:
        depth = tally[DEPTH]
        child = search.following[depth]
        if child >= search.listed[depth] or search.bound[depth, child] <= route.best[0] + TOLERANCE:
            pop(model, route)
            continue
        if nodes >= node_cap:
            break
        nodes += 1
        search.following[depth] += 1
        option = search.children[depth, child]
        push(model, route, option)
        search.key[depth + 1] = search.key[depth] ^ search.names[option]
        search.following[depth + 1] = 0
        search.listed[depth + 1] = 0
        if not _is_dominated(model, search):
            _expand(model, bounds, search)
    best = route.best_option[: tally[BEST_LENGTH]].copy()
    return best, route.best[0], tally[DEPTH] < 0, nodes


@kernel
def _begin(
    model: Model, bounds: Bounds, completion: Completion, start: IntArray, start_value: float
) -> Search:
    n, m, g, deep = model.stay.size, model.stop.size, model.at_most.size, model.max_stops + 1
    names = np.empty(m, np.uint64)
    for o in range(m):
        names[o] = _scramble(np.uint64(0x9E3779B97F4A7C15) * np.uint64(o + 1))
    return Search(
        start_route(model, start, start_value),
        np.zeros(deep, np.uint64),
        np.empty((deep, m), np.int64),
        np.empty((deep, m)),
        np.zeros(deep, np.int64),
        np.zeros(deep, np.int64),
        np.zeros(n, np.bool_),
        np.zeros(g, np.int64),
        np.zeros(g, np.int64),
        np.zeros((bounds.by_time.size, 2)),
        np.zeros(MEMORY, np.uint64),
        np.zeros(MEMORY),
        np.zeros(MEMORY),
        names,
        completion,
    )


@inner
def _scramble(x: np.uint64) -> np.uint64:
    """Mix 64 bits (the finaliser of splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@inner
def _is_dominated(model: Model, search: Search) -> bool:
    """Tell whether these options were seen in another order, as early and as good."""
    depth = search.route.tally[DEPTH]
    if depth < 3:
        return False
    key = _scramble(search.key[depth] + search.names[search.route.option[depth - 1]])
    slot = int(key % np.uint64(MEMORY))
    leave = search.route.leave[depth]
    # Who is earlier may have to wait the difference out.
    worth = search.route.value[depth] + model.wait_weight * leave
    same = search.seen_key[slot] == key
    if same and search.seen_leave[slot] <= leave and search.seen_worth[slot] >= worth:
        return True
    if not same or (leave <= search.seen_leave[slot] and worth >= search.seen_worth[slot]):
        search.seen_key[slot] = key
        search.seen_leave[slot] = leave
        search.seen_worth[slot] = worth
    return False


@inner
def _expand(model: Model, bounds: Bounds, search: Search) -> None:
    """Take the route as it stands for an answer, and list what can come next."""
    end_here(model, search.route)
    stops = model.max_stops - search.route.tally[DEPTH]
    if stops > 0:
        _list_children(model, search, stops)
    # The bound of the stops' own windows is looked up, that of the whole plan has to be computed.
    if stops > 0 and search.listed[search.route.tally[DEPTH]] > 0:
        _sift_children(model, bounds, search, stops)


@inner
def _list_children(model: Model, search: Search, stops: int) -> None:
    route = search.route
    only_required = route.tally[REQUIRED] >= stops
    for i in range(model.stay.size):
        if not route.visited[i] and (model.required[i] or not only_required):
            _list_options_of(model, search, i, stops)


@inner
def _list_options_of(model: Model, search: Search, stop: int, stops: int) -> None:
    route, depth = search.route, search.route.tally[DEPTH]
    place = last_place(model, route)
    arrival = route.leave[depth] + model.travel[place, stop]
    at_once = -np.inf  # the score of beginning on arrival: waiting pays only for more than that
    for o in range(model.first[stop], model.first[stop + 1]):
        is_plain = model.group_first[o] == model.group_first[o + 1]
        if arrival > model.latest[o] or (is_plain and model.score[o] <= at_once):
            continue
        if not is_admitted(model, route, o):
            continue
        if is_plain and arrival >= model.opens[o]:
            at_once = model.score[o]
        gain, until = gain_of(model, route, place, o)
        rest = gain_after(search.completion, stops - 1, stop, place, until)
        bound = route.value[depth] + gain + rest
        if bound > route.best[0] + TOLERANCE:
            search.children[depth, search.listed[depth]] = o
            search.bound[depth, search.listed[depth]] = bound
            search.listed[depth] += 1


@inner
def _sift_children(model: Model, bounds: Bounds, search: Search, stops: int) -> None:
    """Drop the children that the other bound rules out, and sort the rest by falling bound."""
    route, depth = search.route, search.route.tally[DEPTH]
    listed = search.listed[depth]
    search.listed[depth] = 0
    if _bound(model, bounds, search, stops) <= route.best[0] + TOLERANCE:
        return
    place = last_place(model, route)
    for c in range(listed):
        option = search.children[depth, c]
        bound = min(search.bound[depth, c], _bound_child(model, bounds, search, place, option))
        if bound > route.best[0] + TOLERANCE:
            _list(search, depth, option, bound)


@inner
def _bound(model: Model, bounds: Bounds, search: Search, stops: int) -> float:
    """Return an upper bound on the routes below this node; −inf when none can be feasible."""
    route, tally = search.route, search.route.tally
    optional = stops - tally[REQUIRED]
    if optional < 0 or not _mark_free(model, bounds, search):
        return -np.inf
    for g in range(model.at_most.size):
        search.room[g] = model.at_most[g] - route.groups[g]
        if model.at_least[g] - route.groups[g] > stops:
            return -np.inf
    lowest = np.inf
    time_left, money_left = _left(model, bounds, route)
    for k in range(bounds.by_time.size):
        gain, before = largest_gains(bounds, k, search.free, search.room, search.used, optional)
        locked = 0.0
        if tally[REQUIRED] > 0:
            for i in range(model.stay.size):
                if model.required[i] and not route.visited[i]:
                    locked += bounds.reduced[k, i]
        search.gains[k, 0] = gain + locked
        search.gains[k, 1] = before + locked
        price = bounds.by_time[k] * time_left + bounds.by_cost[k] * money_left
        lowest = min(lowest, price + gain + locked)
    return float(route.value[tally[DEPTH]] + lowest - model.travel_weight * bounds.end)


@inner
def _left(model: Model, bounds: Bounds, route: PartialRoute) -> tuple[float, float]:
    time_left = model.time_budget - route.leave[route.tally[DEPTH]] - bounds.end
    return time_left, float(model.cost_budget - route.tally[COST])


@inner
def _mark_free(model: Model, bounds: Bounds, search: Search) -> bool:
    """Mark the optional stops that may still come; False when a required one cannot."""
    route = search.route
    place, leave = last_place(model, route), route.leave[route.tally[DEPTH]]
    money = model.cost_budget - route.tally[COST]
    for i in range(model.stay.size):
        search.free[i] = False
        if route.visited[i]:
            continue
        can_come = leave + bounds.reach[place, i] <= bounds.latest[i] and model.cost[i] <= money
        if model.required[i] and not can_come:
            return False
        search.free[i] = can_come and not model.required[i]
    return True


@inner
def _bound_child(model: Model, bounds: Bounds, search: Search, place: int, option: int) -> float:
    """Return the bound of the node that `option` leads to, from the sums of this one."""
    route, stop = search.route, model.stop[option]
    gain, until = gain_of(model, route, place, option)
    value = route.value[route.tally[DEPTH]] + gain
    time_left, money_left = _left(model, bounds, route)
    time_left -= until - route.leave[route.tally[DEPTH]]
    money_left -= model.cost[stop]
    lowest = np.inf
    for k in range(bounds.by_time.size):
        rest = search.gains[k, 1]
        if model.required[stop]:
            rest = search.gains[k, 0] - bounds.reduced[k, stop]
        price = bounds.by_time[k] * time_left + bounds.by_cost[k] * money_left
        lowest = min(lowest, price + rest)
    return float(value + lowest - model.travel_weight * bounds.end)


@inner
def _list(search: Search, depth: int, option: int, bound: float) -> None:
    """Keep the children by falling bound."""
    at = search.listed[depth]
    search.listed[depth] += 1
    while at > 0 and search.bound[depth, at - 1] < bound:
        search.bound[depth, at] = search.bound[depth, at - 1]
        search.children[depth, at] = search.children[depth, at - 1]
        at -= 1
    search.bound[depth, at] = bound
    search.children[depth, at] = option
