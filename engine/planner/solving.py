"""Solve a `Problem`: exactly when few stops fit, else as well as a local search can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from engine.planner.branching import TOLERANCE, bound, branch
from engine.planner.options import Model, flatten
from engine.planner.problem import IntArray, Problem, Solution
from engine.planner.refining import refine
from engine.planner.scheduling import begins_of, find_substitutes, schedule
from engine.planner.searching import search


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much work a search may do; counts and not seconds, so that the answer repeats."""

    few_candidates: int = 200  # up to so many candidates, and
    few_stops: int = 8  # so many stops that fit, a route is short: refined, and searched exactly
    sure_stops: int = 5  # up to which exact search is always tried, and
    sure_candidates: int = 30  # up to which it is
    hopeless: float = 0.25  # else not where the first bound is higher by so large a part
    branch_nodes: int = 30_000  # one to three microseconds each, their tables left aside; and
    deep_nodes: int = 8_000  # where more stops than are sure fit: the rest hardly ever finds better
    barren_nodes: int = 2_000  # after which it gives up if no route is known and no stop locked
    first_iterations: int = 10  # of refining a route that exact search is sure to be tried on
    short_iterations: int = 60  # of refining one of more stops
    iterations: int = 2_000  # of local search for a long route
    spells: int = 4  # that nine tenths of the iterations are divided into

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"{field.name} must be at least 0")


DEFAULT = Limits()
# The columns are those of `branching`; the last round may spend all that is left. Most trips are proven
# in the first; the harder ones get better prices, and start from the best route so far. A round's
# tables cost as much as some thousand nodes, and twice as much for each need that they know of: that
# pays at once where stops are locked, and late elsewhere. A plan of few stops is often proven without
# any price.
ROUNDS: Final = np.array(
    [
        (2, 24, 64, 0, 1_500),
        (8, 24, 96, 0, 3_000),
        (10, 32, 96, 1, 10_000),
        (10, 48, 96, 2, 0),
    ]
)
ROUNDS_OF_LOCKED: Final = np.array(
    [
        (2, 24, 64, 2, 1_500),
        (8, 24, 96, 2, 3_000),
        (10, 32, 96, 2, 10_000),
        (10, 48, 96, 2, 0),
    ]
)
ROUNDS_OF_FEW: Final = np.array(
    [
        (0, 1, 24, 0, 400),
        (2, 24, 48, 1, 2_500),
        (4, 24, 48, 2, 6_000),
        (8, 24, 96, 2, 0),
    ]
)
# Where refining finds no route, there is mostly none, and tables that know of two needs tell at once.
ROUNDS_OF_BARREN: Final = np.array(
    [
        (0, 1, 24, 2, 400),
        (2, 24, 48, 2, 2_500),
        (4, 24, 48, 2, 6_000),
        (8, 24, 96, 2, 0),
    ]
)
FEW_STOPS: Final = 3
SEED_HIGH: Final = 1 << 62  # exclusive
NOTHING: Final = np.empty(0, dtype=np.int64)


def solve(*, problem: Problem, seed: int, limits: Limits = DEFAULT) -> Solution:
    """
    Return the best route found; the same problem, seed and limits give the same route.

    Where exact search runs into its cap or is not tried, the best route so far stands. Where it
    finds no route at all, there is hardly ever one, and local search is asked for the sake of
    locked stops alone.

    Raises:
        ValueError: the seed is negative or too large.
    """
    if not 0 <= seed < SEED_HIGH:
        raise ValueError(f"seed must lie in [0, {SEED_HIGH}), not {seed}")
    model = flatten(problem=problem)
    nodes = 0
    is_short = model.max_stops <= limits.few_stops
    if is_short and model.stay.size <= limits.few_candidates:
        solution = _solve_short(model, seed, limits)
        nodes = solution.nodes
        if solution.proven_optimal or solution.route is not None or not _has_locked(model):
            return solution
    options, value = search(
        model=model, seed=seed, iterations=limits.iterations, spells=limits.spells
    )
    options, value = _schedule(model, options, value)
    return _solution(model, options, value, proven=False, nodes=nodes + limits.iterations)


def _solve_short(model: Model, seed: int, limits: Limits) -> Solution:
    """Refine a route, and search exactly for a better one where that can be hoped to end."""
    has_few_stops = model.max_stops <= limits.sure_stops
    is_sure = has_few_stops or model.stay.size <= limits.sure_candidates
    iterations = limits.first_iterations if has_few_stops else limits.short_iterations
    options, value = _schedule(model, *refine(model, seed, iterations))
    if not is_sure and value > -np.inf and bound(model) - value > limits.hopeless * abs(value):
        return _solution(model, options, value, proven=False, nodes=0)
    return _branch(model, options, value, limits)


def _branch(model: Model, options: IntArray, value: float, limits: Limits) -> Solution:
    """Search exactly, with all the nodes only where a route is known or stops are locked."""
    rounds = ROUNDS_OF_LOCKED if _has_locked(model) else ROUNDS
    rounds = ROUNDS_OF_FEW if model.max_stops <= FEW_STOPS else rounds
    proven, nodes, most = False, 0, limits.branch_nodes
    if model.max_stops > limits.sure_stops:
        most = min(most, limits.deep_nodes)
    is_barren = value == -np.inf and not _has_locked(model)
    if is_barren and limits.barren_nodes < most:
        first = ROUNDS_OF_BARREN if model.max_stops <= limits.sure_stops else rounds
        options, value, proven, nodes = branch(model, options, value, limits.barren_nodes, first)
    if not proven and (nodes == 0 or value > -np.inf):
        options, value, proven, more = branch(model, options, value, most - nodes, rounds)
        nodes += more
    return _solution(model, options, value, proven=proven, nodes=nodes)


def _has_locked(model: Model) -> bool:
    return bool(np.any(model.required))


def _schedule(model: Model, options: IntArray, value: float) -> tuple[IntArray, float]:
    """Give the stops of a route their best windows."""
    if value == -np.inf:
        return NOTHING, value
    scheduled, best = schedule(model, model.stop[options])
    return (scheduled, best) if best >= value - TOLERANCE else (options, value)


def evaluate(*, problem: Problem, route: Sequence[int]) -> Solution | None:
    """
    Return `route` with its best begins and its value, or None when it is not feasible.

    `proven_optimal` is False: nothing is said about other routes.

    Raises:
        ValueError: the route names no candidate.
    """
    count = problem.stay_min.size
    if not all(0 <= stop < count for stop in route):
        raise ValueError(f"route must name candidates below {count}, not {route}")
    stops = np.asarray(route, dtype=np.int64)
    is_whole = np.count_nonzero(problem.required) == np.count_nonzero(problem.required[stops])
    if len(set(route)) < len(route) or not is_whole:
        return None
    # All others are nothing to this route.
    is_alone = tuple(route) == tuple(range(count))
    model = flatten(problem=problem if is_alone else problem.of_route(route))
    options, value = schedule(model, np.arange(stops.size))
    if value == -np.inf:
        return None
    found = _solution(model, options, value, proven=False, nodes=0)
    return replace(found, route=tuple(stops.tolist()))


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
    one = np.zeros(1, dtype=np.int64)
    find_substitutes(flatten(problem=problem), one, one[:, np.newaxis] + 1, 1)
    solve(problem=problem, seed=0)
    solve(problem=problem, seed=0, limits=Limits(sure_stops=0, sure_candidates=0))
    solve(problem=problem, seed=0, limits=Limits(few_stops=0))
