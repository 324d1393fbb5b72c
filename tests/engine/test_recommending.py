from dataclasses import replace
from datetime import datetime

import pytest

from engine.embedding.encoding import default_encoder
from engine.recommending import Engine
from engine.scoring.nodes import combine
from engine.types import (
    CardKind,
    Fact,
    Mode,
    Weather,
)
from tests.builders.engine import (
    SEOUL,
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
    make_window,
)
from tests.engine.recommended import categories_of, recommend, stops_of


def test_three_cards_of_three_kinds_come_back() -> None:
    answer = recommend(make_neighbourhood(), budget=20_000)

    assert [card.kind for card in answer.cards] == list(CardKind)
    assert answer.why_fewer is None
    assert answer.relaxation is None


def test_cards_share_at_most_a_third_of_their_stops() -> None:
    cards = recommend(make_neighbourhood()).cards

    pairs = [(cards[0], cards[1]), (cards[0], cards[2]), (cards[1], cards[2])]
    shared = [
        len({*stops_of(a)} & {*stops_of(b)}) / min(len(stops_of(a)), len(stops_of(b)))
        for a, b in pairs
    ]

    assert max(shared) <= 1 / 3


def test_the_score_of_a_card_is_the_published_formula() -> None:
    card = recommend(make_neighbourhood()).cards[0]

    nodes = [combine(parts=s.score_parts, weights=card.plan.node_weights) for s in card.plan.stops]

    assert [stop.score for stop in card.plan.stops] == pytest.approx(nodes, abs=1e-9)
    assert card.plan.score == pytest.approx(
        sum(nodes) - sum(card.plan.penalties.values()), abs=1e-9
    )
    walked = sum(stop.travel_min for stop in card.plan.stops)
    assert card.plan.penalties["walking"] == pytest.approx(
        walked * card.plan.penalty_weights["walking"]
    )


def test_the_same_question_has_the_same_answer() -> None:
    first = recommend(make_neighbourhood(), moods=("quiet",))
    second = recommend(make_neighbourhood(), moods=("quiet",))

    assert first == second


def test_a_mood_changes_the_best_match() -> None:
    places = [make_candidate(str(i), category="cafe") for i in range(4)]
    places[3] = replace(places[3], moods={"quiet": 0.9})

    plain = recommend(places, categories=("cafe",), time_budget_min=60.0)
    quiet = recommend(places, categories=("cafe",), moods=("quiet",), time_budget_min=60.0)

    assert stops_of(plain.cards[0]) != [3]
    assert stops_of(quiet.cards[0]) == [3]


def test_rain_keeps_the_stops_indoors() -> None:
    places = make_neighbourhood()

    clear = recommend(places)
    rain = recommend(places, weather=Weather.RAIN)

    outdoors = {"park", "heritage", "viewpoint", "market"}
    assert outdoors & {*categories_of(clear.cards[0], places)}
    assert not outdoors & {*categories_of(rain.cards[0], places)}


def test_a_closed_place_leaves_the_card() -> None:
    places = make_neighbourhood()
    (first, *_) = stops_of(recommend(places).cards[0])

    places[first] = replace(places[first], windows=(make_window(-600, -60),))
    answer = recommend(places)

    assert first not in {index for card in answer.cards for index in stops_of(card)}


def test_no_card_costs_more_than_the_budget() -> None:
    places = make_neighbourhood()

    answer = recommend(places, budget=6_000)

    costs = [sum(places[i].cost_high for i in stops_of(card)) for card in answer.cards]
    assert max(costs) <= 6_000


def test_budget_nothing_gives_free_stops() -> None:
    places = make_neighbourhood()

    answer = recommend(places, budget=0)

    assert len(answer.cards) == 3
    assert all(places[i].cost_high == 0 for card in answer.cards for i in stops_of(card))


def test_taste_changes_the_best_match() -> None:
    loved, other = default_encoder().encode(["조용한 서점", "시끄러운 클럽"])
    places = [
        make_candidate(str(i), category="bookstore", embedding=loved if i == 3 else other)
        for i in range(4)
    ]

    plain = recommend(places, time_budget_min=60.0)
    taught = recommend(places, taste=loved, time_budget_min=60.0)

    assert stops_of(plain.cards[0]) != [3]
    assert stops_of(taught.cards[0]) == [3]


def test_more_time_gives_more_stops() -> None:
    places = make_neighbourhood()

    short = recommend(places, time_budget_min=60.0)
    long = recommend(places, time_budget_min=240.0)

    assert len(stops_of(short.cards[0])) <= 2
    assert len(stops_of(long.cards[0])) >= 4


def test_a_wider_mode_reaches_further() -> None:
    places = [make_candidate("far", category="park", position=make_point(north_m=3000))]

    walk = recommend(places)
    transit = recommend(places, mode=Mode.TRANSIT)

    assert walk.cards == ()
    assert stops_of(transit.cards[0]) == [0]


