"""Labels find what there is where their width suffices, and never a route that is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planner.labelling import label
from engine.planner.options import Model, flatten
from engine.planner.problem import BoolArray, Problem
from engine.planner.reaching import bound_gains, list_reach
from engine.planner.scheduling import begins_of
from tests.engine.planner.reference import make_problem, optimum, random_problem, value_of_plan

NO_CAP = 10**9

seeds = st.integers(min_value=0, max_value=2**32 - 1)
unhurried = settings(deadline=None, max_examples=40)  # the first call may compile the kernels


def plain_problem(seed: int, n: int = 6) -> Problem:
    """Draw stops with windows, ways that keep the triangle inequality, and nothing else."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 40, (n + 1, 2)).astype(float)
    points = np.vstack([points, points[-1]])
    opens = rng.integers(0, 150, (n, 1)).astype(float)
    last_entry = opens + rng.integers(0, 120, (n, 1))
    return make_problem(
        n=n,
        travel_min=np.abs(points[:, None] - points[None]).sum(axis=-1),
        stay_min=rng.integers(1, 40, n).astype(float),
        score=rng.integers(1, 12, (n, 1)).astype(float),
        window_opens=opens,
        window_last_entry=last_entry,
        window_closes=np.full((n, 1), np.inf),
        time_budget_min=float(rng.integers(60, 250)),
    )


def all_ways(model: Model) -> BoolArray:
    return np.ones((model.stay.size + 1, model.stay.size), dtype=np.bool_)


@given(seed=seeds)
@unhurried
def test_wide_labels_find_the_optimum_of_a_plain_problem(seed: int) -> None:
    problem = plain_problem(seed)
    model = flatten(problem=problem)

    _, value, _, _ = label(model, list_reach(model, all_ways(model)), -np.inf, 64, NO_CAP)

    assert value == optimum(problem)


@given(seed=seeds)
@unhurried
def test_wide_labels_find_the_optimum_of_the_ways_that_they_may_go(seed: int) -> None:
    problem = plain_problem(seed)
    model = flatten(problem=problem)
    ways = np.random.default_rng(seed).random(all_ways(model).shape) < 0.5
    travel = problem.travel_min.copy()
    travel[:7, :6] = np.where(ways, travel[:7, :6], np.inf)

    _, value, _, _ = label(model, list_reach(model, ways), -np.inf, 64, NO_CAP)

    assert value == optimum(replace(problem, travel_min=travel))


@given(seed=seeds, width=st.sampled_from([1, 2, 8]))
@settings(deadline=None, max_examples=80)
def test_every_route_is_feasible_and_worth_what_it_says(seed: int, width: int) -> None:
    problem = random_problem(seed=seed, n=12, max_stops=6)
    model = flatten(problem=problem)

    options, value, _, _ = label(model, list_reach(model, all_ways(model)), -np.inf, width, NO_CAP)

    # `-inf` stands for no route on both sides.
    worth = -np.inf
    if value > -np.inf:
        plan = model.stop[options].tolist(), begins_of(model, options).tolist()
        worth = value_of_plan(problem, *plan) or 0.0
    assert value == pytest.approx(worth)


@given(seed=seeds)
@unhurried
def test_says_nothing_of_a_route_that_is_not_better(seed: int) -> None:
    model = flatten(problem=plain_problem(seed, n=20))
    reach = list_reach(model, all_ways(model))
    _, best, _, _ = label(model, reach, -np.inf, 4, NO_CAP)

    options, value, _, _ = label(model, reach, best, 4, NO_CAP)

    assert value >= best
    assert (options.size == 0) == (value == best)


@given(seed=seeds)
@unhurried
def test_the_bound_at_the_start_is_at_least_the_optimum(seed: int) -> None:
    problem = plain_problem(seed)
    model = flatten(problem=problem)

    bound = bound_gains(model, list_reach(model, all_ways(model)), 0.0)

    assert bound[0, -1] >= (optimum(problem) or 0.0)


def test_a_cap_of_work_ends_the_search_with_what_it_has() -> None:
    model = flatten(problem=plain_problem(3, n=30))

    _, value, is_whole, work = label(model, list_reach(model, all_ways(model)), 0.0, 8, 1)

    assert value >= 0.0
    assert not is_whole
    assert work <= 30


def test_a_place_reaches_only_what_is_open_after_it() -> None:
    problem = make_problem(
        window_opens=np.array([[50.0], [0.0]]), window_last_entry=np.array([[100.0], [20.0]])
    )

    model = flatten(problem=problem)

    reach = list_reach(model, all_ways(model))

    followers = [
        reach.option[low:high].tolist()
        for low, high in zip(reach.first[:-1], reach.first[1:], strict=True)
    ]
    assert followers == [[], [0], [0, 1]]
