from dataclasses import replace

from engine.checks.violations import Rule, Violation
from engine.types import Mode
from tests.builders.engine import make_point
from tests.engine.checks.outing import CAFE, MUSEUM, Outing


def test_more_money_than_there_is() -> None:
    outing = Outing(wishes={"budget": 5000})

    assert outing.check() == (Violation(Rule.BUDGET, None, 1000),)


def test_a_leg_too_long_to_walk() -> None:
    far = replace(CAFE, position=make_point(north_m=1800))
    outing = Outing(places=(MUSEUM, far))

    assert [(v.rule, v.stop, round(v.amount)) for v in outing.check()] == [
        (Rule.LEG_TOO_LONG, 1, 100)
    ]


def test_out_of_reach_of_the_origin() -> None:
    there = replace(MUSEUM, position=make_point(north_m=1400))
    beyond = replace(CAFE, position=make_point(north_m=2100))
    outing = Outing(places=(there, beyond))

    assert [(v.rule, v.stop, round(v.amount)) for v in outing.check()] == [
        (Rule.OUT_OF_REACH, 1, 100)
    ]


def test_more_walking_than_was_asked_for() -> None:
    far = replace(CAFE, position=make_point(north_m=1100))
    outing = Outing(places=(MUSEUM, far), wishes={"low_walking": True})

    assert [(v.rule, v.stop, round(v.amount)) for v in outing.check()] == [
        (Rule.TOO_MUCH_WALKING, 1, 100)
    ]


def test_a_ride_is_no_walk() -> None:
    far = replace(CAFE, position=make_point(north_m=1400))
    outing = Outing(places=(MUSEUM, far), wishes={"low_walking": True, "mode": Mode.TRANSIT})

    assert outing.check() == ()
