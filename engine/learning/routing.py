"""Let the planner choose and order the stops between two ends by what tours have taught."""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.learning.touring import TourScorer
from engine.learning.tours import FloatArray, IntArray
from engine.planner.problem import Problem
from engine.planner.solving import Limits, solve

_STOPS_FIRST: Final = 1e3  # a better stop outweighs any order, so that ways only order the stops
_LIMITS: Final = Limits(few_stops=12, sure_stops=12, branch_nodes=50_000)
_LATE: Final = 1.0


def recommend_tour(*, scorer: TourScorer, first: int, last: int, length: int) -> tuple[int, ...]:
    """
    Return the best tour of `length` stops from `first` to `last`, both included.

    Raises:
        ValueError: the ends are the same, or fewer places are known than the length needs.
    """
    if first == last:
        raise ValueError(f"first and last must differ, not {first}")
    scores, offered = scorer.score_stops(first=first, last=last)
    candidates = np.flatnonzero(offered)
    if not 2 <= length <= candidates.size + 2:
        raise ValueError(f"length must lie in [2, {candidates.size + 2}], not {length}")
    if length == 2:
        return (first, last)
    nodes = np.append(candidates, (first, last))
    ways = scorer.score_ways()[np.ix_(nodes, nodes)]
    problem = _to_problem(scores[candidates], ways, length - 2)
    route = solve(problem=problem, seed=0, limits=_LIMITS).route
    if route is None:
        raise RuntimeError(f"no tour of {length} stops was found among {candidates.size}")
    return (first, *(int(candidates[i]) for i in route), last)


def _to_problem(scores: FloatArray, ways: FloatArray, stops: int) -> Problem:
    """
    Return the problem of exactly `stops` stops; the "minutes" of a way are its log-improbability.

    A constant for each stop or way changes nothing, since their number is given.
    """
    n = scores.size
    unlikely = np.maximum(-ways, 0.0)
    np.fill_diagonal(unlikely, 0.0)
    everywhere: IntArray = np.array([stops])
    return Problem(
        travel_min=unlikely,
        stay_min=np.zeros(n),
        score=_STOPS_FIRST * (scores - scores.min())[:, None],
        bucket_min=1.0,
        window_opens=np.zeros((n, 1)),
        window_last_entry=np.full((n, 1), np.inf),
        window_closes=np.full((n, 1), np.inf),
        time_budget_min=float(unlikely.max() * (stops + 1)) + _LATE,
        cost=np.zeros(n, dtype=np.int64),
        cost_budget=0,
        group_member=np.ones((n, 1), dtype=np.bool_),
        group_at_most=everywhere,
        group_at_least=everywhere,
        window_group=np.full((n, 1), -1),
        minority=np.zeros(n, dtype=np.bool_),
        required=np.zeros(n, dtype=np.bool_),
        repetition=np.full(n, -1),
        max_stops=stops,
        travel_weight=1.0,
    )
