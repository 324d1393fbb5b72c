from dataclasses import replace
from datetime import datetime

import pytest

from engine.checks.violations import Rule, Violation
from tests.builders.engine import SEOUL, make_candidate, make_point
from tests.engine.checks.outing import MUSEUM, Outing, rounded


def test_a_meal_between_the_meals() -> None:
    lunch = make_candidate("식당", category="restaurant", position=make_point(north_m=400))
    outing = Outing(
        places=(lunch, MUSEUM),
        begin=100.0,
        wishes={"starts_at": datetime(2026, 3, 7, 13, 0, tzinfo=SEOUL), "time_budget_min": 300.0},
    )

    assert rounded(outing.check()) == [Violation(Rule.MEAL_TIME, 0, 10.0, "restaurant")]


def test_a_meal_asked_for_where_no_meal_time_is_touched() -> None:
    snack = make_candidate("식당", category="restaurant")
    wishes = {
        "starts_at": datetime(2026, 3, 7, 15, 0, tzinfo=SEOUL),
        "time_budget_min": 90.0,
        "categories": ("restaurant",),
    }

    assert Outing(places=(snack,), wishes=wishes).check() == ()


@pytest.mark.parametrize(("asked", "found"), [((), [Rule.MEAL_TIME]), (("restaurant",), [])])
def test_a_late_meal_only_if_asked_for(asked: tuple[str, ...], found: list[Rule]) -> None:
    late = make_candidate("식당", category="restaurant")
    wishes = {"starts_at": datetime(2026, 3, 7, 22, 0, tzinfo=SEOUL), "categories": asked}

    rules = [v.rule for v in Outing(places=(MUSEUM, late), begin=5.0, wishes=wishes).check()]

    assert [rule for rule in rules if rule is not Rule.ONLY_FOOD] == found


@pytest.mark.parametrize(
    ("minutes", "found"), [(60.0, []), (240.0, [Violation(Rule.MEAL_TIME, 0, 115.0, "restaurant")])]
)
def test_breakfast_gives_way_to_a_lunch_that_is_in_time(
    minutes: float, found: list[Violation]
) -> None:
    soup = make_candidate("국밥", category="restaurant", position=make_point(north_m=0))
    wishes = {
        "starts_at": datetime(2026, 3, 7, 9, 0, tzinfo=SEOUL),
        "time_budget_min": minutes,
        "categories": ("restaurant",),
    }

    outing = Outing(places=(soup,), begin=5.0, stay_min=40.0, wishes=wishes)

    assert rounded(outing.check()) == found


def test_two_lunches() -> None:
    first = make_candidate("국밥", category="restaurant")
    second = make_candidate("국수", category="restaurant", position=make_point(north_m=300))
    outing = Outing(
        places=(first, second, MUSEUM),
        wishes={"starts_at": datetime(2026, 3, 7, 11, 30, tzinfo=SEOUL), "time_budget_min": 400.0},
    )

    assert outing.check() == (Violation(Rule.MEAL_TWICE, 1, 1.0, "lunch"),)


def test_lunch_and_dinner() -> None:
    first = make_candidate("국밥", category="restaurant")
    second = make_candidate("국수", category="restaurant", position=make_point(north_m=300))
    outing = Outing(
        places=(first, MUSEUM, second),
        stay_min=150.0,
        wishes={"starts_at": datetime(2026, 3, 7, 12, 0, tzinfo=SEOUL), "time_budget_min": 480.0},
    )

    assert outing.check() == ()


def test_a_bar_in_the_afternoon() -> None:
    bar = make_candidate("술집", category="bar")
    outing = Outing(places=(bar, MUSEUM), begin=30.0)

    assert rounded(outing.check()) == [Violation(Rule.TOO_EARLY, 0, 210.0, "bar")]
    assert replace(outing, wishes={"categories": ("bar", "museum")}).check() == ()


def test_a_bar_after_midnight_is_not_early() -> None:
    bar = make_candidate("술집", category="bar")
    wishes = {"starts_at": datetime(2026, 3, 7, 0, 30, tzinfo=SEOUL)}

    assert Outing(places=(bar, MUSEUM), wishes=wishes).check() == ()