def test_one_stop_of_a_site_and_one_branch_of_a_chain() -> None:
    places = [make_candidate(str(i), category="gallery", site="one site") for i in range(3)]
    places += [make_candidate(str(i), category="cafe", chain="chain") for i in range(3)]

    answer = recommend(places, categories=("cafe", "gallery"), category_counts={"cafe": 2})

    for card in answer.cards:
        kinds = categories_of(card, places)
        assert kinds.count("gallery") <= 1
        assert kinds.count("cafe") <= 1


def test_a_category_asked_for_is_on_every_card() -> None:
    places = make_neighbourhood()

    answer = recommend(places, categories=("museum",))

    assert len([c for c in answer.cards if "museum" in categories_of(c, places)]) >= 2
    assert "museum" in categories_of(answer.cards[0], places)


def test_a_category_asked_for_and_not_there_is_said() -> None:
    answer = recommend(make_neighbourhood(), categories=("cafe", "bar"))

    assert Fact("asked_not_found", {"category": "bar"}) in answer.cards[0].warnings


def test_children_see_no_bars() -> None:
    places = [*make_neighbourhood(), make_candidate("bar", category="bar", popularity=1.0)]
    evening = datetime(2026, 3, 7, 18, 0, tzinfo=SEOUL)

    answer = recommend(places, companions="kids", starts_at=evening)

    assert all("bar" not in categories_of(card, places) for card in answer.cards)


def test_a_plan_has_something_that_is_no_food() -> None:
    places = [make_candidate(str(i), category="cafe", quality=1.0) for i in range(5)]
    places += [make_candidate("park", category="park", quality=0.0, popularity=0.0)]

    answer = recommend(places)

    assert all("park" in categories_of(card, places) for card in answer.cards)


def test_where_there_is_only_food_the_card_says_so() -> None:
    places = [make_candidate(str(i), category="cafe") for i in range(5)]

    answer = recommend(places)

    assert len(answer.cards) == 3
    assert all(Fact("only_food_here") in card.warnings for card in answer.cards)


def test_only_food_asked_for_is_only_food() -> None:
    places = [make_candidate(str(i), category="cafe") for i in range(5)]

    answer = recommend(places, categories=("cafe",))

    assert len(answer.cards) == 3


def test_nothing_open_says_so() -> None:
    places = [replace(place, windows=()) for place in make_neighbourhood()]

    answer = recommend(places)

    assert answer.cards == ()
    assert answer.why_fewer == Fact("none_closed", {"cards": 0, "places": 20})


def test_what_was_dropped_before_is_the_reason_when_nothing_is_left() -> None:
    answer = Engine().recommend(
        constraints=make_constraints(), candidates=[], dropped={"too_dear": 7, "closed": 2}
    )

    assert answer.why_fewer == Fact("none_too_dear", {"cards": 0, "places": 7})


def test_more_money_is_offered_when_it_helps() -> None:
    places = [make_candidate(str(i), category="museum", cost_high=8_000) for i in range(6)]

    answer = recommend(places, budget=5_000)

    assert answer.cards == ()
    assert answer.relaxation == Fact(
        "more_money", {"amount": 3_000, "currency": "KRW", "budget": 8_000, "cards": 3}
    )


def test_alternatives_keep_the_plan_feasible() -> None:
    places = make_neighbourhood()

    card = recommend(places, budget=20_000).cards[0]

    assert len(card.alternatives) == len(card.plan.stops)
    for position, others in enumerate(card.alternatives):
        rest = [i for n, i in enumerate(stops_of(card)) if n != position]
        for other in others:
            assert other not in stops_of(card)
            assert sum(places[i].cost_high for i in [*rest, other]) <= 20_000


def test_why_not_names_the_rule_that_excludes() -> None:
    places = [*make_neighbourhood(), make_candidate("dear", category="museum", cost_high=90_000)]
    constraints = make_constraints(budget=20_000)
    card = Engine().recommend(constraints=constraints, candidates=places).cards[0]

    fact = Engine().why_not(constraints=constraints, candidates=places, card=card, candidate=20)

    assert fact == Fact("too_dear", {"cost": 90_000, "budget": 20_000, "currency": "KRW"})


def test_why_not_names_what_outscored() -> None:
    places = make_neighbourhood()
    constraints = make_constraints()
    card = Engine().recommend(constraints=constraints, candidates=places).cards[0]
    (other, *_) = card.alternatives[0]

    fact = Engine().why_not(constraints=constraints, candidates=places, card=card, candidate=other)

    assert fact.code == "outscored"
    assert fact.values["score_with"] <= fact.values["score"]  # type: ignore[operator]  # floats
