"""
A short route as nothing but the order of its stops, for `refining`: its hours, slack and worth.

Each stay begins in the first piece of a window that has not closed on arrival. So an inserted stop
shifts the hours of those after it, and takes them to other scores and meals, as the case may be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, part
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray, IntArray

SLOTS = 64  # of time, in which the first option of a stop is known
MONEY, REPEATED = range(2)
SLACK = 1e-6  # minutes: two sums of the same times may round to different ones


class Places(NamedTuple):
    """What is asked of every stop again and again."""

    option: IntArray  # (n, SLOTS + 1): the first option that is not over when a slot begins
    latest: FloatArray  # (n,), the latest begin
    score: FloatArray  # (n,), the best
    onward: FloatArray  # (n + 2, n): the stay at i and the way from there to row k
    group_first: IntArray  # (n + 1,)
    group: IntArray  # for which i counts whenever it begins: group_first[i] to group_first[i + 1]
    per_min: float  # slots of a minute


class Order(NamedTuple):
    """A route as the order of its stops; position `size` is the end."""

    stop: IntArray
    size: IntArray  # (1,)
    leave: FloatArray  # when the place before position k is left
    value: FloatArray  # of all before position k, repetitions aside
    latest: FloatArray  # who comes to position k later is too late for the rest
    rest: FloatArray  # the most that position k and the rest can bring, the way to k aside
    tally: IntArray  # MONEY left by all stops, how many are REPEATED
    groups: IntArray  # (g,), the stops that count for it whenever they begin
    repeats: IntArray  # (n,), stops of each repetition group
    visited: BoolArray  # (n,)
    banned: BoolArray  # (n,), not to be inserted


class Gap(NamedTuple):
    """Between two places of a route, where another stop may stand, or stand instead."""

    before: int  # row of the travel matrix, as
    after: int
    leave: float  # when the place before is left
    value: float  # of all before
    rest: float  # the most that what comes after can bring
    latest: float  # who comes to what is after later is too late
    money: int  # left for the stop
    out: int  # the stop that falls away, −1 for none


class Scratch(NamedTuple):
    """Room for judging a route."""

    stop: IntArray
    groups: IntArray  # (g,)
    repeats: IntArray  # (n,)
    penalty: (
        float  # for each thing that a route must have and has not; more than any route is worth
    )
    required: int  # how many stops are


@part
def list_places(model: Model) -> Places:
    n, per_min = model.stay.size, SLOTS / max(model.time_budget, 1e-9)
    places = Places(
        np.zeros((n, SLOTS + 1), np.int64),
        np.full(n, -np.inf),
        np.full(n, -np.inf),
        np.empty((n + 2, n)),
        np.zeros(n + 1, np.int64),
        np.empty(model.group.size, np.int64),
        per_min,
    )
    _list_sure_groups(model, places.group_first, places.group)
    for i in range(n):
        for k in range(n + 2):
            places.onward[k, i] = model.stay[i] + model.travel[i, k]
        for o in range(model.first[i], model.first[i + 1]):
            places.latest[i] = max(places.latest[i], model.latest[o])
            places.score[i] = max(places.score[i], model.score[o])
        option = model.first[i]
        for s in range(SLOTS + 1):
            while option < model.first[i + 1] and model.latest[option] < s / per_min - SLACK:
                option += 1
            places.option[i, s] = option
    return places


@part
def _list_sure_groups(model: Model, first: IntArray, group: IntArray) -> None:
    """List for each stop the groups that all of its options count for."""
    options, size = np.zeros(model.at_most.size, np.int64), 0
    for i in range(model.stay.size):
        options[:] = 0
        low, high = model.first[i], model.first[i + 1]
        for q in range(model.group_first[low], model.group_first[high]):
            options[model.group[q]] += 1
        for g in range(options.size):
            if options[g] == high - low and high > low:
                group[size] = g
                size += 1
        first[i + 1] = size


@part
def empty_order(model: Model) -> Order:
    n, room = model.stay.size, model.max_stops + 1
    return Order(
        np.zeros(room, np.int64),
        np.zeros(1, np.int64),
        np.zeros(room),
        np.zeros(room),
        np.zeros(room),
        np.zeros(room),
        np.zeros(2, np.int64),
        np.zeros(model.at_most.size, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.bool_),
        np.zeros(n, np.bool_),
    )


@part
def empty_scratch(model: Model) -> Scratch:
    return Scratch(
        np.zeros(model.max_stops + 1, np.int64),
        np.zeros(model.at_most.size, np.int64),
        np.zeros(model.stay.size, np.int64),
        # Ways and waits count too, so that no route that lacks something is worth one that does not.
        1.0
        + 2.0 * np.sum(np.abs(model.score))
        + (model.travel_weight + model.wait_weight) * model.time_budget
        + model.repetition_weight * model.max_stops,
        int(np.sum(model.required)),
    )


@part
def options_of(model: Model, places: Places, stops: IntArray) -> IntArray:
    options, place, leave = np.zeros(stops.size, np.int64), model.stay.size, 0.0
    for k in range(stops.size):
        arrival = leave + model.travel[place, stops[k]]
        options[k] = _option_at(model, places, stops[k], arrival)
        place, leave = stops[k], max(arrival, model.opens[options[k]]) + model.stay[stops[k]]
    return options


@inner
def set_order(order: Order, stops: IntArray) -> None:
    """Make the order that of `stops`."""
    order.visited[:] = False
    order.banned[:] = False
    order.size[0] = stops.size
    for k in range(stops.size):
        order.stop[k] = stops[k]
        order.visited[stops[k]] = True


@inner
def refresh_order(model: Model, places: Places, order: Order) -> None:
    """Work out hours, slack and what the rest can bring, of an order that is in time."""
    n, size = model.stay.size, order.size[0]
    place, order.leave[0], order.value[0] = n, 0.0, 0.0
    _count(model, places, order)
    for k in range(size):
        gain, order.leave[k + 1], _ = _stay(model, places, place, order.leave[k], order.stop[k])
        order.value[k + 1] = order.value[k] + gain
        place = order.stop[k]
    after = n + 1
    order.latest[size], order.rest[size] = model.time_budget, 0.0
    for k in range(size - 1, -1, -1):
        i = order.stop[k]
        way = model.travel[i, after]
        order.latest[k] = min(places.latest[i], order.latest[k + 1] - way - model.stay[i])
        order.rest[k] = places.score[i] + order.rest[k + 1] - model.travel_weight * way
        after = i


@inner
def _count(model: Model, places: Places, order: Order) -> None:
    """Count what the stops use of money, groups and repetition."""
    order.tally[MONEY], order.tally[REPEATED] = model.cost_budget, 0
    order.groups[:] = 0
    order.repeats[:] = 0
    for k in range(order.size[0]):
        i = order.stop[k]
        order.tally[MONEY] -= model.cost[i]
        for q in range(places.group_first[i], places.group_first[i + 1]):
            order.groups[places.group[q]] += 1
        if model.repetition[i] >= 0:
            order.tally[REPEATED] += order.repeats[model.repetition[i]] > 0
            order.repeats[model.repetition[i]] += 1


@inner
def gap_at(model: Model, order: Order, position: int, after: int) -> Gap:
    """Return the gap before position `after`, at `position`: the stop between, if any, falls away."""
    n, size, money, out = model.stay.size, order.size[0], order.tally[MONEY], -1
    if position < after:
        out = order.stop[position]
        money += model.cost[out]
    return Gap(
        n if position == 0 else order.stop[position - 1],
        order.stop[after] if after < size else n + 1,
        order.leave[position],
        order.value[position],
        order.rest[after],
        order.latest[after] + SLACK,
        money,
        out,
    )


@inner
def may_stand(
    model: Model, places: Places, order: Order, gap: Gap, stop: int, enough: float
) -> bool:
    """Tell, at a glance, whether `stop` fits into the gap and the route may then be worth more."""
    may = (
        gap.value + places.score[stop] + gap.rest > enough
        and gap.leave + model.travel[gap.before, stop] + places.onward[gap.after, stop]
        <= gap.latest
        and model.cost[stop] <= gap.money
    )
    if may:
        for q in range(places.group_first[stop], places.group_first[stop + 1]):
            g = places.group[q]
            if order.groups[g] >= model.at_most[g] and not _counts_for(places, gap.out, g):
                may = False
    return bool(may)


@inner
def _counts_for(places: Places, stop: int, group: int) -> bool:
    """Tell whether a stop, −1 for none, counts for the group whenever it begins."""
    found = False
    if stop >= 0:
        for q in range(places.group_first[stop], places.group_first[stop + 1]):
            found |= places.group[q] == group
    return found


@inner
def toll_of(model: Model, order: Order, gap: Gap, stop: int) -> float:
    """Return what repetition takes of the route with `stop` in the gap."""
    repeated, group = order.tally[REPEATED], model.repetition[stop]
    leaves = model.repetition[gap.out] if gap.out >= 0 else -1
    if leaves >= 0 and order.repeats[leaves] > 1:
        repeated -= 1
    if group >= 0 and order.repeats[group] - (1 if group == leaves else 0) > 0:
        repeated += 1
    return float(model.repetition_weight * repeated)


@inner
def estimate(
    model: Model, places: Places, order: Order, gap: Gap, stop: int, after: int, enough: float
) -> tuple[float, float]:
    """
    Return the value with `stop` in a gap and then what stands from `after` on, and its end.

    −inf stands for what is late or cannot be worth more than `enough`.
    """
    n, size = model.stay.size, order.size[0]
    gain, leave, _ = _stay(model, places, gap.before, gap.leave, stop)
    value = gap.value + gain - toll_of(model, order, gap, stop)
    way = model.travel[stop, gap.after]
    if leave + way > gap.latest or value - model.travel_weight * way + gap.rest <= enough:
        return -np.inf, np.inf
    place = stop
    for k in range(after, size):
        gain, leave, _ = _stay(model, places, place, leave, order.stop[k])
        value += gain
        place = order.stop[k]
    way = model.travel[place, n + 1]
    return value - model.travel_weight * way, leave + way


@inner
def judge(model: Model, places: Places, scratch: Scratch, stops: IntArray, size: int) -> float:
    """Return the value of the stops in this order, less a penalty for all they lack; −inf if not feasible."""
    n, leave, value, cost, minority = model.stay.size, 0.0, 0.0, 0, 0
    place, missing = n, scratch.required
    scratch.groups[:] = 0
    for k in range(size):
        scratch.repeats[k] = model.repetition[stops[k]]
    for k in range(size):
        i = stops[k]
        gain, leave, option = _stay(model, places, place, leave, i)
        if option < 0:
            return -np.inf
        value += gain - model.repetition_weight * _is_repeated(scratch, k)
        cost += model.cost[i]
        minority += model.minority[i]
        missing -= model.required[i]
        for q in range(model.group_first[option], model.group_first[option + 1]):
            scratch.groups[model.group[q]] += 1
        place = i
    if size > 0:
        leave += model.travel[place, n + 1]
        value -= model.travel_weight * model.travel[place, n + 1]
    if leave > model.time_budget or cost > model.cost_budget:
        return -np.inf
    return value - scratch.penalty * (
        missing + _lacking(model, scratch) + max(0, 2 * minority - size)
    )


@inner
def write_change(order: Order, scratch: Scratch, position: int, stop: int, after: int) -> None:
    """Write the order with `stop` at a position, and then what stands from `after` on."""
    for k in range(position):
        scratch.stop[k] = order.stop[k]
    scratch.stop[position] = stop
    for k in range(after, order.size[0]):
        scratch.stop[position + 1 + k - after] = order.stop[k]


@inner
def way_to_end(model: Model, order: Order) -> float:
    size, n = order.size[0], model.stay.size
    return float(model.travel[order.stop[size - 1], n + 1]) if size > 0 else 0.0


@inner
def _option_at(model: Model, places: Places, stop: int, arrival: float) -> int:
    """Return the first option of `stop` that is not over at `arrival`, −1 for none."""
    if not arrival <= places.latest[stop]:
        return -1
    option = places.option[stop, min(SLOTS, int(arrival * places.per_min))]
    while model.latest[option] < arrival:
        option += 1
    return int(option)


@inner
def _stay(
    model: Model, places: Places, place: int, leave: float, stop: int
) -> tuple[float, float, int]:
    """Return what `stop` brings after `place`, repetition aside, when it is left, and its option."""
    way = model.travel[place, stop]
    arrival = leave + way
    option = _option_at(model, places, stop, arrival)
    if option < 0:
        return -np.inf, np.inf, -1
    begin = max(arrival, model.opens[option])
    gain = model.score[option] - model.travel_weight * way - model.wait_weight * (begin - arrival)
    return gain, begin + model.stay[stop], option


@inner
def _is_repeated(scratch: Scratch, position: int) -> bool:
    group = scratch.repeats[position]
    is_repeated = False
    for k in range(position):
        is_repeated |= group >= 0 and scratch.repeats[k] == group
    return is_repeated


@inner
def _lacking(model: Model, scratch: Scratch) -> float:
    """Return how many stops the groups lack, +inf where one has too many."""
    lacking = 0.0
    for g in range(model.at_most.size):
        if scratch.groups[g] > model.at_most[g]:
            return np.inf
        lacking += max(0, model.at_least[g] - scratch.groups[g])
    return lacking
