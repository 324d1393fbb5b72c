"""A complete route that stops are inserted into and removed from, with its slack kept up to date."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, part
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray, IntArray

COST, MINORITY, REQUIRED, SHORTFALL, REPEATED, LENGTH = range(6)


class Tour(NamedTuple):
    """
    Position k is the k-th stay; position LENGTH is the end, and `place[k]` lies before position k.

    `latest` is the latest begin from which everything after is in time, and `absorbed` the waiting
    after a position, which takes up a delay before it reaches the end (Vansteenwegen et al. 2009).
    """

    tally: IntArray  # COST … LENGTH; REQUIRED and SHORTFALL count what is still missing
    option: IntArray
    place: IntArray  # row of the travel matrix
    leave: FloatArray  # leaving place[k]
    arrival: FloatArray
    opens: FloatArray
    latest: FloatArray
    absorbed: FloatArray
    visited: BoolArray  # (n,)
    groups: IntArray  # (g,), stops counted
    repeats: IntArray  # (n,), stops of each repetition group


@part
def empty_tour(model: Model) -> Tour:
    n, room = model.stay.size, model.max_stops + 2
    tally = np.zeros(6, np.int64)
    tally[REQUIRED] = np.sum(model.required)
    tally[SHORTFALL] = np.sum(model.at_least)
    tour = Tour(
        tally,
        np.zeros(room, np.int64),
        np.full(room, n, np.int64),
        np.zeros(room),
        np.zeros(room),
        np.zeros(room),
        np.zeros(room),
        np.zeros(room),
        np.zeros(n, np.bool_),
        np.zeros(model.at_most.size, np.int64),
        np.zeros(n, np.int64),
    )
    refresh(model, tour)
    return tour


@inner
def copy_tour(source: Tour, target: Tour) -> None:
    for k in range(source.tally.size):
        target.tally[k] = source.tally[k]
    for k in range(source.tally[LENGTH] + 1):
        target.option[k] = source.option[k]
        target.place[k] = source.place[k]
        target.leave[k] = source.leave[k]
        target.arrival[k] = source.arrival[k]
        target.opens[k] = source.opens[k]
        target.latest[k] = source.latest[k]
        target.absorbed[k] = source.absorbed[k]
    for i in range(source.visited.size):
        target.visited[i] = source.visited[i]
        target.repeats[i] = source.repeats[i]
    for g in range(source.groups.size):
        target.groups[g] = source.groups[g]


@inner
def refresh(model: Model, tour: Tour) -> None:
    """Recompute times and slack after the options have changed."""
    length, n, leave = tour.tally[LENGTH], model.stay.size, 0.0
    tour.place[0] = n
    for k in range(length):
        option = tour.option[k]
        stop = model.stop[option]
        tour.leave[k] = leave
        tour.opens[k] = model.opens[option]
        tour.arrival[k] = leave + model.travel[tour.place[k], stop]
        leave = max(tour.arrival[k], tour.opens[k]) + model.stay[stop]
        tour.place[k + 1] = stop
    tour.leave[length] = leave
    tour.arrival[length] = leave
    if length > 0:
        tour.arrival[length] += model.travel[tour.place[length], n + 1]
    tour.opens[length] = 0.0
    tour.latest[length] = model.time_budget
    tour.absorbed[length] = 0.0
    for k in range(length - 1, -1, -1):
        stop = tour.place[k + 1]
        after = n + 1 if k + 1 == length else tour.place[k + 2]
        way = model.travel[stop, after]
        tour.latest[k] = min(
            model.latest[tour.option[k]], tour.latest[k + 1] - way - model.stay[stop]
        )
        waits = max(0.0, tour.opens[k + 1] - tour.arrival[k + 1])
        tour.absorbed[k] = tour.absorbed[k + 1] + waits


@inner
def insert(model: Model, tour: Tour, option: int, position: int) -> None:
    """Insert `option` before `position`; `refresh` must follow."""
    for k in range(tour.tally[LENGTH], position, -1):
        tour.option[k] = tour.option[k - 1]
    tour.option[position] = option
    tour.tally[LENGTH] += 1
    _count(model, tour, option, 1)


@inner
def remove(model: Model, tour: Tour, position: int) -> None:
    """Remove the stay at `position`; `refresh` must follow."""
    option = tour.option[position]
    for k in range(position, tour.tally[LENGTH] - 1):
        tour.option[k] = tour.option[k + 1]
    tour.tally[LENGTH] -= 1
    _count(model, tour, option, -1)


@inner
def _count(model: Model, tour: Tour, option: int, step: int) -> None:
    tally, stop = tour.tally, model.stop[option]
    tour.visited[stop] = step > 0
    tally[COST] += step * model.cost[stop]
    tally[MINORITY] += step * model.minority[stop]
    tally[REQUIRED] -= step * model.required[stop]
    group = model.repetition[stop]
    if group >= 0:
        tally[REPEATED] -= max(0, tour.repeats[group] - 1)
        tour.repeats[group] += step
        tally[REPEATED] += max(0, tour.repeats[group] - 1)
    for q in range(model.group_first[option], model.group_first[option + 1]):
        g = model.group[q]
        tally[SHORTFALL] -= max(0, model.at_least[g] - tour.groups[g])
        tour.groups[g] += step
        tally[SHORTFALL] += max(0, model.at_least[g] - tour.groups[g])


@inner
def admits(model: Model, tour: Tour, option: int) -> bool:
    """Tell whether money, groups and the minority rule leave room for `option`."""
    tally, stop = tour.tally, model.stop[option]
    if tour.visited[stop] or model.cost[stop] > model.cost_budget - tally[COST]:
        return False
    # One of the minority too many: a stop of another kind has to follow, and will if it can.
    crowds = model.minority[stop] and not model.required[stop]
    if crowds and 2 * (tally[MINORITY] + 1) > tally[LENGTH] + 2:
        return False
    for q in range(model.group_first[option], model.group_first[option + 1]):
        if tour.groups[model.group[q]] >= model.at_most[model.group[q]]:
            return False
    return True


@inner
def violation(tour: Tour) -> int:
    """Return how far the tour is from having all that it must; 0 when feasible."""
    tally = tour.tally
    crowd = max(0, 2 * tally[MINORITY] - tally[LENGTH])
    return int(2 * tally[REQUIRED] + 2 * tally[SHORTFALL] + crowd)


@inner
def value_of(model: Model, tour: Tour) -> float:
    """Return the value of the tour, −inf when a stay or the end comes too late."""
    length, value = tour.tally[LENGTH], 0.0
    for k in range(length):
        option = tour.option[k]
        if tour.arrival[k] > model.latest[option]:
            return -np.inf
        waits = max(0.0, tour.opens[k] - tour.arrival[k])
        way = tour.arrival[k] - tour.leave[k]
        value += model.score[option] - model.wait_weight * waits - model.travel_weight * way
    if tour.arrival[length] > model.time_budget:
        return -np.inf
    way = tour.arrival[length] - tour.leave[length]
    value -= model.travel_weight * way
    return float(value - model.repetition_weight * tour.tally[REPEATED])
