"""
What a route still lacks, as a set of needs: groups with a least number, locked stops.

At most `NEEDS` needs are bits of a set, the rarest first, and an option brings some of them. The least
number of options that cover a set is looked up, so that a search sees at once when the stops
that are left cannot do it. Windows, money and ways are forgotten: it is a bound. The first few
needs are also part of the tables of `completion`, which know what bringing them costs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, part
from engine.planner.live import Live
from engine.planner.options import Model
from engine.planner.partial_route import PartialRoute
from engine.planner.problem import IntArray
from engine.planner.sorting import sort_falling

NEEDS = 8  # looked at; further ones are seen by the search alone
NEVER = 1 << 20  # stops: no option brings it


class Cover(NamedTuple):
    """Needs are bits, what fewest stops bring first."""

    group: IntArray  # by need: the group, −1 for a locked stop
    stop: IntArray  # by need: the locked stop, −1 for a group
    brings: IntArray  # (m,), the needs that an option brings
    may_bring: IntArray  # (n,), those that any option of a stop brings
    own: IntArray  # (n,), the need that is to visit the very stop, 0 for none
    least: IntArray  # by set of needs: how many stops it takes
    telling: int  # needs that some live stop does not bring; they stand before the others


@part
def cover_needs(model: Model, live: Live) -> Cover:
    """List the needs of any route, and how few of the live options cover each set of them."""
    group, stop, telling = _list_needs(model, live)
    n, m = model.stay.size, model.stop.size
    brings, may_bring, own = np.zeros(m, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for k in range(group.size):
        if stop[k] >= 0:
            own[stop[k]] = 1 << k
    for o in range(m):
        if live.option[o]:
            for k in range(group.size):
                if stop[k] == model.stop[o] or _counts_for(model, o, group[k]):
                    brings[o] |= 1 << k
            may_bring[model.stop[o]] |= brings[o]
    least = _count_stops(live, brings, 1 << group.size)
    return Cover(group, stop, brings, may_bring, own, least, telling)


@part
def _list_needs(model: Model, live: Live) -> tuple[IntArray, IntArray, int]:
    """Return the groups and locked stops that are needs, the rarest first, and how many are telling."""
    stops = _count_members(model, live)
    order, rarity = np.zeros(stops.size, np.int64), -stops.astype(np.float64)
    sort_falling(rarity, order)
    group, stop, count = np.full(NEEDS, -1, np.int64), np.full(NEEDS, -1, np.int64), 0
    for i in range(model.stay.size):
        if model.required[i] and count < NEEDS:
            stop[count] = i
            count += 1
    telling = count
    for g in order:
        if model.at_least[g] > 0 and count < NEEDS:
            group[count] = g
            count += 1
            telling += stops[g] < live.size[0]
    return group[:count].copy(), stop[:count].copy(), telling


@part
def _count_members(model: Model, live: Live) -> IntArray:
    """Return how many of the live stops can count for each group."""
    stops, last = np.zeros(model.at_least.size, np.int64), np.full(model.at_least.size, -1)
    for o in range(model.stop.size):  # a stop's options stand together
        for q in range(model.group_first[o], model.group_first[o + 1]):
            g = model.group[q]
            if live.option[o] and last[g] != model.stop[o]:
                last[g] = model.stop[o]
                stops[g] += 1
    return stops


@part
def _count_stops(live: Live, brings: IntArray, sets: int) -> IntArray:
    is_there, least = np.zeros(sets, np.bool_), np.full(sets, NEVER, np.int64)
    for o in range(brings.size):
        is_there[brings[o]] |= live.option[o]
    least[0] = 0
    for needed in range(1, sets):
        for brought in range(1, sets):
            if is_there[brought] and needed & brought:
                least[needed] = min(least[needed], 1 + least[needed & ~brought])
    return least


@inner
def _counts_for(model: Model, option: int, group: int) -> bool:
    found = False
    for q in range(model.group_first[option], model.group_first[option + 1]):
        found |= model.group[q] == group
    return found


@inner
def needs_of(model: Model, route: PartialRoute, cover: Cover) -> tuple[int, int]:
    """Return what the route lacks, and what of that one more stop can bring for good."""
    needed, last = 0, 0
    for k in range(cover.group.size):
        lacking = 0
        if cover.stop[k] >= 0:
            lacking = 0 if route.visited[cover.stop[k]] else 1
        else:
            lacking = model.at_least[cover.group[k]] - route.groups[cover.group[k]]
        if lacking > 0:
            needed |= 1 << k
        if lacking == 1:
            last |= 1 << k
    return needed, last
