from dataclasses import replace
from datetime import datetime

import pytest

from engine.cards.choosing import choose_plans
from engine.cards.request import prepare
from engine.cards.sense import DEFAULT_SENSE
from engine.planner.solving import solve
from engine.scoring.parameters import DEFAULT
from engine.travel import CrowFly
from engine.types import Fact
from tests.builders.engine import (
    SEOUL,
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
    make_window,
)
from tests.engine.recommended import categories_of, recommend, stops_of


def test_a_place_asked_for_by_name_is_on_every_card_and_is_no_overlap() -> None:
    named = make_candidate(
        "시장",
        category="market",
        is_named=True,
        quality=0.0,
        popularity=0.0,
        position=make_point(north_m=1_000),
    )
    places = [*make_neighbourhood(), named]

    cards = recommend(places).cards

    assert len(cards) == 3
    assert all(20 in stops_of(card) for card in cards)
    beside = [{*stops_of(card)} - {20} for card in cards]
    assert all(beside)
    assert not beside[0] & beside[1]


def test_the_planner_maximises_exactly_the_score_of_the_card() -> None:
    request = prepare(
        constraints=make_constraints(destination=make_point(north_m=600)),
        candidates=make_neighbourhood(),
        parameters=DEFAULT,
        sense=DEFAULT_SENSE,
        travel_times=CrowFly(),
    )

    chosen = choose_plans(request=request, planner=solve)

    assert len(chosen) == 3
    assert [c.solution.value for c in chosen] == pytest.approx([c.plan.score for c in chosen])


def test_a_closed_place_asked_for_by_name_is_said_to_be_closed() -> None:
    closed = make_candidate("경복궁", category="heritage", is_named=True, windows=())

    answer = recommend([*make_neighbourhood(), closed])

    why = Fact(
        "named_impossible",
        {"names_ko": ("경복궁",), "names_en": ("경복궁",), "reason": Fact("closed")},
    )
    assert len(answer.cards) == 3
    assert all(why in card.warnings for card in answer.cards)


def test_a_place_asked_for_by_name_leaves_a_card_that_has_no_room_beside_it() -> None:
    named = make_candidate("궁", category="heritage", is_named=True, stay_min=100.0)

    cards = recommend([*make_neighbourhood(), named], time_budget_min=60.0).cards

    codes = [{fact.code for fact in card.warnings} for card in cards]
    assert stops_of(cards[0]) == [20]
    assert "named_left_out" in codes[1] & codes[2]


def test_a_place_asked_for_by_name_that_is_on_no_card_is_on_no_other_either() -> None:
    shut_soon = make_candidate(
        "궁", category="heritage", is_named=True, position=make_point(north_m=900),
        windows=(make_window(0, 35),),
    )  # fmt: skip

    cards = recommend([*make_neighbourhood(), shut_soon]).cards

    facts = [fact for card in cards for fact in card.warnings if fact.code.startswith("named_")]
    assert len(cards) == 3
    assert [(fact.code, fact.values["reason"]) for fact in facts] == [
        ("named_impossible", Fact("does_not_fit"))
    ] * 3


def test_a_palace_comes_before_many_markers() -> None:
    palace = make_candidate("궁", category="heritage", quality=1.0, popularity=1.0, stay_min=100.0)
    markers = [
        make_candidate(
            f"터 {i}",
            category="heritage",
            quality=0.4,
            popularity=0.2,
            stay_min=25.0,
            position=make_point(north_m=100.0 + 40 * i),
        )
        for i in range(6)
    ]

    cards = recommend([palace, *markers], categories=("heritage",)).cards

    assert 0 in stops_of(cards[0])


def test_a_single_cafe_fills_an_hour() -> None:
    places = [*make_neighbourhood(), make_candidate("다방", category="cafe", quality=1.0)]

    card = recommend(places, categories=("cafe",), time_budget_min=60.0).cards[0]

    assert categories_of(card, places) == ["cafe"]
    assert card.plan.stops[-1].leaves >= 40.0
    assert card.warnings == ()


def test_a_long_day_has_few_stops_of_what_was_not_asked_for() -> None:
    places = [
        make_candidate(
            f"{name} {i}", category=name, quality=0.9, position=make_point(north_m=60.0 * i)
        )
        for name in ("gallery", "park", "restaurant")
        for i in range(8)
    ]
    morning = datetime(2026, 3, 7, 10, 0, tzinfo=SEOUL)

    cards = recommend(places, starts_at=morning, time_budget_min=540.0).cards

    assert max(categories_of(card, places).count("gallery") for card in cards) <= 3
    assert max(categories_of(card, places).count("park") for card in cards) <= 2


