"""Solve a `Problem`: exactly when few stops fit, else as well as a local search can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.planner.branching import branch
from engine.planner.options import Model, flatten
from engine.planner.problem import IntArray, Problem, Solution
from engine.planner.scheduling import begins_of, schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much work a search may do; counts and not seconds, so that the answer repeats."""

    branch_nodes: int = 200_000
    iterations: int = 2_000

    def __post_init__(self) -> None:
        if min(self.branch_nodes, self.iterations) < 0:
            raise ValueError("branch_nodes and iterations must be at least 0")


DEFAULT = Limits()


def solve(*, problem: Problem, seed: int, limits: Limits = DEFAULT) -> Solution:
    """Return the best route found; the same problem, seed and limits give the same route."""
    model = flatten(problem=problem)
    options, value, proven, nodes = branch(
        model, np.empty(0, np.int64), -np.inf, limits.branch_nodes
    )
    return _solution(model, options, value, proven=proven, nodes=nodes)


def evaluate(*, problem: Problem, route: Sequence[int]) -> Solution | None:
    """
    Return `route` with its best begins and its value, or None when it is not feasible.

    `proven_optimal` is False: nothing is said about other routes.

    Raises:
        ValueError: the route names no candidate.
    """
    model = flatten(problem=problem)
    stops = np.asarray(route, dtype=np.int64)
    if np.any((stops < 0) | (stops >= model.stay.size)):
        raise ValueError(f"route must name candidates below {model.stay.size}, not {route}")
    options, value = schedule(model, stops)
    if value == -np.inf:
        return None
    return _solution(model, options, value, proven=False, nodes=0)


def _solution(
    model: Model, options: IntArray, value: float, *, proven: bool, nodes: int
) -> Solution:
    if value == -np.inf:
        return Solution(route=None, begins=(), value=-np.inf, proven_optimal=proven, nodes=nodes)
    return Solution(
        route=tuple(model.stop[options].tolist()),
        begins=tuple(begins_of(model, options).tolist()),
        value=value,
        proven_optimal=proven,
        nodes=nodes,
    )


def warm() -> None:
    """Compile every kernel, or read it from its cache; call it once when a worker starts."""
    problem = Problem(
        travel_min=np.ones((4, 4)),
        stay_min=np.ones(2),
        score=np.ones((2, 1)),
        bucket_min=1.0,
        window_opens=np.zeros((2, 1)),
        window_last_entry=np.full((2, 1), 9.0),
        window_closes=np.full((2, 1), 9.0),
        time_budget_min=9.0,
        cost=np.zeros(2, dtype=np.int64),
        cost_budget=0,
        group_member=np.zeros((2, 0), dtype=np.bool_),
        group_at_most=np.zeros(0, dtype=np.int64),
        group_at_least=np.zeros(0, dtype=np.int64),
        window_group=np.full((2, 1), -1, dtype=np.int64),
        minority=np.zeros(2, dtype=np.bool_),
        required=np.zeros(2, dtype=np.bool_),
        repetition=np.full(2, -1, dtype=np.int64),
        max_stops=2,
    )
    evaluate(problem=problem, route=(0, 1))
    solve(problem=problem, seed=0)
