"""
Prices on what a plan shares, so that the bounds of `completion` know of it: Lagrangian relaxation.

A table over place and time forgets which stops were visited, and the money, groups and repetitions
used up. Each of these is a linear limit on the rest of a plan, and gets a price: a price is taken
from the score of every option that uses the limit, and what the limit still leaves is added to
the bound at that price. For any prices of the right sign the bound holds; subgradient steps find
those that make it small at the root (Held, Wolfe and Crowder, Mathematical Programming 6 (1974)
62–88; on walks that may repeat, Christofides, Mingozzi and Toth, Networks 11 (1981) 145–164).

    limit                                   price of one use         what is left of it
    a stop is visited once                  visit                    1 until it is visited
    a stop that is required is visited      visit, of either sign    1 until it is visited
    money                                   common[MONEY] · cost     money left
    group at most, at least                 group, > 0 or < 0        what it admits or lacks
    minority: 2 · minority − stops ≤ 0      common[MINORITY]         0
    repetition counts from the second on    repeat, ≤ its weight     1 until one is visited
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import ZERO, inner, part
from engine.planner.completion import LATE, Completion, complete, gain_after, is_past, slot_of
from engine.planner.options import Model
from engine.planner.problem import FloatArray, IntArray

MONEY, MINORITY = range(2)
PATIENCE = 2  # passes without a better bound, after which the steps are shortened
SHORTER = 0.6


class Prices(NamedTuple):
    """What one use of each limit costs, or how a walk exceeds it."""

    visit: FloatArray  # (n,)
    group: FloatArray  # (g,)
    repeat: FloatArray  # (n,), by repetition group
    common: FloatArray  # (2,), MONEY and MINORITY


@part
def no_prices(model: Model) -> Prices:
    n, g = model.stay.size, model.at_most.size
    return Prices(np.zeros(n), np.zeros(g), np.zeros(n), np.zeros(2))


@inner
def charge(model: Model, prices: Prices, table: Completion) -> float:
    """Take the prices off the scores of the table; return what all limits are worth at the root."""
    n = model.stay.size
    for o in range(model.stop.size):
        table.reduced[o] = model.score[o] - price_of(model, prices, o)
    for a in range(table.live.size[0]):
        i = table.live.stop[a]
        group = model.repetition[i]
        for b in range(table.live.size[0]):
            j = table.live.stop[b]
            toll = np.inf if i == j else model.travel_weight * model.travel[i, j]
            if model.travel[i, j] == np.inf or not table.live.arc[i, j]:
                toll = np.inf
            elif group >= 0 and group == model.repetition[j]:
                toll += model.repetition_weight - prices.repeat[group]
            table.toll[i, j] = toll
    worth = prices.common[MONEY] * model.cost_budget
    for i in range(n):
        worth += prices.visit[i] + prices.repeat[i]
    for g in range(prices.group.size):
        limit = model.at_most[g] if prices.group[g] > 0 else model.at_least[g]
        worth += prices.group[g] * limit
    return float(worth)


@inner
def price_of(model: Model, prices: Prices, option: int) -> float:
    i = model.stop[option]
    price = prices.visit[i] + prices.common[MONEY] * model.cost[i]
    price += prices.common[MINORITY] * (2.0 * model.minority[i] - 1.0)
    if model.repetition[i] >= 0:
        price += prices.repeat[model.repetition[i]]
    for q in range(model.group_first[option], model.group_first[option + 1]):
        price += prices.group[model.group[q]]
    return float(price)


@part
def tighten(
    model: Model, prices: Prices, table: Completion, known: float, passes: int, scale: float
) -> float:
    """
    Make `prices` those of the lowest bound that `passes` steps find; return the next scale.

    A route worth less than `known`, which is finite, is of no interest.
    """
    tried, use = _copy(prices), no_prices(model)
    walk = np.zeros(table.gain.shape[0] + 1, np.int64)
    lowest, idle = np.inf, 0
    for _ in range(passes):
        limits = charge(model, tried, table)
        complete(model, table)
        gain, length = follow(model, table, walk)
        bound = gain + limits
        if bound < lowest:
            lowest, idle = bound, 0
            _assign(tried, prices)
        else:
            idle += 1
            if idle == PATIENCE:
                scale, idle = scale * SHORTER, 0
        if bound <= known:
            break
        _count_uses(model, walk, length, use)
        squares = _excess(model, tried, use)
        if squares == 0.0:
            break
        _step(model, tried, use, scale * (bound - known) / squares)
    return scale


@part
def _copy(prices: Prices) -> Prices:
    return Prices(
        prices.visit.copy(), prices.group.copy(), prices.repeat.copy(), prices.common.copy()
    )


@inner
def _assign(source: Prices, target: Prices) -> None:
    for i in range(source.visit.size):
        target.visit[i], target.repeat[i] = source.visit[i], source.repeat[i]
    for g in range(source.group.size):
        target.group[g] = source.group[g]
    for k in range(source.common.size):
        target.common[k] = source.common[k]


@inner
def follow(model: Model, table: Completion, walk: IntArray) -> tuple[float, int]:
    """Write the options of the best walk; return its value and length."""
    n, rows, needed = model.stay.size, table.gain.shape[0], table.sets - 1
    before, place, leave, first, length = ZERO - 1, n, 0.0, 0.0, ZERO
    while length < rows:
        after = rows - 1 - length
        chosen, until, value = _best_next(model, table, needed, before, place, leave, after)
        if length == 0:
            first = value
        if chosen < 0:
            break
        needed &= ~table.cover.brings[chosen]
        walk[length] = chosen
        length += 1
        before, place = place, model.stop[chosen]
        leave = slot_of(table, until) / table.per_min
    return first, length


@inner
def _best_next(
    model: Model,
    table: Completion,
    needed: int,
    before: int,
    place: int,
    leave: float,
    after: int,
) -> tuple[int, float, float]:
    """Return the best option to go on with, −1 for the end, when it ends, and what is gained."""
    n = model.stay.size
    chosen, until, value = -1, 0.0, 0.0 if needed == 0 else -np.inf
    if place < n and needed == 0:
        is_in_time = leave + model.travel[place, n + 1] <= model.time_budget + LATE / table.per_min
        value = -model.travel_weight * model.travel[place, n + 1] if is_in_time else -np.inf
    for a in range(table.live.size[0]):
        j = table.live.stop[a]
        if j in (before, place) or model.travel[place, j] == np.inf or is_past(table, j, needed):
            continue
        arrival = leave + slot_of(table, model.travel[place, j]) / table.per_min
        toll = model.travel_weight * model.travel[n, j] if place == n else table.toll[place, j]
        for o in range(model.first[j], model.first[j + 1]):
            is_late = arrival > model.latest[o] + LATE / table.per_min
            if is_late or not table.live.option[o]:
                continue
            ends = max(arrival, model.opens[o]) + model.stay[j]
            rest = needed & ~table.cover.brings[o]
            gain = table.reduced[o] - toll + gain_after(table, rest, after, j, place, ends)
            if gain > value:
                chosen, until, value = o, ends, gain
    return chosen, until, value


@inner
def _count_uses(model: Model, walk: IntArray, length: int, use: Prices) -> None:
    """Count how often a walk uses each limit; money in budgets."""
    use.visit[:] = 0.0
    use.group[:] = 0.0
    use.repeat[:] = 0.0
    use.common[:] = 0.0
    for k in range(length):
        o = walk[k]
        i = model.stop[o]
        use.visit[i] += 1.0
        use.common[MONEY] += model.cost[i] / max(1.0, model.cost_budget)
        use.common[MINORITY] += 2.0 * model.minority[i] - 1.0
        if model.repetition[i] >= 0:
            use.repeat[model.repetition[i]] += 1.0
        for q in range(model.group_first[o], model.group_first[o + 1]):
            use.group[model.group[q]] += 1.0


@inner
def _excess(model: Model, prices: Prices, use: Prices) -> float:
    """Make `use` the excess over each limit that a price may answer; return the sum of squares."""
    total = 0.0
    for i in range(use.visit.size):
        use.visit[i] -= 1.0
        if use.visit[i] < 0 and prices.visit[i] == 0 and not model.required[i]:
            use.visit[i] = 0.0
        use.repeat[i] -= 1.0
        if not _may_move(prices.repeat[i], use.repeat[i], model.repetition_weight):
            use.repeat[i] = 0.0
        total += use.visit[i] ** 2 + use.repeat[i] ** 2
    for g in range(use.group.size):
        too_many = use.group[g] - model.at_most[g]
        too_few = use.group[g] - model.at_least[g]
        use.group[g] = _of_group(prices.group[g], too_many, too_few)
        total += use.group[g] ** 2
    use.common[MONEY] = 4.0 * (use.common[MONEY] - 1.0)
    for k in range(2):
        if use.common[k] < 0 and prices.common[k] == 0:
            use.common[k] = 0.0
        total += use.common[k] ** 2
    return float(total)


@inner
def _of_group(price: float, too_many: float, too_few: float) -> float:
    """Return the excess that the price answers: over the cap where it is above 0."""
    if price > 0 or (price == 0 and too_many > 0):
        return too_many
    return too_few if price < 0 or too_few < 0 else 0.0


@inner
def _may_move(price: float, excess: float, highest: float) -> bool:
    return price < highest if excess > 0 else price > 0


@inner
def _step(model: Model, prices: Prices, excess: Prices, length: float) -> None:
    for i in range(prices.visit.size):
        prices.visit[i] += length * excess.visit[i]
        if not model.required[i]:
            prices.visit[i] = max(0.0, prices.visit[i])
        moved = prices.repeat[i] + length * excess.repeat[i]
        prices.repeat[i] = min(model.repetition_weight, max(0.0, moved))
    for g in range(prices.group.size):
        moved = prices.group[g] + length * excess.group[g]
        is_cap = prices.group[g] > 0 or (prices.group[g] == 0 and excess.group[g] > 0)
        prices.group[g] = max(0.0, moved) if is_cap else min(0.0, moved)
    per_budget = 4.0 / max(1.0, model.cost_budget)
    money = prices.common[MONEY] + length * excess.common[MONEY] * per_budget
    prices.common[MONEY] = max(0.0, money)
    prices.common[MINORITY] = max(0.0, prices.common[MINORITY] + length * excess.common[MINORITY])
