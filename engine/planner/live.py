"""What a route better than the best known can still visit; searching strikes more and more of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.planner.compiling import part
from engine.planner.options import Model
from engine.planner.problem import BoolArray, IntArray


class Live(NamedTuple):
    """What a better route than the best known can still visit."""

    option: BoolArray  # (m,)
    arc: BoolArray  # (n, n), going from i straight to j
    stop: IntArray  # (n,), those with such an option; the first `size` count
    size: IntArray  # (1,)


@part
def all_live(model: Model) -> Live:
    n = model.stay.size
    return Live(
        np.ones(model.stop.size, np.bool_), np.ones((n, n), np.bool_), np.arange(n), np.full(1, n)
    )
