"""
Exact search: depth-first branch and bound over routes, stop by stop, under a cap of nodes.

It runs in rounds: each makes the bounds sharper, leaves out what they exclude, and searches. A node
is a partial route. Its children are the options that can come next, best bound first; a
child is cut when its bound (see `completion` and `pricing`) does not exceed the best route known,
when what the route still lacks takes more stops than are left (see `covering`), or when the same options have been visited before, ending in the same one, earlier and at no less
value (dominance as in Righini and Salani, Computers & Operations Research 36 (2009) 1191–1203;
the set of options is a 64-bit hash, of which two colliding is as likely as a fault of the memory).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.planner.compiling import ZERO, inner, kernel, part
from engine.planner.completion import (
    Completion,
    complete,
    empty_completion,
    gain_after,
    gain_from,
)
from engine.planner.covering import Cover, cover_needs, needs_of
from engine.planner.fixing import leave_out
from engine.planner.live import all_live
from engine.planner.options import Model
from engine.planner.partial_route import (
    BEST_LENGTH,
    DEPTH,
    REQUIRED,
    PartialRoute,
    end_after,
    end_here,
    gain_of,
    is_admitted,
    last_place,
    pop,
    push,
    start_route,
)
from engine.planner.pricing import Prices, charge, follow, no_prices, tighten
from engine.planner.problem import FloatArray, IntArray

TOLERANCE = 1e-9  # of value: a bound this little above the best cannot matter
MEMORY = 1 << 13  # partial routes remembered for dominance
FIRST_SLOTS = 24 + ZERO
# Columns of a round: steps of the prices, slots of time in them, slots of time in the search, needs that
# the tables know of, nodes.
STEPS, SLOTS, SLOTS_OF_SEARCH, NEEDS, MOST = range(5)

UInt64Array = npt.NDArray[np.uint64]


class Search(NamedTuple):
    """The state of one search; arrays by depth have a row for each stop of a route and one more."""

    route: PartialRoute
    key: UInt64Array  # by depth: a hash of the set of options
    children: IntArray  # (depth, m) options
    bound: FloatArray  # (depth, m)
    listed: IntArray  # by depth: how many children
    following: IntArray  # by depth: the child to follow
    left: FloatArray  # by depth: what the limits still leave, at their prices
    seen_key: UInt64Array
    seen_leave: FloatArray
    seen_worth: FloatArray
    names: UInt64Array  # (m,), a random number for each option
    prices: Prices
    completion: Completion
    cover: Cover


@kernel
def branch(
    model: Model, start: IntArray, start_value: float, node_cap: int, rounds: IntArray
) -> tuple[IntArray, float, bool, int]:
    """
    Return the best route as options, its value (−inf: none), whether proven, and the nodes spent.

    `start` is a feasible route of options with its value, or empty with −inf. `rounds` has a row for
    each round, of the columns STEPS to MOST.
    """
    prices, live, scale = no_prices(model), all_live(model), 1.0
    best, value, nodes, done = start.copy(), start_value, ZERO, False
    lowest = _lowest_value(model)
    for k in range(rounds.shape[0]):
        passes, slots = rounds[k, STEPS], rounds[k, SLOTS]
        known, cover = max(value, lowest), cover_needs(model, live)
        if passes > 0:
            coarse = empty_completion(model, slots, live, cover, ZERO)
            scale = tighten(model, prices, coarse, known, passes, scale)
            leave_out(model, coarse, _fill(model, prices, coarse), known)
            cover = cover_needs(model, live)
        needs = min(rounds[k, NEEDS], cover.telling)
        if needs > 0:
            coarse = empty_completion(model, slots, live, cover, needs)
            leave_out(model, coarse, _fill(model, prices, coarse), known)
            cover = cover_needs(model, live)
            needs = min(needs, cover.telling)
        table = empty_completion(model, rounds[k, SLOTS_OF_SEARCH], live, cover, needs)
        search = _begin(model, prices, table, best, known)
        search.left[0] = _fill(model, prices, table)
        more = rounds[k, MOST]
        cap = node_cap if k == rounds.shape[0] - 1 else min(node_cap, nodes + more)
        done, nodes = _search(model, search, nodes, cap)
        if search.route.best[0] > known:
            value = search.route.best[0]
            best = search.route.best_option[: search.route.tally[BEST_LENGTH]].copy()
        if done or nodes >= node_cap:
            break
    return best, value, done, nodes


@kernel
def bound(model: Model) -> float:
    """Return what no route is worth more than, as far as a coarse table without prices tells."""
    prices, walk = no_prices(model), np.zeros(max(1, model.max_stops) + 1, np.int64)
    live = all_live(model)
    table = empty_completion(model, FIRST_SLOTS, live, cover_needs(model, live), ZERO)
    _fill(model, prices, table)
    return follow(model, table, walk)[0]


@part
def _fill(model: Model, prices: Prices, table: Completion) -> float:
    """Fill the table at these prices; return what all limits are worth."""
    limits = charge(model, prices, table)
    complete(model, table)
    return limits


@part
def _search(model: Model, search: Search, nodes: int, cap: int) -> tuple[bool, int]:
    """Return whether all was searched, and the nodes spent, `nodes` of them before."""
    route, tally = search.route, search.route.tally
    _expand(model, search)
    while tally[DEPTH] >= 0:
        depth = tally[DEPTH]
        child = search.following[depth]
        if child >= search.listed[depth] or search.bound[depth, child] <= route.best[0] + TOLERANCE:
            pop(model, route)
            continue
        if nodes >= cap:
            return False, nodes
        nodes += 1
        search.following[depth] += 1
        option = search.children[depth, child]
        search.left[depth + 1] = _left_after(model, search, option)
        push(model, route, option)
        search.key[depth + 1] = search.key[depth] ^ search.names[option]
        search.following[depth + 1] = 0
        search.listed[depth + 1] = 0
        if not _is_dominated(model, search):
            _expand(model, search)
    return True, nodes


@part
def _lowest_value(model: Model) -> float:
    """Return less than any route is worth."""
    worst = 0.0
    for o in range(model.stop.size):
        worst = min(worst, model.score[o])
    worst = (worst - model.repetition_weight) * model.max_stops
    return worst - (model.travel_weight + model.wait_weight) * model.time_budget - 1.0


@part
def _begin(
    model: Model, prices: Prices, completion: Completion, start: IntArray, start_value: float
) -> Search:
    m, deep = model.stop.size, model.max_stops + 1
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
        np.zeros(deep),
        np.zeros(MEMORY, np.uint64),
        np.zeros(MEMORY),
        np.zeros(MEMORY),
        names,
        prices,
        completion,
        completion.cover,
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
def _expand(model: Model, search: Search) -> None:
    """Take the route as it stands for an answer, and list what can come next."""
    route, live, cover = search.route, search.completion.live, search.cover
    end_here(model, route)
    stops = model.max_stops - route.tally[DEPTH]
    lacking, pressing = _most_lacking(model, route)
    if stops <= 0 or route.tally[REQUIRED] > stops or lacking > stops:
        return
    needed, last = needs_of(model, route, cover)
    if cover.least[needed] > stops:
        return
    if lacking < stops:
        pressing = -1
    only_required = route.tally[REQUIRED] >= stops
    for a in range(live.size[0]):
        i = live.stop[a]
        if route.visited[i] or (only_required and not model.required[i]):
            continue
        if cover.least[needed & ~(last & cover.may_bring[i])] > stops - 1:
            continue
        if _may_lead(model, search, i, stops, needed):
            _list_options_of(model, search, i, stops, pressing, needed, last)


@inner
def _most_lacking(model: Model, route: PartialRoute) -> tuple[int, int]:
    """Return how many stops a group lacks at most, and that group."""
    lacking, group = 0, -1
    for g in range(model.at_most.size):
        if model.at_least[g] - route.groups[g] > lacking:
            lacking, group = model.at_least[g] - route.groups[g], g
    return lacking, group


@inner
def _may_lead(model: Model, search: Search, stop: int, stops: int, needed: int) -> bool:
    """Tell whether going to `stop` next can lead to a better route, at whatever hour it begins."""
    route, depth = search.route, search.route.tally[DEPTH]
    place = last_place(model, route)
    arrival = route.leave[depth] + model.travel[place, stop]
    if arrival > model.time_budget:
        return False
    toll = model.travel_weight * model.travel[place, stop]
    if depth > 0:
        toll = search.completion.toll[place, stop]
    rest = gain_from(search.completion, needed, stops - 1, stop, place, arrival)
    bound = route.value[depth] + search.left[depth] + rest - toll
    return bool(bound > route.best[0] + TOLERANCE)


@inner
def _list_options_of(
    model: Model, search: Search, stop: int, stops: int, pressing: int, needed: int, last: int
) -> None:
    """
    List the options of `stop`, those of the group `pressing` where it is one.

    The last stop of a route is no node of its own: the route is judged at once.
    """
    route, depth, cover = search.route, search.route.tally[DEPTH], search.cover
    place = last_place(model, route)
    arrival = route.leave[depth] + model.travel[place, stop]
    at_once = -np.inf  # the score of beginning on arrival: waiting pays only for more than that
    for o in range(model.first[stop], model.first[stop + 1]):
        is_plain = model.group_first[o] == model.group_first[o + 1]
        if arrival > model.latest[o] or (is_plain and model.score[o] <= at_once):
            continue
        lacking = needed & ~(last & cover.brings[o])
        if cover.least[lacking] > stops - 1:
            continue
        if not _is_open(model, search, o, pressing):
            continue
        if is_plain and arrival >= model.opens[o]:
            at_once = model.score[o]
        if stops == 1:
            end_after(model, route, o)
            continue
        gain, until = gain_of(model, route, place, o)
        rest = gain_after(search.completion, lacking, stops - 1, stop, place, until)
        bound = route.value[depth] + gain + rest + _left_after(model, search, o)
        if bound > route.best[0] + TOLERANCE:
            _list(search, depth, o, bound)


@inner
def _is_open(model: Model, search: Search, option: int, pressing: int) -> bool:
    if not (search.completion.live.option[option] and is_admitted(model, search.route, option)):
        return False
    if pressing < 0:
        return True
    for q in range(model.group_first[option], model.group_first[option + 1]):
        if model.group[q] == pressing:
            return True
    return False


@inner
def _left_after(model: Model, search: Search, option: int) -> float:
    """Return what the limits still leave once `option` comes next, at their prices."""
    route, stop = search.route, model.stop[option]
    price = model.score[option] - search.completion.reduced[option]
    group = model.repetition[stop]
    if group >= 0 and route.repeats[group] > 0:  # paid at its first stop
        price -= search.prices.repeat[group]
    return float(search.left[route.tally[DEPTH]] - price)


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
