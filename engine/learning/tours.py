"""Tours that visitors made, and what they count up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """
    The places that one visitor went to in one outing, in order.

    Raises:
        ValueError: there is no stop, or a place occurs twice.
    """

    visitor: int
    stops: tuple[int, ...]  # indices of places

    def __post_init__(self) -> None:
        if not self.stops:
            raise ValueError("stops must not be empty")
        if len(set(self.stops)) != len(self.stops):
            raise ValueError(f"stops must differ, not {self.stops}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TourCounts:
    """What is counted over tours among n places by u visitors; sums, so that a tour can leave."""

    tours: FloatArray  # (n, u), tours of the visitor to the place
    outings: FloatArray  # (n, u), those of two stops or more
    direct: FloatArray  # (n, n), tours that go from one straight to the other
    met: FloatArray  # (n, n), tours that hold both, in either order; 0 on the diagonal

    @classmethod
    def of(cls, *, tours: Sequence[Tour], places: int, visitors: int) -> Self:
        """
        Count `tours`.

        Raises:
            ValueError: a tour names a place or a visitor that there is not.
        """
        counts = cls(
            tours=np.zeros((places, visitors)),
            outings=np.zeros((places, visitors)),
            direct=np.zeros((places, places)),
            met=np.zeros((places, places)),
        )
        for tour in tours:
            if not (min(tour.stops) >= 0 and max(tour.stops) < places):
                raise ValueError(f"stops must name places below {places}, not {tour.stops}")
            if not 0 <= tour.visitor < visitors:
                raise ValueError(f"visitor must lie below {visitors}, not {tour.visitor}")
            _add(counts, tour, 1.0)
        return counts

    def without(self, *, tour: Tour) -> Self:
        """Return the counts as they are when `tour`, which was counted, was never made."""
        counts = replace(self, **{f.name: getattr(self, f.name).copy() for f in fields(self)})
        _add(counts, tour, -1.0)
        return counts


def _add(counts: TourCounts, tour: Tour, weight: float) -> None:
    stops = np.array(tour.stops)
    counts.tours[stops, tour.visitor] += weight
    if stops.size > 1:
        counts.outings[stops, tour.visitor] += weight
        counts.direct[stops[:-1], stops[1:]] += weight
        counts.met[np.ix_(stops, stops)] += weight * (1.0 - np.eye(stops.size))
