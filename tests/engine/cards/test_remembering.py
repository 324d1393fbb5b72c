from dataclasses import replace
from typing import Any

import pytest

from engine.cards.choosing import choose_plans
from engine.cards.drafting import Group
from engine.cards.remembering import Demand
from engine.cards.request import prepare
from engine.cards.sense import DEFAULT_SENSE
from engine.planner.problem import Problem, Solution
from engine.planner.solving import solve
from engine.scoring.parameters import DEFAULT, Shape
from engine.travel import CrowFly
from tests.builders.engine import (
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
    make_window,
)

SHAPE = Shape(minutes_a_stop=50, stay=1.0, time=0.9, leg=0.8)
FAILED = Demand(
    shape=SHAPE,
    stops=3,
    is_hurried=False,
    walks_little=False,
    required=(7,),
    groups=[Group([1, 2, 3], at_least=2), Group([4, 5], at_most=1)],
)


def make_demand(**changes: Any) -> Demand:
    return replace(FAILED, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"stops": 2},
        {"walks_little": True},
        {"required": (8, 7)},
        {"shape": replace(SHAPE, leg=0.7)},
        {"shape": replace(SHAPE, time=0.8)},
        {"shape": replace(SHAPE, stay=1.2)},
        {"groups": [*FAILED.groups, Group([9], at_least=1)]},
        {"groups": [Group([1, 2], at_least=2), Group([4, 5, 6], at_most=0)]},
    ],
)
def test_as_much_or_more_asks_no_less(changes: dict[str, Any]) -> None:
    assert make_demand(**changes).asks_no_less(than=FAILED)


@pytest.mark.parametrize(
    "changes",
    [
        {"stops": 4},
        {"stops": 1},  # may be of what two stops may not both be
        {"is_hurried": True},
        {"required": ()},
        {"shape": replace(SHAPE, leg=0.9)},
        {"shape": replace(SHAPE, time=0.95)},
        {"shape": replace(SHAPE, stay=0.9)},
        {"groups": FAILED.groups[:1]},
        {"groups": FAILED.groups[1:]},
        {"groups": [Group([1, 2, 3], at_least=1), FAILED.groups[1]]},
        {"groups": [Group([1, 2, 3, 4], at_least=2), FAILED.groups[1]]},
        {"groups": [FAILED.groups[0], Group([4, 5], at_most=2)]},
        {"groups": [FAILED.groups[0], Group([4], at_most=1)]},
    ],
)
def test_anything_easier_is_asked_anew(changes: dict[str, Any]) -> None:
    assert not make_demand(**changes).asks_no_less(than=FAILED)


def test_a_short_walk_that_failed_says_nothing_of_a_long_one() -> None:
    near = make_demand(walks_little=True)

    assert not FAILED.asks_no_less(than=near)


def test_no_card_asks_for_what_the_best_match_could_not_have() -> None:
    closing = make_candidate(
        "닫는 미술관",
        category="museum",
        position=make_point(north_m=900),
        windows=(make_window(opens=0.0, last_entry=1.0, closes=500.0),),
    )
    places = [place for place in make_neighbourhood() if place.category != "museum"]
    request = prepare(
        constraints=make_constraints(categories=("museum",)),
        candidates=[*places, closing],
        parameters=DEFAULT,
        sense=DEFAULT_SENSE,
        travel_times=CrowFly(),
    )
    found: list[bool] = []

    def count(*, problem: Problem, seed: int) -> Solution:
        solution = solve(problem=problem, seed=seed)
        found.append(bool(solution.route))
        return solution

    assert len(choose_plans(request=request, planner=count)) == 3
    assert found[:3] == [False, False, True]  # with the usual stays, short ones, and without
    assert False not in found[3:]
