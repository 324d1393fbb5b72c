"""
Search beyond the exact one: local search and labels by turns, since each finds what the other misses.

Local search is good where a route has room for many small changes, labels where the windows leave
few; neither is told which it is. A first spell of local search gives the labels a route to beat;
a narrow pass of labels tells what a wide one would cost, and the widest that the work allows
follows; the rest of the local search begins from the best of both.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.planner.improving import improve
from engine.planner.labelling import label
from engine.planner.options import Model
from engine.planner.problem import IntArray
from engine.planner.reaching import list_reach

FIRST_SHARE: Final = 0.3  # of the iterations, before the labels
LOOKS: Final = 400  # options that labels look at, for each iteration of local search
NARROW: Final = 2
WIDE: Final = 32
PAIRS: Final = 250_000  # of a place and an option; beyond, labels take too long to prepare
SECOND_SEED: Final = 1 << 32  # so that no two searches of one caller draw the same numbers
NOTHING: Final = np.empty(0, dtype=np.int64)


def search(*, model: Model, seed: int, iterations: int, rounds: int) -> tuple[IntArray, float]:
    """
    Return the options of the best route found and its value, −inf for none.

    `iterations` is the work: of local search, and in proportion of labels. Where the labels of a
    plain problem see all that could be better, the rest of it is saved.
    """
    first = int(FIRST_SHARE * iterations)
    options, value = improve(model, NOTHING, seed, first, 1)
    options, value, is_whole = _label(model, options, value, LOOKS * iterations)
    if is_whole and _is_plain(model) and options.size < model.max_stops:
        return options, value
    found, better = improve(model, options, seed + SECOND_SEED, iterations - first, rounds)
    return (found, better) if better > value else (options, value)


def _is_plain(model: Model) -> bool:
    """Tell whether a label that is dominated can only be worse, whatever comes after."""
    demands = model.at_most.size + np.count_nonzero(model.minority | model.required)
    return bool(demands == 0 and model.wait_weight == 0 and model.repetition_weight == 0)


def _label(
    model: Model, options: IntArray, value: float, looks: int
) -> tuple[IntArray, float, bool]:
    """Return the better of a route and what labels find, and whether they saw all."""
    if model.stop.size * (model.stay.size + 1) > PAIRS:
        return options, value, False
    reach = list_reach(model)
    found, better, is_whole, work = label(model, reach, value, NARROW, looks)
    if better > value:
        options, value = found, better
    width = min(WIDE, NARROW * looks // max(1, work))
    if is_whole or width <= NARROW:
        return options, value, is_whole
    found, better, is_whole, _ = label(model, reach, value, width, 2 * looks)
    return (found, better, is_whole) if better > value else (options, value, is_whole)
