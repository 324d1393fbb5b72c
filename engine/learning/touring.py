"""
Learn from tours which stops lie between a first and a last one, and in which order.

A stop is scored by a conditional logit over what is known of it and the two ends: how many
visitors it has, how often it was visited together with either end, with neighbours of either end,
straight after the first or before the last, and how it lies. The weights come from the tours
themselves, each described by the counts of the *others* - a tour never explains itself. The way
between two stops is scored by the log-probability of going there next, smoothed by distance.
The sum of both is what the planner maximises.

The features and smoothing constants were chosen once, for every city alike, by the likelihood of
tours left out in three cities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from engine.learning.choice import Choices, fit_weights
from engine.learning.tours import FloatArray, IntArray, Tour, TourCounts
from engine.travel import crow_fly_m
from engine.types import Point

BoolArray = npt.NDArray[np.bool_]

RIDGE: Final = 3.0
SHORTEST: Final = 3  # stops of a tour that has something between its ends
_LIFT: Final = 15.0  # visits by which a count of visits together is drawn towards popularity
_ALL: Final = 20.0  # visitors' worth of single visits in the popularity as a stop of an outing
_REACH: Final = 0.45  # of the local spacing of places: how far a neighbour counts
_NEIGHBOURS: Final = 3  # that give the local spacing
_ROUND: Final = 0.1  # of the median distance: nearer is no nearer
_ROUND_NEAREST: Final = 0.02
_GRAVITY: Final = 5.0  # tours that the distances speak for in the way to the next stop


class Ends(NamedTuple):
    """The first and last stops of q tours, each (q,)."""

    first: IntArray
    last: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """How n places lie."""

    distance: FloatArray  # (n, n), in median distances
    near: FloatArray  # (n, n), 1 on the diagonal, falling with the distance over the spacing

    @classmethod
    def of(cls, *, positions: Sequence[Point]) -> Self:
        """
        Measure the ground.

        Raises:
            ValueError: there are fewer than two places, or all lie on one spot.
        """
        metres = crow_fly_m(positions)
        apart = metres[metres > 0]
        if not apart.size:
            raise ValueError("positions must hold two places that lie apart")
        distance = metres / np.median(apart)
        others = np.sort(distance + np.diag(np.full(len(positions), np.inf)), axis=1)
        nearest = others[:, : min(_NEIGHBOURS, len(positions) - 1)]
        spacing = np.maximum(nearest.mean(axis=1), 1e-9)
        near = np.exp(-distance / (_REACH * np.sqrt(np.outer(spacing, spacing))))
        return cls(distance=distance, near=near)


@dataclass(frozen=True, slots=True, kw_only=True)
class TourScorer:
    """What was learned from tours, ready to score the stops between two ends."""

    ground: Ground
    counts: TourCounts
    weights: FloatArray

    @classmethod
    def fit(cls, *, ground: Ground, counts: TourCounts, tours: Sequence[Tour]) -> Self:
        """
        Learn the weights from `tours`, each of which is counted in `counts`.

        Tours of fewer than SHORTEST stops say nothing here beyond their counts.
        """
        telling = [tour for tour in tours if len(tour.stops) >= SHORTEST]
        if not telling:
            return cls(ground=ground, counts=counts, weights=_untaught())
        own = _Own.of(tours=telling, ground=ground, counts=counts)
        features, offered = _describe(ground, counts, own)
        chosen = own.between * offered
        weights = fit_weights(
            choices=Choices(features=features, offered=offered, chosen=chosen), ridge=RIDGE
        )
        return cls(ground=ground, counts=counts, weights=weights)

    def score_stops(self, *, first: int, last: int) -> tuple[FloatArray, BoolArray]:
        """Return the log-odds of each place between the two ends, and which ones are offered."""
        own = _Own.none(ends=Ends(np.array([first]), np.array([last])), counts=self.counts)
        features, offered = _describe(self.ground, self.counts, own)
        scores: FloatArray = features[0] @ self.weights
        return scores, offered[0]

    def score_ways(self) -> FloatArray:
        """Return the (n, n) log-probabilities of the next stop; no way leads to itself."""
        share = _share(self.counts, np.zeros((1, self.counts.direct.shape[0])))[0]
        pull = share[None, :] / (self.ground.distance + _ROUND)
        np.fill_diagonal(pull, 0.0)
        pull /= pull.sum(axis=1, keepdims=True)
        smoothed = self.counts.direct + _GRAVITY * pull
        np.fill_diagonal(smoothed, 1.0)
        ways: FloatArray = np.log(smoothed / smoothed.sum(axis=1, keepdims=True))
        return ways


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What q tours add to the counts themselves, to be taken off again; each (q, n)."""

    ends: Ends
    between: FloatArray  # the stops between the ends
    visits: FloatArray  # 1 where no other tour took the visitor to the place
    outings: FloatArray  # the same of the tours of two stops or more
    met_first: FloatArray
    met_last: FloatArray
    near_first: FloatArray
    near_last: FloatArray
    from_first: FloatArray
    to_last: FloatArray

    @classmethod
    def of(cls, *, tours: Sequence[Tour], ground: Ground, counts: TourCounts) -> Self:
        shape = len(tours), counts.direct.shape[0]
        ends = Ends(
            np.array([tour.stops[0] for tour in tours]),
            np.array([tour.stops[-1] for tour in tours]),
        )
        own = cls.none(ends=ends, counts=counts)
        held = np.zeros(shape)
        for row, tour in enumerate(tours):
            held[row, list(tour.stops)] = 1.0
            own.between[row, list(tour.stops[1:-1])] = 1.0
            own.from_first[row, tour.stops[1]] = 1.0
            own.to_last[row, tour.stops[-2]] = 1.0
        visitors = [tour.visitor for tour in tours]
        rows = np.arange(len(tours))
        own.visits[:] = held * (counts.tours[:, visitors].T == 1)
        own.outings[:] = held * (counts.outings[:, visitors].T == 1)
        own.met_first[:] = held
        own.met_first[rows, ends.first] = 0.0
        own.met_last[:] = held
        own.met_last[rows, ends.last] = 0.0
        for near, end in ((own.near_first, ends.first), (own.near_last, ends.last)):
            weight = held * ground.near[end]
            near[:] = held * (weight.sum(axis=1, keepdims=True) - weight)
        return own

    @classmethod
    def none(cls, *, ends: Ends, counts: TourCounts) -> Self:
        shape = ends.first.size, counts.direct.shape[0]
        names = [name for name in cls.__slots__ if name != "ends"]
        return cls(ends=ends, **{name: np.zeros(shape) for name in names})


