"""
Local search: ruin and recreate under simulated annealing, for routes beyond exact search.

Each iteration takes a string of stays out of the route, or a few of them anywhere, and inserts
again, one after another, the option with the best ratio of a power of its gain to the time and money
it takes, until none fits. Power, weights and noise are drawn anew in each iteration, so no one
criterion decides. Inserting in constant time by slack is that of Vansteenwegen, Souffriau, Vanden
Berghe and Van Oudheusden, Computers & Operations Research 36 (2009) 3281–3290; removing strings
that of Christiaens and Vanden Berghe, Transportation Science 54 (2020) 417–433; annealing for
this problem that of Lin and Yu, European Journal of Operational Research 217 (2012) 94–107.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.planner.compiling import ZERO, inner, kernel, part
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray, IntArray
from engine.planner.tour import (
    LENGTH,
    MINORITY,
    Tour,
    admits,
    copy_tour,
    empty_tour,
    insert,
    refresh,
    remove,
    value_of,
    violation,
)

HEAT = 1.5  # the first temperature, in mean gains of a stop
NOISE = 1.0  # of a key, at most
GOOD = 1.5  # mean gains of a stop that a good tour may be worse than the best
STRING = 10  # stops removed in one iteration, at most
URGENT = 1e12  # beside what any ratio reaches

UInt64Array = npt.NDArray[np.uint64]


class Taste(NamedTuple):
    """What an insertion is judged by in one iteration."""

    power: int
    per_raw: float  # weight of the delay of the next arrival, beside that of its begin
    per_cost: float  # minutes that a unit of money is worth
    noise: float


class Offers(NamedTuple):
    """For each option where it would be inserted, −1 for nowhere, and how good that is."""

    position: IntArray
    key: FloatArray


@kernel
def improve(
    model: Model, start: IntArray, seed: int, iterations: int, ways: BoolArray
) -> tuple[IntArray, float]:
    """
    Return the options of the best feasible tour found and its value, −inf for none.

    It cools once, beginning with `start`. The ways of good tours that it goes on from are marked in
    `ways`, (n + 1, n), from place to stop, row n being the start.
    """
    state = np.array([np.uint64(seed) * np.uint64(2) + np.uint64(1)], np.uint64)
    current, trial, best = empty_tour(model), empty_tour(model), empty_tour(model)
    offers = Offers(np.zeros(model.stop.size, np.int64), np.zeros(model.stop.size))
    for option in start:
        insert(model, current, option, current.tally[LENGTH])
    refresh(model, current)
    scale = mean_gain(model)
    penalty = 1.0 + 2.0 * np.sum(np.abs(model.score))
    worth, best_value = -np.inf, -np.inf
    for step in range(iterations + 1):
        heat = HEAT * scale * (1.0 - step / (iterations + 1.0))
        copy_tour(current, trial)
        if step > 0:
            _ruin(model, trial, state)
        _recreate(model, trial, _draw_taste(model, state), offers, state)
        found = value_of(model, trial) - penalty * violation(trial)
        if found > worth + heat * np.log(1.0 - draw(state)):
            copy_tour(trial, current)
            worth = found
            if found > best_value - GOOD * scale:
                _mark_ways(model, trial, ways)
            if found > best_value and violation(trial) == 0:
                best_value = found
                copy_tour(trial, best)
    return best.option[: best.tally[LENGTH]].copy(), best_value


@inner
def _mark_ways(model: Model, tour: Tour, ways: BoolArray) -> None:
    place = model.stay.size
    for k in range(tour.tally[LENGTH]):
        stop = model.stop[tour.option[k]]
        ways[place, stop] = True
        place = stop


@inner
def draw(state: UInt64Array) -> float:
    """Return a number in [0, 1) (splitmix64)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    x = state[0]
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = x ^ (x >> np.uint64(31))
    return float(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner
def draw_below(state: UInt64Array, below: int) -> int:
    return int(draw(state) * below)


@inner
def _draw_taste(model: Model, state: UInt64Array) -> Taste:
    per_cost = 0.0
    if model.cost_budget > 0:
        per_cost = 2.0 * draw(state) * model.time_budget / model.cost_budget
    return Taste(1 + draw_below(state, 3), draw(state), per_cost, NOISE * draw(state))


@part
def mean_gain(model: Model) -> float:
    total, count = 0.0, 0
    for o in range(model.stop.size):
        if model.score[o] > 0:
            total += model.score[o]
            count += 1
    return total / max(1, count)


@inner
def _ruin(model: Model, tour: Tour, state: UInt64Array) -> None:
    length = tour.tally[LENGTH]
    if length == 0:
        return
    count = 1 + draw_below(state, min(length, STRING))
    if draw(state) < 0.7:
        first = draw_below(state, length - count + 1)
        for _ in range(count):
            remove(model, tour, first)
    else:
        for _ in range(count):
            remove(model, tour, draw_below(state, tour.tally[LENGTH]))
    refresh(model, tour)


@inner
def _recreate(model: Model, tour: Tour, taste: Taste, offers: Offers, state: UInt64Array) -> None:
    """Insert the option of the highest key until none fits or pays."""
    inserted = -1
    while tour.tally[LENGTH] < model.max_stops:
        if inserted < 0:
            option = _appraise_all(model, tour, taste, offers, state)
        else:
            option = _appraise_again(model, tour, taste, offers, state, inserted)
        if option < 0:
            break
        inserted = offers.position[option]
        insert(model, tour, option, inserted)
        refresh(model, tour)
        if tour.tally[MINORITY] > 0 and not model.minority[model.stop[option]]:
            inserted = -1  # a stop that is not of the minority makes room for one that is
    while 2 * tour.tally[MINORITY] > tour.tally[LENGTH]:
        if not _thin_out(model, tour):
            break


@inner
def _appraise_all(
    model: Model, tour: Tour, taste: Taste, offers: Offers, state: UInt64Array
) -> int:
    """Find the best position of every option; return the option to insert, −1 for none."""
    chosen, highest = -1, 0.0
    for o in range(offers.key.size):
        position, key = -1, -np.inf
        if admits(model, tour, o):
            position, key = _best_position(model, tour, taste, o, ZERO, tour.tally[LENGTH])
        if position >= 0:
            key = key * (1.0 + taste.noise * draw(state)) + URGENT * _urgency(model, tour, o)
        offers.position[o], offers.key[o] = position, key
        if key > highest:
            chosen, highest = o, key
    return chosen


@inner
def _appraise_again(
    model: Model, tour: Tour, taste: Taste, offers: Offers, state: UInt64Array, inserted: int
) -> int:
    """Do the same after an insertion, looking only where something may have become better."""
    chosen, highest = -1, 0.0
    for o in range(offers.key.size):
        before = offers.position[o]
        if before < 0:
            continue
        position, key = -1, -np.inf
        if admits(model, tour, o):
            before += 1 if before >= inserted else 0
            position, key = _best_position(model, tour, taste, o, before, before)
            beside, near = _best_position(model, tour, taste, o, inserted, inserted + 1)
            if near > key:
                position, key = beside, near
            if position < 0:
                position, key = _best_position(model, tour, taste, o, ZERO, tour.tally[LENGTH])
        if position >= 0:
            key = key * (1.0 + taste.noise * draw(state)) + URGENT * _urgency(model, tour, o)
        offers.position[o], offers.key[o] = position, key
        if key > highest:
            chosen, highest = o, key
    return chosen


@inner
def _thin_out(model: Model, tour: Tour) -> bool:
    """Remove one stop of the minority that is not required; False when there is none."""
    for k in range(tour.tally[LENGTH]):
        stop = model.stop[tour.option[k]]
        if model.minority[stop] and not model.required[stop]:
            remove(model, tour, k)
            refresh(model, tour)
            return True
    return False


@inner
def _urgency(model: Model, tour: Tour, option: int) -> int:
    """Return how many of the things a tour must have `option` brings."""
    stop = model.stop[option]
    urgency = 1 if model.required[stop] else 0
    if 2 * tour.tally[MINORITY] > tour.tally[LENGTH] and not model.minority[stop]:
        urgency += 1
    for q in range(model.group_first[option], model.group_first[option + 1]):
        if tour.groups[model.group[q]] < model.at_least[model.group[q]]:
            urgency += 1
    return urgency


@inner
def _best_position(
    model: Model, tour: Tour, taste: Taste, option: int, first: int, last: int
) -> tuple[int, float]:
    """Return the best position for `option` from `first` to `last`, −1 for none, and its key."""
    stop = model.stop[option]
    stay, opens, latest = model.stay[stop], model.opens[option], model.latest[option]
    length, end = tour.tally[LENGTH], model.stay.size + 1
    score = model.score[option]
    group = model.repetition[stop]
    if group >= 0 and tour.repeats[group] > 0:
        score -= model.repetition_weight
    at, highest, earliest_leave = -1, -np.inf, opens + stay
    for k in range(first, last + 1):
        leave, place = tour.leave[k], tour.place[k]
        if leave > latest:
            break
        if earliest_leave > tour.latest[k]:
            continue
        arrival = leave + model.travel[place, stop]
        begin = max(arrival, opens)
        after = end if k == length else tour.place[k + 1]
        onward = begin + stay + model.travel[stop, after]
        if arrival > latest or onward > tour.latest[k]:
            continue
        raw = onward - tour.arrival[k]
        delay = max(onward, tour.opens[k]) - max(tour.arrival[k], tour.opens[k])
        detour = arrival - leave + model.travel[stop, after] - (tour.arrival[k] - tour.leave[k])
        waits = max(0.0, delay - tour.absorbed[k]) - stay - detour
        gain = score - model.travel_weight * detour - model.wait_weight * waits
        effort = delay + taste.per_raw * (raw - delay) + taste.per_cost * model.cost[stop]
        key = _ratio(gain, effort, taste.power)
        if key > highest:
            at, highest = k, key
    return at, highest


@inner
def _ratio(gain: float, effort: float, power: int) -> float:
    if gain <= 0.0:
        return gain
    ratio = gain
    for _ in range(power - 1):
        ratio *= gain
    return ratio / (max(0.0, effort) + 1.0)
