"""
Search beyond the exact one: local search and labels by turns, since each finds what the other misses.

Local search is good where a route has room for many small changes, labels where the windows leave
few; neither is told which it is. A first spell of local search gives the labels a route to beat;
a narrow pass of labels tells what a wide one would cost, and the widest that the work allows
follows. The rest of the local search is several short spells, each but the last from nothing, so that
they end in different routes. After each, labels go by the ways alone that good routes of any spell
went by: few enough for wide labels in a few milliseconds, which find the best route that can be put
together of parts of those (tour merging: Cook and Seymour, INFORMS Journal on Computing 15 (2003)
233–248, there of tours of all places). The last spell begins with the best.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.planner.improving import improve
from engine.planner.labelling import label
from engine.planner.options import Model
from engine.planner.problem import BoolArray, IntArray
from engine.planner.reaching import list_reach

FIRST_SHARE: Final = 0.1  # of the iterations, before the labels
LOOKS: Final = 300  # options that labels look at, for each iteration of local search
NARROW: Final = 2
WIDE: Final = 32
LONG: Final = 22  # stops of a route, beyond which wide labels by all ways find nothing
MERGING: Final = (8, 64)  # widths of labels by the ways of good routes
MERGING_LOOKS: Final = 32  # the same as LOOKS, each time that routes are merged
PAIRS: Final = 250_000  # of a place and an option; beyond, labels take too long to prepare
NEXT_SEED: Final = 1 << 32  # so that no two searches of one caller draw the same numbers
NOTHING: Final = np.empty(0, dtype=np.int64)


def search(*, model: Model, seed: int, iterations: int, spells: int) -> tuple[IntArray, float]:
    """
    Return the options of the best route found and its value, −inf for none.

    `iterations` is the work: of local search, and in proportion of labels; `spells` is how many
    follow the first. Where the labels of a plain problem see all that could be better, the rest of it
    is saved.
    """
    n, first = model.stay.size, int(FIRST_SHARE * iterations)
    good = np.zeros((n + 1, n), dtype=np.bool_)
    options, value = improve(model, NOTHING, seed, first, good)
    has_labels = model.stop.size * (n + 1) <= PAIRS
    if has_labels:
        ways, most = np.ones_like(good), WIDE if options.size <= LONG else NARROW
        options, value, is_whole = _label(
            model, ways, options, value, (NARROW, most), LOOKS * iterations
        )
        if is_whole and _is_plain(model) and options.size < model.max_stops:
            return options, value
    for spell in range(1, spells + 1):
        start = options if spell == spells else NOTHING
        found, better = improve(
            model, start, seed + spell * NEXT_SEED, (iterations - first) // spells, good
        )
        if better > value:
            options, value = found, better
        if has_labels:
            stops = model.stop[options]
            good[np.append(n, stops[:-1]), stops] = True
            options, value, _ = _label(
                model, good, options, value, MERGING, MERGING_LOOKS * iterations
            )
    return options, value


def _is_plain(model: Model) -> bool:
    """Tell whether a label that is dominated can only be worse, whatever comes after."""
    demands = model.at_most.size + np.count_nonzero(model.minority | model.required)
    return bool(demands == 0 and model.wait_weight == 0 and model.repetition_weight == 0)


def _label(
    model: Model,
    ways: BoolArray,
    options: IntArray,
    value: float,
    widths: tuple[int, int],
    looks: int,
) -> tuple[IntArray, float, bool]:
    """
    Return the better of a route and what labels find, and whether they saw all.

    They go by the `ways` alone, with the first width, and then with the widest, up to the second,
    that about so many looks allow.
    """
    narrow, wide = widths
    reach = list_reach(model, ways)
    found, better, is_whole, work = label(model, reach, value, narrow, looks)
    if better > value:
        options, value = found, better
    width = min(wide, narrow * looks // max(1, work))
    if is_whole or width <= narrow:
        return options, value, is_whole
    found, better, is_whole, _ = label(model, reach, value, width, 2 * looks)
    return (found, better, is_whole) if better > value else (options, value, is_whole)
