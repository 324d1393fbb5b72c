"""What is proven, against another solver and against what must hold of any optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyvrp import Model
from pyvrp.stop import MaxIterations

from benchmarks.planner import KINDS, Shape, trip_of_kind
from engine.planner.problem import Problem
from engine.planner.solving import Limits, solve
from tests.engine.planner.reference import make_problem, random_problem, value_of_plan

ROUNDING = 1e-9
PATIENT = Limits(branch_nodes=10**6, deep_nodes=10**6, barren_nodes=10**6)
MANY_STOPS = 8  # more than fit in any plan of these instances; theirs knows no limit

seeds = st.integers(min_value=0, max_value=2**32 - 1)
# Too many searches for plain Python.
pytestmark = pytest.mark.compiled

unhurried = settings(deadline=None, max_examples=50)  # the first call may compile the kernels


def prize_problem(seed: int, n: int = 15) -> Problem:
    """Draw what both solvers can express: prizes, stays, one window each, one budget of time."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 60, (n + 1, 2))
    metres = np.linalg.norm(points[:, None] - points[None], axis=-1).round()
    travel = np.zeros((n + 2, n + 2))
    travel[: n + 1, : n + 1] = metres
    travel[: n + 1, n + 1] = metres[:, n]  # the end is the start
    stay = rng.integers(10, 40, n).astype(float)
    opens = rng.integers(0, 150, (n, 1)).astype(float)
    last_entry = opens + rng.integers(10, 90, (n, 1))
    return make_problem(
        n=n,
        travel_min=travel,
        stay_min=stay,
        score=rng.integers(1, 30, (n, 1)).astype(float),
        window_opens=opens,
        window_last_entry=last_entry,
        window_closes=last_entry + stay[:, None],
        time_budget_min=240.0,
        max_stops=MANY_STOPS,
    )


def prize_of_the_other_solver(problem: Problem) -> float:
    """Return the prizes of the best tour that PyVRP finds; ways cost it nothing."""
    n, budget = problem.stay_min.size, int(problem.time_budget_min)
    model = Model()
    places = [model.add_location(0, 0) for _ in range(n + 1)]
    model.add_depot(places[n])
    model.add_vehicle_type(unit_distance_cost=0, tw_late=budget)
    for i in range(n):
        model.add_client(
            places[i],
            service_duration=int(problem.stay_min[i]),
            tw_early=int(problem.window_opens[i, 0]),
            tw_late=int(problem.window_last_entry[i, 0]),
            prize=int(problem.score[i, 0]),
            required=False,
        )
    for i in range(n + 1):
        for j in range(n + 1):
            if i != j:
                model.add_edge(places[i], places[j], 0, int(problem.travel_min[i, j]))
    result = model.solve(MaxIterations(400), seed=0, collect_stats=False, display=False)
    assert result.is_feasible()
    return float(problem.score.sum() - result.cost())


@pytest.mark.parametrize("seed", range(12))
def test_is_worth_what_another_solver_finds(seed: int) -> None:
    problem = prize_problem(seed)

    ours = solve(problem=problem, seed=0, limits=PATIENT)

    assert ours.proven_optimal
    assert ours.value == prize_of_the_other_solver(problem)


@given(seed=seeds)
@unhurried
def test_the_order_of_the_candidates_does_not_change_a_proven_value(seed: int) -> None:
    problem = random_problem(seed=seed, n=9, max_stops=5)
    order = np.random.default_rng(seed).permutation(9)

    mixed = solve(problem=_reordered(problem, order), seed=0, limits=PATIENT)

    plain = solve(problem=problem, seed=0, limits=PATIENT)
    assert plain.proven_optimal
    assert mixed.proven_optimal
    assert mixed.value == pytest.approx(plain.value)


@given(seed=seeds)
@unhurried
def test_one_more_candidate_never_lowers_a_proven_value(seed: int) -> None:
    more = random_problem(seed=seed, n=10, max_stops=5)
    more = replace(more, required=more.required & (np.arange(10) < 9))
    fewer = _reordered(more, np.arange(9))

    without = solve(problem=fewer, seed=0, limits=PATIENT)
    beside = solve(problem=more, seed=0, limits=PATIENT)

    assert without.proven_optimal
    assert beside.proven_optimal
    assert beside.value >= without.value - ROUNDING


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=8)
def test_no_search_of_any_trip_finds_more_than_what_is_proven(kind: str, seed: int) -> None:
    trip = trip_of_kind(shape=Shape(30, 5, 4), kind=kind, seed=seed)

    proven = solve(problem=trip, seed=0, limits=PATIENT)
    found = solve(problem=trip, seed=seed, limits=Limits(few_stops=0, iterations=500))

    assert proven.proven_optimal
    worth: float | None = -np.inf  # where the locked stops fit in no plan
    if proven.route is not None:
        worth = value_of_plan(trip, proven.route, proven.begins)
    assert proven.value == pytest.approx(worth)
    assert found.value <= proven.value + ROUNDING


@given(seed=seeds)
@unhurried
def test_scores_of_another_size_have_the_same_route(seed: int) -> None:
    problem = random_problem(seed=seed, n=9, max_stops=5)
    factor = 2.0**20  # so that nothing is rounded
    larger = replace(
        problem,
        score=problem.score * factor,
        wait_weight=problem.wait_weight * factor,
        travel_weight=problem.travel_weight * factor,
        repetition_weight=problem.repetition_weight * factor,
    )

    plain = solve(problem=problem, seed=0, limits=PATIENT)

    assert solve(problem=larger, seed=0, limits=PATIENT).value == plain.value * factor


@given(seed=seeds)
@unhurried
def test_an_exact_search_repeats_itself(seed: int) -> None:
    problem = random_problem(seed=seed, n=30, max_stops=8)

    assert solve(problem=problem, seed=7) == solve(problem=problem, seed=7)


def _reordered(problem: Problem, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Problem:
    """Return the problem of the candidates in `order` only."""
    n = problem.stay_min.size
    ways = np.array([*order, n, n + 1])
    by_candidate = (
        "stay_min", "score", "window_opens", "window_last_entry", "window_closes", "cost",
        "group_member", "window_group", "minority", "required", "repetition",
    )  # fmt: skip
    taken = {name: getattr(problem, name)[order] for name in by_candidate}
    return replace(problem, travel_min=problem.travel_min[np.ix_(ways, ways)], **taken)
