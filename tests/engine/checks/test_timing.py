from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.checks.violations import Rule, Violation
from tests.builders.engine import SEOUL, make_candidate, make_point, make_window
from tests.engine.checks.outing import MUSEUM, Outing, rounded, with_stop


def test_travel_that_differs_from_the_matrix() -> None:
    outing = Outing()
    plan = outing.plan()
    wrong = with_stop(plan, 1, travel_min=plan.stops[1].travel_min - 2, wait_min=2.0)

    found = [v for v in rounded(outing.check(wrong)) if v.rule is not Rule.PENALTY]

    assert found == [Violation(Rule.TRAVEL_TIME, 1, -2.0)]


def test_a_way_that_is_shorter_than_the_street() -> None:
    outing = Outing()
    plan = outing.plan()
    wrong = with_stop(plan, 0, travel_m=plan.stops[0].travel_m - 100)

    assert rounded(outing.check(wrong)) == [Violation(Rule.TRAVEL_LENGTH, 0, -100.0)]


def test_an_estimate_that_passes_for_a_router_s_word() -> None:
    outing = Outing()
    wrong = with_stop(outing.plan(), 1, travel_is_estimate=False)

    assert outing.check(wrong) == (Violation(Rule.ESTIMATE_NOT_TOLD, 1),)


def test_an_estimate_of_the_way_to_the_end_that_passes_for_a_router_s_word() -> None:
    outing = Outing(wishes={"destination": make_point(north_m=-300)})
    wrong = replace(outing.plan(), end_travel_is_estimate=False)

    assert outing.check(wrong) == (Violation(Rule.ESTIMATE_NOT_TOLD, None),)


def test_a_way_to_the_end_that_was_not_counted() -> None:
    outing = Outing(wishes={"destination": make_point(north_m=-300)})
    plan = outing.plan()
    wrong = replace(plan, end_travel_m=0.0)

    assert rounded(outing.check(wrong)) == [
        Violation(Rule.TRAVEL_LENGTH, None, -round(plan.end_travel_m, 6))
    ]


def test_a_way_to_the_end_where_there_is_none() -> None:
    outing = Outing()
    wrong = replace(outing.plan(), end_travel_m=50.0)

    assert outing.check(wrong) == (Violation(Rule.TRAVEL_LENGTH, None, 50.0),)


def test_arriving_before_one_can() -> None:
    outing = Outing(begin=1.0)
    plan = outing.plan()
    way = plan.stops[0].travel_min

    found = [v for v in rounded(outing.check(plan)) if v.rule is not Rule.PENALTY]

    assert found == [Violation(Rule.WAIT, 0, round(1.0 - way, 6))]


def test_a_wait_that_is_not_said() -> None:
    outing = Outing(begin=20.0)
    plan = outing.plan()

    found = rounded(outing.check(with_stop(plan, 0, wait_min=0.0)))

    assert found[0] == Violation(Rule.WAIT, 0, -round(plan.stops[0].wait_min, 6))
    assert [v.rule for v in found[1:]] == [Rule.PENALTY]


def test_a_stay_not_worth_the_walk() -> None:
    outing = Outing(places=(MUSEUM,), stay_min=30.0)

    assert rounded(outing.check()) == [Violation(Rule.STAY_TOO_SHORT, 0, 15.0)]


def test_a_place_may_state_a_shorter_stay() -> None:
    outing = Outing(places=(replace(MUSEUM, stay_min=30.0),), stay_min=30.0)

    assert outing.check() == ()


@pytest.mark.parametrize(
    ("window", "amount"),
    [
        (make_window(30, 900), 10.0),  # opens ten minutes after the arrival at 20
        (make_window(-60, 70, last_entry=70), 10.0),
        (make_window(30, 70, last_entry=60), 20.0),
    ],
)
def test_a_closed_door(window: Any, amount: float) -> None:
    outing = Outing(places=(replace(MUSEUM, windows=(window,)),), begin=20.0)

    assert rounded(outing.check()) == [Violation(Rule.CLOSED, 0, amount)]


def test_a_stay_over_the_gap_between_two_windows() -> None:
    windows = (make_window(-60, 40), make_window(50, 300))
    outing = Outing(places=(replace(MUSEUM, windows=windows),), begin=20.0)

    assert rounded(outing.check()) == [Violation(Rule.CLOSED, 0, 30.0)]


def test_a_place_that_is_never_open() -> None:
    outing = Outing(places=(replace(MUSEUM, windows=()),))

    assert outing.check() == (Violation(Rule.CLOSED, 0, float("inf")),)


def test_after_the_last_entry() -> None:
    outing = Outing(places=(replace(MUSEUM, windows=(make_window(last_entry=15),)),), begin=20.0)

    assert rounded(outing.check()) == [Violation(Rule.LAST_ENTRY, 0, 5.0)]


def test_assumed_hours_outside_the_core_of_the_category() -> None:
    # Museums: 10:30 to 17:00 by the clock; from 16:10 to 17:10 is ten minutes over.
    outing = Outing(
        places=(replace(MUSEUM, hours_known=False),),
        begin=10.0,
        wishes={"starts_at": datetime(2026, 3, 7, 16, 0, tzinfo=SEOUL)},
    )

    assert rounded(outing.check()) == [Violation(Rule.OUTSIDE_ASSUMED_HOURS, 0, 10.0, "museum")]


def test_more_time_than_there_is() -> None:
    outing = Outing(wishes={"time_budget_min": 120.0})
    over = outing.plan().stops[-1].leaves - 120.0

    assert rounded(outing.check()) == [Violation(Rule.TIME_BUDGET, None, round(over, 6))]


def test_the_way_to_the_end_counts_as_time() -> None:
    outing = Outing(wishes={"time_budget_min": 130.0, "destination": make_point(north_m=-300)})
    plan = outing.plan()
    over = plan.stops[-1].leaves + plan.end_travel_min - 130.0

    assert rounded(outing.check()) == [Violation(Rule.TIME_BUDGET, None, round(over, 6))]


def test_assumed_hours_follow_the_clock_on_the_day_it_changes() -> None:
    spring = datetime(2026, 3, 29, 7, 30, tzinfo=ZoneInfo("Europe/Prague"))  # 02:00 became 03:00
    park = make_candidate(
        "park", category="park", hours_known=False, windows=(make_window(-30, 810),)
    )

    violations = Outing(places=(park,), wishes={"starts_at": spring}).check()

    assert violations == ()