def test_a_meal_asked_for_in_the_morning_is_lunch() -> None:
    open_early = (make_window(-120, 600),)
    places = [replace(place, windows=open_early) for place in make_neighbourhood()]
    morning = datetime(2026, 3, 7, 9, 0, tzinfo=SEOUL)

    answer = recommend(places, starts_at=morning, categories=("museum", "restaurant"))

    meals = [
        stop.arrives
        for card in answer.cards
        for stop in card.plan.stops
        if places[stop.candidate].category == "restaurant"
    ]
    assert meals
    assert min(meals) >= 120.0


def test_a_dog_gets_its_walk_and_the_cafe_asked_for_a_warning() -> None:
    places = make_neighbourhood()

    card = recommend(
        places, companions="pet", needs=("pet",), categories=("cafe",), time_budget_min=120.0
    ).cards[0]

    assert {"park", "heritage", "viewpoint"} & {*categories_of(card, places)}
    assert "cafe" in categories_of(card, places)
    assert "pet_unknown" in {fact.code for fact in card.warnings}


def test_a_lunch_hour_may_be_near_with_assumed_hours_though_known_ones_are_near_too() -> None:
    noon = datetime(2026, 3, 6, 12, 0, tzinfo=SEOUL)
    near = make_candidate("가까운 집", category="restaurant", quality=0.9, hours_known=False)
    known = make_candidate(
        "알려진 집", category="restaurant", quality=0.2, position=make_point(north_m=500)
    )

    cards = recommend(
        [near, known], categories=("restaurant",), time_budget_min=60.0, starts_at=noon
    ).cards

    assert stops_of(cards[0]) == [0]


def test_no_card_without_what_was_asked_for_beside_one_that_has_it() -> None:
    theatre = make_candidate("극장", category="theatre", position=make_point(north_m=150))
    places = [*make_neighbourhood(), theatre]

    answer = recommend(places, categories=("theatre",))

    assert all(20 in stops_of(card) for card in answer.cards)
    assert answer.why_fewer is not None


def test_parts_of_one_site_make_cards_alike() -> None:
    halls = [
        make_candidate(f"전각 {i}", category="heritage", site="궁", position=make_point(north_m=i))
        for i in range(3)
    ]

    answer = recommend(halls, categories=("heritage",), time_budget_min=60.0)

    assert len(answer.cards) == 1


def test_children_walk_little_unless_what_was_asked_for_is_further() -> None:
    near = make_candidate(
        "가까운 공원", category="park", quality=0.0, position=make_point(north_m=750)
    )
    far = make_candidate("먼 공원", category="park", quality=1.0, position=make_point(east_m=850))

    with_kids = recommend([near, far], companions="kids", categories=("park",)).cards
    without = recommend([near, far], categories=("park",)).cards
    only_far = recommend([far], companions="kids", categories=("park",)).cards

    assert stops_of(with_kids[0]) == [0]
    assert 1 in stops_of(without[0])
    assert stops_of(only_far[0]) == [0]


def test_a_lone_cafe_is_better_than_nothing_where_no_more_than_food_fits() -> None:
    cafes = [make_candidate(f"café {n}", windows=(make_window(closes=120),)) for n in range(3)]
    # Open for its shortest stay alone, so that it seems possible and never fits.
    closing = make_candidate(
        "workshop", category="activity", stay_min=80, windows=(make_window(closes=49),)
    )

    answer = recommend([*cafes, closing])

    assert categories_of(answer.cards[0], [*cafes, closing]) == ["cafe"]


def test_dinner_stands_in_for_a_drink_where_there_is_no_bar() -> None:
    places = [
        *(make_candidate(f"café {n}", quality=0.9, popularity=0.9) for n in range(3)),
        make_candidate("diner", category="restaurant", quality=0.3, popularity=0.1),
        make_candidate("park", category="park"),
    ]

    starts_at = datetime(2026, 3, 7, 18, 0, tzinfo=SEOUL)
    card = recommend(places, starts_at=starts_at, categories=("bar",)).cards[0]

    assert "restaurant" in categories_of(card, places)
    assert "asked_not_found" in [warning.code for warning in card.warnings]
