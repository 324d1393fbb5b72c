"""
Upper bounds on what can still be gained: a knapsack over stops, relaxed by Lagrange multipliers.

Whatever follows a partial route takes at most r more stops, the time left and the money left. Every
stop i needs at least w_i = stay + shortest way in, and brings at most p_i = best score − the
travel penalty of that way. So for any λ, μ ≥ 0

    gain ≤ λ · time left + μ · money left + Σ of the r largest (p_i − λ w_i − μ c_i)⁺,

where stops that are required are counted whatever they bring, and of the stops of one binding
group no more than the group still admits (each stop stands in one group here, so that choosing
greedily is exact: a truncated partition matroid). Several pairs of multipliers are kept, and the
smallest bound counts. Multipliers: Fisher, Management Science 27 (1981) 1–18.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, kernel
from engine.planner.options import Model
from engine.planner.problem import BoolArray, FloatArray, IntArray
from engine.planner.sorting import sort_falling

# Shares of the value of a minute and of a unit of money: with few stops, time is rarely all used.
PRICES = ((0.0, 0.0), (0.15, 0.0), (0.4, 0.2), (0.8, 0.2))


class Bounds(NamedTuple):
    """What is computed once for each search; k pairs of multipliers."""

    reach: FloatArray  # (n + 2, n + 2), at least so long from leaving i to arriving at j
    latest: FloatArray  # (n,), the latest begin at all
    group: IntArray  # (n,), the group that the stop is counted in, −1 for none
    by_time: FloatArray  # (k,), λ
    by_cost: FloatArray  # (k,), μ
    reduced: FloatArray  # (k, n)
    order: IntArray  # (k, n), stops by reduced profit, falling
    end: float  # the shortest way to the end


@kernel
def prepare_bounds(model: Model) -> Bounds:
    n = model.stay.size
    way_in = _shortest_ways_in(model)
    profit, latest = np.full(n, -np.inf), np.full(n, -np.inf)
    for i in range(n):
        for o in range(model.first[i], model.first[i + 1]):
            profit[i] = max(profit[i], model.score[o] - model.travel_weight * way_in[i])
            latest[i] = max(latest[i], model.latest[o])
    weight = np.empty(n)
    for i in range(n):
        weight[i] = model.stay[i] + way_in[i]
    end = np.inf
    for i in range(n):
        end = min(end, model.travel[i, n + 1])
    end = 0.0 if end == np.inf else end
    by_time, by_cost = _multipliers(model, profit, weight)
    reduced = np.empty((by_time.size, n))
    order = np.empty((by_time.size, n), np.int64)
    for k in range(by_time.size):
        for i in range(n):
            reduced[k, i] = -np.inf
            if latest[i] > -np.inf and weight[i] < np.inf:
                reduced[k, i] = profit[i] - by_time[k] * weight[i] - by_cost[k] * model.cost[i]
        sort_falling(reduced[k], order[k])
    return Bounds(
        _closure(model), latest, _counting_groups(model), by_time, by_cost, reduced, order, end
    )


@kernel
def _shortest_ways_in(model: Model) -> FloatArray:
    n = model.stay.size
    shortest = np.full(n, np.inf)
    for i in range(n + 1):
        for j in range(n):
            if i != j and model.travel[i, j] < shortest[j]:
                shortest[j] = model.travel[i, j]
    return shortest


@kernel
def _closure(model: Model) -> FloatArray:
    """Return the least time from leaving i to arriving at j, by way of other stops if quicker."""
    n = model.stay.size
    reach = model.travel.copy()
    for k in range(n):
        for i in range(n + 1):
            through = reach[i, k] + model.stay[k]
            for j in range(n + 2):
                reach[i, j] = min(reach[i, j], through + reach[k, j])
    return reach


@kernel
def _counting_groups(model: Model) -> IntArray:
    """Return for each stop the group of lowest cap that all of its options count for."""
    n, groups = model.stay.size, model.at_most.size
    chosen = np.full(n, -1, np.int64)
    times = np.zeros(groups, np.int64)
    for i in range(n):
        times[:] = 0
        for o in range(model.first[i], model.first[i + 1]):
            for q in range(model.group_first[o], model.group_first[o + 1]):
                times[model.group[q]] += 1
        for g in range(groups):
            counts_always = times[g] > 0 and times[g] == model.first[i + 1] - model.first[i]
            is_tighter = chosen[i] < 0 or model.at_most[g] < model.at_most[chosen[i]]
            if counts_always and is_tighter:
                chosen[i] = g
    return chosen


@kernel
def _multipliers(
    model: Model, profit: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return pairs (λ, μ): shares of the value of a minute and of a unit of money at the root."""
    cost = np.empty(profit.size)
    for i in range(cost.size):
        cost[i] = model.cost[i]
    minute, money = _worth(profit, weight, model.time_budget), 0.0
    if _highest_cost(profit, cost, model.max_stops) > model.cost_budget:
        money = _worth(profit, cost, float(model.cost_budget))
    by_time, by_cost = np.empty(len(PRICES)), np.empty(len(PRICES))
    for k in range(len(PRICES)):
        by_time[k] = minute * PRICES[k][0]
        by_cost[k] = money * PRICES[k][1]
    return by_time, by_cost


@kernel
def _worth(profit: FloatArray, weight: FloatArray, capacity: float) -> float:
    """Return profit by weight of the item that no longer fits: the price of capacity."""
    ratio, order = np.zeros(profit.size), np.zeros(profit.size, np.int64)
    for i in range(profit.size):
        if profit[i] > 0 and weight[i] < np.inf:
            ratio[i] = profit[i] / max(weight[i], 1e-9)
    sort_falling(ratio, order)
    left = capacity
    for k in range(order.size):
        left -= weight[order[k]]
        if left < 0:
            return float(ratio[order[k]])
    return 0.0


@kernel
def _highest_cost(profit: FloatArray, cost: FloatArray, count: int) -> float:
    """Return the cost of the `count` dearest stops that bring anything."""
    costs, order = np.zeros(profit.size), np.zeros(profit.size, np.int64)
    for i in range(profit.size):
        costs[i] = cost[i] if profit[i] > 0 else 0.0
    sort_falling(costs, order)
    total = 0.0
    for k in range(min(count, order.size)):
        total += costs[order[k]]
    return total


@inner
def largest_gains(
    bounds: Bounds,
    k: int,
    free: BoolArray,
    room: IntArray,
    used: IntArray,
    stops: int,
) -> tuple[float, float]:
    """
    Return the sums of the `stops` and of the `stops` − 1 largest reduced profits among `free`.

    `room` is what each group still admits; `used` is scratch, zero before and after.
    """
    total, before, taken = 0.0, 0.0, 0
    n = bounds.order.shape[1]
    seen = 0
    while seen < n and taken < stops:
        i = bounds.order[k, seen]
        seen += 1
        if bounds.reduced[k, i] <= 0.0:
            break
        if not free[i]:
            continue
        group = bounds.group[i]
        if group >= 0:
            if used[group] >= room[group]:
                continue
            used[group] += 1
        before = total
        total += bounds.reduced[k, i]
        taken += 1
    for s in range(seen):
        if bounds.group[bounds.order[k, s]] >= 0:
            used[bounds.group[bounds.order[k, s]]] = 0
    return total, before if taken == stops else total
