from engine.recommending import Engine
from engine.types import Plan
from tests.builders.engine import make_candidate, make_constraints, make_point, make_window


def plan_of(*, minutes: float, closes: float = 960.0, **changes: object) -> Plan:
    """Return the best plan where the only place is a park 700 m away."""
    park = make_candidate(
        category="park", position=make_point(north_m=700), windows=(make_window(0, closes),)
    )
    constraints = make_constraints(time_budget_min=minutes, **changes)
    return Engine().recommend(constraints=constraints, candidates=[park]).cards[0].plan


def test_an_hour_is_used() -> None:
    (stop,) = plan_of(minutes=60.0).stops

    assert round(stop.arrives) == 15
    assert round(stop.leaves) == 55


def test_a_stay_grows_by_half_at_most() -> None:
    (stop,) = plan_of(minutes=180.0).stops

    assert round(stop.leaves - stop.arrives) == 65  # 45 usual, in steps of five minutes


def test_a_stay_ends_before_the_place_closes() -> None:
    (stop,) = plan_of(minutes=180.0, closes=60.0).stops

    assert round(stop.leaves) == 60
