"""What makes three cards three: time that is spent, and another mix of places on each."""

from collections import Counter

import pytest

from engine.recommending import Engine
from engine.types import Candidate
from tests.builders.engine import make_candidate, make_constraints, make_point
from tests.engine.recommended import STRICT, categories_of, recommend, stops_of


def make_plain(name: str, category: str, north_m: float) -> Candidate:
    """Return a place hardly worth the trouble of a stop."""
    return make_candidate(
        name,
        category=category,
        quality=0.1,
        popularity=0.1,
        freshness=0.1,
        position=make_point(north_m=north_m),
    )


def test_an_afternoon_is_not_spent_at_one_stop_while_others_are_near() -> None:
    places = [
        make_plain("공원", "park", 900),
        make_plain("상점", "shop", 1_000),
        make_plain("문화유산", "heritage", 1_100),
        make_plain("갤러리", "gallery", 950),
    ]

    (card, *_) = recommend(places, time_budget_min=300.0).cards

    assert len(stops_of(card)) >= 3


def test_nobody_is_sent_far_to_fill_an_afternoon() -> None:
    places = [make_plain("공원", "park", 300), make_plain("먼 상점", "shop", 1_350)]

    (card, *_) = recommend(places, time_budget_min=300.0).cards

    assert stops_of(card) == [0]


def test_a_card_has_another_mix_of_places_where_that_costs_little() -> None:
    places = [
        make_candidate(
            f"{category} {number}",
            category=category,
            position=make_point(north_m=100 + 20 * number),
        )
        for number in range(6)
        for category in ("cafe", "museum")
    ]
    places.append(make_candidate("갤러리", category="gallery", quality=0.4))

    cards = recommend(places, time_budget_min=150.0).cards

    mixes = [Counter(categories_of(card, places)) for card in cards]
    assert len(cards) == 3
    assert mixes.count(Counter(["cafe", "museum"])) == 2


def test_what_was_asked_for_is_not_given_up_for_another_mix() -> None:
    places = [
        make_candidate(
            f"{category} {number}",
            category=category,
            position=make_point(north_m=100 + 40 * number),
        )
        for number in range(6)
        for category in ("cafe", "museum", "park")
    ]

    cards = recommend(places, categories=("cafe", "museum"), time_budget_min=180.0).cards

    assert len(cards) == 3
    assert all({"cafe", "museum"} <= set(categories_of(card, places)) for card in cards)


def test_an_alternative_swapped_in_is_timed_anew_and_keeps_the_other_stays() -> None:
    places = [
        make_candidate(f"{category} {n}", category=category, position=make_point(north_m=90 * n))
        for n in range(1, 7)
        for category in ("cafe", "park", "gallery")
    ]
    constraints = make_constraints()
    (card, *_) = STRICT.recommend(constraints=constraints, candidates=places).cards
    other = card.alternatives[0][0]

    plan = Engine().swap(
        constraints=constraints, candidates=places, card=card, stop=0, candidate=other
    )

    assert plan is not None
    assert [stop.candidate for stop in plan.stops] == [other, *stops_of(card)[1:]]
    stays = [stop.leaves - stop.arrives for stop in plan.stops]
    assert stays[1:] == pytest.approx([s.leaves - s.arrives for s in card.plan.stops][1:])
    assert plan.stops[0].travel_min != card.plan.stops[0].travel_min


def test_a_place_that_a_rule_excludes_cannot_be_swapped_in() -> None:
    places = [
        *(make_candidate(f"공원 {n}", category="park") for n in range(3)),
        make_candidate("클럽", category="club"),
    ]
    constraints = make_constraints(companions="kids")
    (card, *_) = STRICT.recommend(constraints=constraints, candidates=places).cards

    with pytest.raises(ValueError, match="candidate 3 may not be a stop"):
        Engine().swap(constraints=constraints, candidates=places, card=card, stop=0, candidate=3)
