from dataclasses import replace

import numpy as np
import pytest

from engine.checks.violations import Rule, Violation
from tests.engine.checks.outing import PARTS, Outing, rounded, with_stop


def test_a_score_part_that_is_missing() -> None:
    outing = Outing()
    parts = {name: value for name, value in PARTS.items() if name != "weather"}

    (found,) = outing.check(with_stop(outing.plan(), 0, score_parts=parts))

    assert (found.rule, found.stop, found.detail) == (Rule.SCORE_PART, 0, "weather")
    assert np.isnan(found.amount)


@pytest.mark.parametrize("value", [1.2, -0.1, float("inf")])
def test_a_score_part_outside_the_unit(value: float) -> None:
    outing = Outing()

    found = outing.check(with_stop(outing.plan(), 0, score_parts=PARTS | {"novelty": value}))

    assert found == (Violation(Rule.SCORE_PART, 0, value, "novelty"),)


def test_a_stop_score_that_the_parts_do_not_give() -> None:
    outing = Outing()
    plan = outing.plan()
    wrong = replace(with_stop(plan, 0, score=plan.stops[0].score + 0.1), score=plan.score + 0.1)

    assert rounded(outing.check(wrong)) == [Violation(Rule.STOP_SCORE, 0, 0.1)]


def test_a_plan_score_that_the_stops_do_not_give() -> None:
    outing = Outing()
    plan = outing.plan()

    assert rounded(outing.check(replace(plan, score=plan.score - 0.1))) == [
        Violation(Rule.PLAN_SCORE, None, -0.1)
    ]


def test_a_score_that_is_no_number() -> None:
    outing = Outing()

    (found,) = outing.check(replace(outing.plan(), score=float("nan")))

    assert found.rule is Rule.PLAN_SCORE


def test_a_penalty_that_the_route_does_not_give() -> None:
    outing = Outing()
    plan = outing.plan()
    less = plan.penalties["walking"] - 0.05
    wrong = replace(plan, penalties={**plan.penalties, "walking": less}, score=plan.score + 0.05)

    assert rounded(outing.check(wrong)) == [Violation(Rule.PENALTY, None, -0.05, "walking")]