_FEATURES: Final = 7


def _untaught() -> FloatArray:
    """Return the weights before any tour has taught others: popularity alone."""
    weights = np.zeros(_FEATURES)
    weights[0] = 1.0
    return weights


def _describe(ground: Ground, counts: TourCounts, own: _Own) -> tuple[FloatArray, BoolArray]:
    """Return the features (q, n, k) of every place between the ends, and the offered ones (q, n)."""
    first, last = own.ends
    rows = np.arange(first.size)
    share = _share(counts, own.outings, own.visits)
    offered = (counts.tours > 0).sum(axis=1)[None, :] - own.visits > 0
    offered[rows, first] = offered[rows, last] = False

    def lift(count: FloatArray) -> FloatArray:
        """How much oftener than by popularity alone; what is the same for all drops out."""
        return np.log(count + _LIFT * share) - np.log(share)

    neighbours = ground.near @ counts.met
    from_first, to_last = ground.distance[first], ground.distance[:, last].T
    detour = from_first + to_last - ground.distance[first, last][:, None]
    features = [
        np.log(share),
        lift(counts.met[first] - own.met_first) + lift(counts.met[last] - own.met_last),
        lift(neighbours[first] - own.near_first) + lift(neighbours[last] - own.near_last),
        lift(counts.direct[first] - own.from_first) + lift(counts.direct[:, last].T - own.to_last),
        -np.log(np.maximum(detour, 0.0) + _ROUND),
        -np.log(np.minimum(from_first, to_last) + _ROUND_NEAREST),
        -np.log(from_first + _ROUND) - np.log(to_last + _ROUND),
    ]
    stacked = np.stack(features, axis=2)
    number = np.maximum(offered.sum(axis=1), 1)[:, None, None]
    centred: FloatArray = stacked - (stacked * offered[..., None]).sum(1, keepdims=True) / number
    return centred, offered


def _share(
    counts: TourCounts, own_outings: FloatArray, own_visits: FloatArray | None = None
) -> FloatArray:
    """Return each place's share of the visitors of outings, drawn towards that of all visits."""
    visitors = (counts.tours > 0).sum(axis=1)[None, :] + 0.5
    visitors = visitors - (0.0 if own_visits is None else own_visits)
    outings = (counts.outings > 0).sum(axis=1)[None, :] - own_outings
    whole = visitors / visitors.sum(axis=1, keepdims=True)
    share: FloatArray = (outings + _ALL * whole) / (outings.sum(axis=1, keepdims=True) + _ALL)
    return share
