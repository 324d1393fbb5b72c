"""The planner against the definition of its problem, and at the edges of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planner.problem import Problem
from engine.planner.solving import Limits, evaluate, solve, warm
from tests.engine.planner.reference import (
    best_value,
    make_problem,
    optimum,
    random_problem,
    value_of_plan,
)

LOCAL_ONLY = Limits(few_stops=0, iterations=300)
ROUNDING = 1e-9

seeds = st.integers(min_value=0, max_value=2**32 - 1)
unhurried = settings(deadline=None)  # the first call may compile the kernels


@given(seed=seeds)
@settings(deadline=None, max_examples=12)
def test_finds_the_optimum_that_trying_every_route_finds(seed: int) -> None:
    problem = random_problem(seed=seed)

    solution = solve(problem=problem, seed=0)

    assert solution.proven_optimal
    expected = optimum(problem)
    assert (solution.route is None) == (expected is None)
    assert solution.value == pytest.approx(-np.inf if expected is None else expected)


@given(seed=seeds, least=st.integers(0, 2))
@settings(deadline=None, max_examples=3)
def test_finds_the_optimum_through_locked_stops_and_groups(seed: int, least: int) -> None:
    locked = np.random.default_rng(seed).permutation(5) < 2
    problem = replace(
        random_problem(seed=seed),
        required=locked,
        group_at_least=np.array([least, 0, 0]),
    )

    solution = solve(problem=problem, seed=0, limits=Limits(first_iterations=0))

    assert solution.proven_optimal
    expected = optimum(problem)
    assert solution.value == pytest.approx(-np.inf if expected is None else expected)


@pytest.mark.compiled
@given(seed=seeds, limits=st.sampled_from([Limits(), LOCAL_ONLY]))
@settings(deadline=None, max_examples=150)
def test_every_route_is_feasible_and_worth_what_it_says(seed: int, limits: Limits) -> None:
    problem = random_problem(seed=seed, n=12, max_stops=6)

    solution = solve(problem=problem, seed=seed, limits=limits)

    # `-inf` stands for no route on both sides.
    worth = -np.inf
    if solution.route is not None:
        worth = value_of_plan(problem, solution.route, solution.begins) or 0.0
    assert solution.value == pytest.approx(worth)


@pytest.mark.compiled
@given(seed=seeds)
@unhurried
def test_local_search_comes_near_the_proven_optimum(seed: int) -> None:
    problem = replace(
        random_problem(seed=seed, n=10, max_stops=6), required=np.zeros(10, dtype=np.bool_)
    )

    best = solve(
        problem=problem,
        seed=0,
        limits=Limits(branch_nodes=10**6, deep_nodes=10**6, barren_nodes=10**6),
    )
    near = solve(problem=problem, seed=0, limits=LOCAL_ONLY)

    assert best.proven_optimal
    assert not near.proven_optimal
    assert near.value <= best.value + ROUNDING


@given(seed=seeds)
@unhurried
def test_evaluates_any_order_as_the_definition_does(seed: int) -> None:
    problem = random_problem(seed=seed)
    route = np.random.default_rng(seed).permutation(5)[:3].tolist()

    plan = evaluate(problem=problem, route=route)

    assert (plan.value if plan else None) == pytest.approx(best_value(problem, route))


@pytest.mark.compiled
@given(seed=seeds, minutes=st.integers(0, 120), money=st.integers(0, 20))
@unhurried
def test_a_wider_budget_never_lowers_a_proven_value(seed: int, minutes: int, money: int) -> None:
    problem = random_problem(seed=seed, n=10)
    wider = replace(
        problem,
        time_budget_min=problem.time_budget_min + minutes,
        cost_budget=problem.cost_budget + money,
    )

    narrow, wide = solve(problem=problem, seed=0), solve(problem=wider, seed=0)

    assert narrow.proven_optimal
    assert wide.proven_optimal
    assert wide.value >= narrow.value - ROUNDING


@pytest.mark.compiled
@given(seed=seeds)
@unhurried
def test_the_same_seed_gives_the_same_route(seed: int) -> None:
    problem = random_problem(seed=seed, n=30, max_stops=20)

    first = solve(problem=problem, seed=seed, limits=LOCAL_ONLY)

    assert solve(problem=problem, seed=seed, limits=LOCAL_ONLY) == first


def test_takes_the_order_that_the_windows_allow() -> None:
    problem = make_problem(
        window_last_entry=np.array([[100.0], [20.0]]), window_opens=np.array([[50.0], [0.0]])
    )

    solution = solve(problem=problem, seed=0)

    assert solution.route == (1, 0)
    assert solution.begins == (10.0, 50.0)
    assert solution.value == 2.0


def test_waits_for_the_second_window_when_the_group_of_the_first_is_full() -> None:
    problem = make_problem(
        windows=2,
        groups=2,
        window_opens=np.array([[0.0, 150.0], [0.0, 150.0]]),
        window_last_entry=np.array([[100.0, 200.0], [100.0, 200.0]]),
        group_at_most=np.array([1, 1]),
        window_group=np.array([[0, 1], [0, 1]]),
    )

    solution = solve(problem=problem, seed=0)

    assert solution.begins == (10.0, 150.0)


def test_waits_for_a_better_hour_only_where_it_pays() -> None:
    scores = np.array([[1.0, 3.0]])
    cheap = make_problem(n=1, score=scores, wait_weight=0.01)
    dear = make_problem(n=1, score=scores, wait_weight=0.1)

    assert solve(problem=cheap, seed=0).begins == (60.0,)
    assert solve(problem=cheap, seed=0).value == 2.5
    assert solve(problem=dear, seed=0).begins == (10.0,)


def test_leaves_out_a_stop_that_costs_more_than_it_brings() -> None:
    problem = make_problem(score=np.array([[1.0], [0.1]]), travel_weight=0.02)

    assert solve(problem=problem, seed=0).route == (0,)


def test_keeps_a_required_stop_whatever_it_brings() -> None:
    problem = make_problem(
        score=np.array([[5.0], [-1.0]]), required=np.array([False, True]), max_stops=1
    )

    solution = solve(problem=problem, seed=0)

    assert solution.route == (1,)
    assert solution.value == -1.0


@pytest.mark.parametrize("limits", [Limits(), LOCAL_ONLY])
def test_needs_as_many_others_as_stops_of_the_minority(limits: Limits) -> None:
    problem = make_problem(
        n=3,
        score=np.array([[5.0], [4.0], [-1.0]]),
        minority=np.array([True, True, False]),
    )

    solution = solve(problem=problem, seed=0, limits=limits)

    assert solution.value == 4.0
    assert set(solution.route or ()) == {0, 2}


@pytest.mark.parametrize("limits", [Limits(), LOCAL_ONLY])
def test_an_impossible_demand_has_no_route(limits: Limits) -> None:
    problem = make_problem(groups=1, group_at_least=np.array([1]))

    solution = solve(problem=problem, seed=0, limits=limits)

    assert solution.route is None
    assert solution.begins == ()


@pytest.mark.parametrize("limits", [Limits(), LOCAL_ONLY])
@pytest.mark.parametrize("n", [0, 1, 1000])
def test_solves_any_number_of_candidates(n: int, limits: Limits) -> None:
    problem = make_problem(n=n)

    solution = solve(problem=problem, seed=0, limits=replace(limits, iterations=3))

    assert solution.value == min(n, 6)  # 40 minutes each in 240


@pytest.mark.parametrize(
    "problem",
    [
        make_problem(n=20, window_opens=np.full((20, 1), np.inf)),
        make_problem(n=20, windows=0),
        make_problem(n=20, travel_min=np.full((22, 22), np.inf)),
        make_problem(n=20, time_budget_min=0.0),
        make_problem(n=20, cost=np.ones(20, dtype=np.int64)),
        make_problem(n=20, score=np.full((20, 1), -1.0)),
        make_problem(n=20, max_stops=0),
    ],
    ids=["closed", "windowless", "far", "timeless", "dear", "bad", "stopless"],
)
@pytest.mark.parametrize("limits", [Limits(), LOCAL_ONLY])
def test_nothing_worth_going_to_is_the_empty_route(problem: Problem, limits: Limits) -> None:
    solution = solve(problem=problem, seed=0, limits=limits)

    assert solution.route == ()
    assert solution.value == 0.0


def test_a_cap_of_nodes_ends_the_exact_search_with_a_feasible_route() -> None:
    rng = np.random.default_rng(7)
    problem = make_problem(
        n=40,
        score=rng.random((40, 1)),
        travel_min=rng.uniform(5, 40, (42, 42)),
        travel_weight=0.02,
        max_stops=5,
    )

    solution = solve(problem=problem, seed=0, limits=Limits(branch_nodes=2, first_iterations=0))

    assert not solution.proven_optimal
    assert solution.nodes == 2
    assert solution.route is not None
    assert value_of_plan(problem, solution.route, solution.begins) == pytest.approx(solution.value)


def make_dear_pair() -> Problem:
    """Two of seven are wanted, each for more than half of the money, beside seven that are free."""
    wanted = np.arange(14) < 7
    return make_problem(
        n=14,
        groups=1,
        group_member=wanted[:, np.newaxis],
        group_at_least=np.array([2]),
        cost=np.where(wanted, 11 + np.arange(14) % 2, 0),
        cost_budget=20,
        max_stops=4,
    )


def test_gives_up_sooner_where_no_route_is_known() -> None:
    capped = solve(problem=make_dear_pair(), seed=0, limits=Limits(barren_nodes=20))
    whole = solve(problem=make_dear_pair(), seed=0, limits=Limits(barren_nodes=20_000))

    assert capped.route is None
    assert not capped.proven_optimal
    assert capped.nodes == 20
    assert whole.route is None
    assert whole.proven_optimal
    assert whole.nodes > 20


def test_sees_at_once_that_too_few_stops_are_left_for_what_is_lacking() -> None:
    kinds = np.arange(12)[:, np.newaxis] % 3 == np.arange(3)
    problem = make_problem(
        n=12, groups=3, group_member=kinds, group_at_least=np.array([1, 1, 1]), max_stops=2
    )

    too_few = solve(problem=problem, seed=0)
    enough = solve(problem=replace(problem, max_stops=3), seed=0)

    assert (too_few.route, too_few.proven_optimal, too_few.nodes) == (None, True, 0)
    assert enough.route is not None
    assert {stop % 3 for stop in enough.route} == {0, 1, 2}


def test_searches_to_the_end_for_locked_stops() -> None:
    locked = replace(make_dear_pair(), required=np.arange(14) == 13)

    solution = solve(problem=locked, seed=0, limits=Limits(barren_nodes=20))

    assert solution.proven_optimal
    assert solution.nodes > 20


def test_bounds_know_what_locked_stops_and_groups_cost() -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(0, 12, (43, 2))
    ways = np.zeros((42, 42))
    ways[:41, :41] = np.linalg.norm(points[:41, np.newaxis] - points[:41], axis=-1)
    problem = make_problem(
        n=40,
        groups=1,
        travel_min=ways,
        score=rng.uniform(0.3, 1.0, (40, 1)),
        travel_weight=0.01,
        required=np.arange(40) < 2,
        group_member=(np.arange(40) % 10 == 9)[:, np.newaxis],
        group_at_least=np.array([1]),
        max_stops=5,
    )

    solution = solve(problem=problem, seed=0)

    assert solution.proven_optimal
    assert solution.nodes < 200


def test_goes_on_from_the_first_route_that_the_exact_search_finds() -> None:
    drawn = random_problem(seed=52, n=12, max_stops=6)
    hard = replace(  # one that local search begins without a route
        drawn, group_at_least=np.array([2, 1, 1]), group_at_most=np.array([3, 3, 3])
    )

    solution = solve(problem=hard, seed=0, limits=Limits(first_iterations=0, barren_nodes=5))

    assert solution.nodes > 5
    assert solution.proven_optimal
    assert solution.value == solve(problem=hard, seed=0).value


def test_evaluates_no_route_twice_through_a_stop() -> None:
    assert evaluate(problem=make_problem(), route=(0, 0)) is None


def test_refuses_a_route_of_unknown_candidates() -> None:
    with pytest.raises(ValueError, match="below 2"):
        evaluate(problem=make_problem(), route=(2,))


def test_refuses_negative_limits() -> None:
    with pytest.raises(ValueError, match="iterations"):
        Limits(iterations=-1)


def test_warms_up() -> None:
    warm()


def test_sees_without_a_search_that_two_needs_do_not_fit_together() -> None:
    """Each of two places that the trip must have can be reached in time, but not both."""
    n = 30
    last_entry = np.full((n, 1), 200.0)
    last_entry[:2] = 15.0
    problem = make_problem(
        n=n,
        groups=2,
        group_member=np.arange(n)[:, None] == np.arange(2),
        group_at_least=np.ones(2, dtype=np.int64),
        window_last_entry=last_entry,
        max_stops=4,
    )

    solution = solve(problem=problem, seed=0)

    assert (solution.route, solution.proven_optimal, solution.nodes) == (None, True, 0)
