"""Sorting inside kernels: numba's own sort takes seconds to compile, and the lists are short."""

from __future__ import annotations

from engine.planner.compiling import inner
from engine.planner.problem import FloatArray, IntArray


@inner
def sort_falling(values: FloatArray, order: IntArray) -> None:
    """Write the indices of `values`, largest first, ties in order, into `order`. O(n²) at worst."""
    for i in range(values.size):
        at = i
        while at > 0 and values[order[at - 1]] < values[i]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
