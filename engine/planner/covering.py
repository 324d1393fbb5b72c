"""
How many stops it takes to bring what a route still lacks: groups with a least number, locked stops.

What is lacking is a set of at most `NEEDS` needs, as bits, and an option brings some of them. The
least number of options that cover a set is looked up, so that a search sees at once when the stops
that are left cannot do it. Windows, money and ways are forgotten: it is a bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import inner, kernel
from engine.planner.completion import Live
from engine.planner.options import Model
from engine.planner.partial_route import PartialRoute
from engine.planner.problem import IntArray

NEEDS = 8  # looked at; further ones are seen by the search alone
NEVER = 1 << 20  # stops: no option brings it


class Cover(NamedTuple):
    """Needs are bits: first groups, then locked stops."""

    group: IntArray  # by need: the group, −1 for a locked stop
    stop: IntArray  # by need: the locked stop, −1 for a group
    brings: IntArray  # (m,), the needs that an option brings
    may_bring: IntArray  # (n,), those that any option of a stop brings
    least: IntArray  # by set of needs: how many stops it takes


@kernel
def cover_needs(model: Model, live: Live) -> Cover:
    """List the needs of any route, and how few of the live options cover each set of them."""
    group, stop = _list_needs(model)
    brings, may_bring = np.zeros(model.stop.size, np.int64), np.zeros(model.stay.size, np.int64)
    for o in range(model.stop.size):
        if live.option[o]:
            for k in range(group.size):
                if stop[k] == model.stop[o] or _counts_for(model, o, group[k]):
                    brings[o] |= 1 << k
            may_bring[model.stop[o]] |= brings[o]
    return Cover(group, stop, brings, may_bring, _count_stops(live, brings, 1 << group.size))


@kernel
def _list_needs(model: Model) -> tuple[IntArray, IntArray]:
    group, stop, count = np.full(NEEDS, -1, np.int64), np.full(NEEDS, -1, np.int64), 0
    for g in range(model.at_least.size):
        if model.at_least[g] > 0 and count < NEEDS:
            group[count] = g
            count += 1
    for i in range(model.stay.size):
        if model.required[i] and count < NEEDS:
            stop[count] = i
            count += 1
    return group[:count].copy(), stop[:count].copy()


@kernel
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
