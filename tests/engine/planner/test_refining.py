"""Refining a short route: feasible whatever the rules, near the optimum, and not held fast by hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planner.options import flatten
from engine.planner.problem import Problem
from engine.planner.refining import refine
from engine.planner.scheduling import begins_of
from engine.planner.solving import Limits, solve
from tests.engine.planner.reference import make_problem, optimum, random_problem, value_of_plan

REFINED_ONLY = Limits(sure_stops=0, sure_candidates=0, hopeless=0.0)

seeds = st.integers(min_value=0, max_value=2**32 - 1)
unhurried = settings(deadline=None)  # the first call may compile the kernels


def by_the_hour(problem: Problem, seed: int) -> Problem:
    """Let the scores of the problem be those of a dozen pieces of its time."""
    scores = np.random.default_rng(seed).uniform(1.0, 2.0, (problem.stay_min.size, 12))
    return replace(problem, score=scores, bucket_min=problem.time_budget_min / 12)


@given(seed=seeds, iterations=st.sampled_from([1, 3, 20]))
@settings(deadline=None, max_examples=150)
def test_every_route_is_feasible_and_worth_what_it_says(seed: int, iterations: int) -> None:
    problem = random_problem(seed=seed, n=12, max_stops=6)
    model = flatten(problem=problem)

    options, value = refine(model, seed, iterations)

    worth = -np.inf
    if value > -np.inf:
        route = model.stop[options].tolist()
        worth = value_of_plan(problem, route, begins_of(model, options).tolist()) or 0.0
    assert value == pytest.approx(worth)


def test_finds_the_optimum_of_most_small_problems() -> None:
    found = 0
    for seed in range(10):
        problem = random_problem(seed=seed)
        best = optimum(problem)
        solution = solve(problem=problem, seed=0, limits=REFINED_ONLY)
        found += solution.value == pytest.approx(-np.inf if best is None else best)

    assert found >= 7


def test_one_stop_may_shift_the_hours_of_those_after_it() -> None:
    problem = by_the_hour(make_problem(n=6), seed=4)

    refined = solve(problem=problem, seed=0, limits=REFINED_ONLY)
    proven = solve(problem=problem, seed=0, limits=Limits(sure_stops=6))

    assert proven.proven_optimal
    assert refined.value >= 0.99 * proven.value


def test_exact_search_is_not_tried_where_the_first_bound_is_far_above() -> None:
    # A table over place and time forgets what was visited before the last two stops: it visits the
    # best one three times, as long as that has no price.
    far = np.full((14, 14), 20.0)
    far[:12, 13] = 0.0
    problem = make_problem(
        n=12,
        travel_min=far,
        score=np.array([[6.0]] + [[0.1]] * 11),
        time_budget_min=400.0,
        max_stops=8,
    )

    hopeless = solve(problem=problem, seed=0, limits=Limits(sure_candidates=10))
    hopeful = solve(problem=problem, seed=0, limits=Limits(branch_nodes=50))

    assert (hopeless.nodes, hopeless.proven_optimal) == (0, False)
    assert hopeful.nodes > 0
    assert hopeless.value == hopeful.value == pytest.approx(6.7)


@pytest.mark.compiled
@given(seed=seeds)
@unhurried
def test_the_same_seed_gives_the_same_route(seed: int) -> None:
    problem = by_the_hour(random_problem(seed=seed, n=12, max_stops=6), seed)

    first = solve(problem=problem, seed=seed, limits=REFINED_ONLY)

    assert solve(problem=problem, seed=seed, limits=REFINED_ONLY) == first
