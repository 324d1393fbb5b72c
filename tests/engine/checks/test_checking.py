from dataclasses import replace
from pathlib import Path

import pytest

from engine.checks.checking import check_plan, check_stops
from engine.checks.violations import Rule, Violation
from engine.types import Mode
from tests.builders.engine import make_point
from tests.engine.checks.outing import CAFE, MUSEUM, Outing, with_stop


@pytest.mark.parametrize(
    "outing",
    [
        Outing(),
        Outing(wishes={"destination": make_point(north_m=-300)}),
        Outing(begin=20.0),
        Outing(places=(), wishes={}),
        Outing(wishes={"budget": 6000, "time_budget_min": 130.0}),
        Outing(places=(MUSEUM,), wishes={"indoor": True, "max_stops": 1}),
        Outing(wishes={"mode": Mode.TRANSIT}),
    ],
)
def test_a_good_plan_breaks_no_rule(outing: Outing) -> None:
    assert outing.check() == ()


def test_a_stop_that_is_no_candidate() -> None:
    outing = Outing()

    found = outing.check(with_stop(outing.plan(), 1, candidate=7))

    assert found == (Violation(Rule.UNKNOWN_PLACE, 1, 7),)


def test_an_edit_is_judged_before_it_is_scored() -> None:
    outing = Outing()
    stops = [replace(stop, score=float("nan"), score_parts={}) for stop in outing.plan().stops]

    found = check_stops(
        constraints=outing.constraints,
        candidates=outing.candidates,
        stops=stops,
        travel=outing.travel,
        excluded={0},
    )

    assert found == (Violation(Rule.EXCLUDED, 0),)


def test_a_matrix_of_another_size_is_refused() -> None:
    outing = Outing()

    with pytest.raises(ValueError, match=r"\(4, 4\)"):
        check_plan(
            constraints=outing.constraints,
            candidates=outing.candidates,
            plan=outing.plan(),
            travel=replace(outing, others=(CAFE,)).travel,
        )


def test_every_rule_has_a_test_that_breaks_it() -> None:
    tests = Path(__file__).parent.glob("test_*.py")

    source = "".join(path.read_text("utf-8") for path in tests)

    assert [rule.name for rule in Rule if f"Rule.{rule.name}" not in source] == []
