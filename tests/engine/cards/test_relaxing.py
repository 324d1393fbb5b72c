from dataclasses import replace
from datetime import datetime

from engine.recommending import Engine
from engine.types import Fact
from tests.builders.engine import (
    SEOUL,
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_window,
)
from tests.engine.recommended import recommend


def test_a_later_start_is_offered_where_nothing_is_open_yet() -> None:
    places = [replace(place, windows=(make_window(200, 700),)) for place in make_neighbourhood()]
    early = datetime(2026, 3, 7, 6, 40, tzinfo=SEOUL)

    answer = recommend(places, starts_at=early, time_budget_min=120.0)

    assert answer.cards == ()
    assert answer.relaxation == Fact(
        "later_start", {"clock": "10:00", "minutes": 200.0, "cards": 3}
    )


def test_few_places_are_explained_by_what_was_dropped_nearby() -> None:
    answer = Engine().recommend(
        constraints=make_constraints(),
        candidates=[make_candidate("park", category="park")],
        dropped={"closed": 4, "out_of_reach": 90},
    )

    assert answer.why_fewer == Fact("few_closed", {"cards": 1, "places": 4, "kept": 1})
