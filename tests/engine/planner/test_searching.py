"""The search beyond the exact one: labels and local search by turns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.planner.improving import improve
from engine.planner.options import Model, flatten
from engine.planner.problem import BoolArray
from engine.planner.searching import FIRST_SHARE, NOTHING, search
from engine.planner.solving import Limits, solve
from tests.engine.planner.reference import make_problem, random_problem, value_of_plan

# Too many searches for plain Python, which test_solving.py has enough of.
pytestmark = pytest.mark.compiled

seeds = st.integers(min_value=0, max_value=2**32 - 1)
unhurried = settings(deadline=None)  # the first call may compile the kernels

ITERATIONS = 200


def no_ways(model: Model) -> BoolArray:
    return np.zeros((model.stay.size + 1, model.stay.size), dtype=np.bool_)


@given(seed=seeds)
@unhurried
def test_a_spell_marks_the_ways_of_the_route_that_it_finds(seed: int) -> None:
    model = flatten(problem=random_problem(seed=seed, n=25, max_stops=12))
    ways = no_ways(model)

    options, _ = improve(model, NOTHING, seed, 20, ways)

    stops = model.stop[options]
    assert ways[np.append(model.stay.size, stops)[:-1], stops].all()


@given(seed=seeds)
@unhurried
def test_is_never_worse_than_its_first_spell(seed: int) -> None:
    model = flatten(problem=random_problem(seed=seed, n=25, max_stops=12))

    _, first = improve(model, NOTHING, seed, int(FIRST_SHARE * ITERATIONS), no_ways(model))
    _, value = search(model=model, seed=seed, iterations=ITERATIONS, spells=4)

    assert value >= first


@given(seed=seeds)
@unhurried
def test_every_route_is_feasible_and_worth_what_it_says(seed: int) -> None:
    problem = random_problem(seed=seed, n=25, max_stops=12)

    solution = solve(problem=problem, seed=seed, limits=Limits(few_stops=0, iterations=ITERATIONS))

    # `-inf` stands for no route on both sides.
    worth = -np.inf
    if solution.route is not None:
        worth = value_of_plan(problem, solution.route, solution.begins) or 0.0
    assert solution.value == pytest.approx(worth)


@given(seed=seeds)
@unhurried
def test_the_same_seed_gives_the_same_route(seed: int) -> None:
    model = flatten(problem=random_problem(seed=seed, n=30, max_stops=20))

    first, value = search(model=model, seed=seed, iterations=ITERATIONS, spells=4)
    second, again = search(model=model, seed=seed, iterations=ITERATIONS, spells=4)

    assert value == again
    assert first.tolist() == second.tolist()


def test_no_work_gives_a_route_all_the_same() -> None:
    model = flatten(problem=make_problem(n=25))

    _, value = search(model=model, seed=0, iterations=0, spells=0)

    assert value == 6.0  # 40 minutes each in 240
