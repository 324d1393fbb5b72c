"""Weather and crowds change the plan, and the card says so."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from engine.explain.sentences import explain_card
from engine.types import Candidate, Recommendation, Weather
from tests.builders.engine import (
    SEOUL,
    make_candidate,
    make_constraints,
    make_neighbourhood,
    make_point,
)
from tests.engine.recommended import STRICT, recommend, stops_of


def words(answer: Recommendation, places: list[Candidate], **wishes: object) -> str:
    text = explain_card(
        recommendation=answer,
        card_index=0,
        constraints=make_constraints(**wishes),
        candidates=places,
        locale="en",
    )
    return " ".join([*text.explanation, *text.warnings])


@pytest.mark.parametrize(
    ("weather", "word"),
    [
        (Weather.RAIN, "the rain"),
        (Weather.SNOW, "the snow"),
        (Weather.HEAT, "the heat"),
        (Weather.COLD, "the cold"),
    ],
)
def test_harsh_weather_moves_the_plan_indoors_and_is_named(weather: Weather, word: str) -> None:
    places = [
        *(
            make_candidate(f"공원 {n}", category="park", position=make_point(north_m=100 + n))
            for n in range(4)
        ),
        *(
            make_candidate(f"박물관 {n}", category="museum", position=make_point(north_m=150 + n))
            for n in range(4)
        ),
    ]
    clear = recommend(places, time_budget_min=150.0)

    harsh = recommend(places, time_budget_min=150.0, weather=weather)

    assert any(places[index].category == "park" for index in stops_of(clear.cards[0]))
    indoors = [places[index].category == "museum" for index in stops_of(harsh.cards[0])]
    assert indoors.count(True) >= 1
    assert word in words(harsh, places, time_budget_min=150.0, weather=weather)
    assert word not in words(clear, places, time_budget_min=150.0)


def test_what_is_full_gives_way_to_what_is_calm_where_crowds_are_avoided() -> None:
    full = make_candidate("유명관", category="museum", congestion=0.65, popularity=1.0)
    calm = make_candidate("한적관", category="museum", congestion=0.1, quality=0.3)
    places = [full, calm]
    start = datetime(2026, 3, 7, 14, 0, tzinfo=SEOUL)  # a Saturday afternoon

    usual = recommend(places, starts_at=start, time_budget_min=100.0)
    averse = recommend(places, starts_at=start, time_budget_min=100.0, avoid=("crowded",))

    assert (stops_of(usual.cards[0]), stops_of(averse.cards[0])) == ([0], [1])
    said = words(averse, places, starts_at=start, time_budget_min=100.0, avoid=("crowded",))
    assert "한적관" in said or "Hanjeokgwan" in said
    assert "calm" in said
    assert "calm" not in words(usual, places, starts_at=start, time_budget_min=100.0)


def test_a_crowded_hour_moves_the_visit_to_another() -> None:
    museum = make_candidate(
        "유명관", category="museum", congestion=0.65, position=make_point(north_m=200)
    )
    bookstore = make_candidate(
        "서점", category="bookstore", congestion=0.05, position=make_point(north_m=230)
    )
    places = [museum, bookstore]
    wishes = {
        "starts_at": datetime(2026, 3, 4, 11, 0, tzinfo=SEOUL),  # at noon it fills up
        "time_budget_min": 180.0,
        "categories": ("museum", "bookstore"),
        "avoid": ("crowded",),
    }

    answer = recommend(places, **wishes)

    assert stops_of(answer.cards[0]) == [0, 1]
    first, _ = answer.cards[0].plan.stops
    assert first.score_parts["congestion"] < 0.6


def test_who_avoids_crowds_is_warned_of_a_full_hour() -> None:
    places = [make_candidate("유명관", category="museum", congestion=0.65)]
    wishes = {
        "starts_at": datetime(2026, 3, 7, 15, 0, tzinfo=SEOUL),
        "time_budget_min": 100.0,
    }

    averse = recommend(places, **wishes, avoid=("crowded",))
    usual = recommend(places, **wishes)

    assert "crowded_then" in [fact.code for fact in averse.cards[0].warnings]
    assert "crowded_then" not in [fact.code for fact in usual.cards[0].warnings]


def test_a_branch_of_a_chain_is_nothing_new() -> None:
    places = [
        *make_neighbourhood(),
        make_candidate("체인", category="cafe", chain="chain", popularity=0.05, quality=0.9),
    ]

    cards = STRICT.recommend(
        constraints=make_constraints(categories=("cafe",)), candidates=places
    ).cards

    assert cards[2].kind == "something_new"
    assert 20 not in stops_of(cards[2])


def test_a_stop_whose_surroundings_are_much_fuller_than_usual_is_named() -> None:
    starts_at = datetime(2026, 3, 7, 15, 0, tzinfo=SEOUL)
    wishes = {"starts_at": starts_at, "time_budget_min": 100.0}
    usual = make_candidate("기억관", category="museum")
    fuller = replace(usual, crowd={15: 1.6, 16: 1.6})

    told = recommend([fuller], **wishes).cards[0].warnings
    untold = recommend([usual], **wishes).cards[0].warnings

    assert "fuller_than_usual" in [fact.code for fact in told]
    assert "fuller_than_usual" not in [fact.code for fact in untold]


def test_what_visits_tell_of_an_hour_is_said_to_come_from_them() -> None:
    wishes = {
        "starts_at": datetime(2026, 3, 7, 15, 0, tzinfo=SEOUL),
        "time_budget_min": 100.0,
    }
    place = make_candidate("기억관", category="museum")
    hours = frozenset({15, 16})
    fuller = replace(place, crowd={15: 1.6, 16: 1.6}, crowd_from_visits=hours)
    calmer = replace(place, crowd={15: 0.6, 16: 0.6}, crowd_from_visits=hours)

    full, calm = recommend([fuller], **wishes), recommend([calmer], **wishes)

    codes = [fact.code for fact in full.cards[0].warnings]
    reasons = [
        explain_card(
            recommendation=answer,
            card_index=0,
            constraints=make_constraints(**wishes),
            candidates=[one],
            locale="en",
        ).stop_reasons[0]
        for answer, one in ((full, fuller), (calm, calmer))
    ]
    assert "fuller_by_visits" in codes
    assert "fuller_than_usual" not in codes
    told = ["when visits show it to be calmer" in " ".join(said) for said in reasons]
    assert told == [False, True]


def test_what_visitors_doubt_is_the_first_thing_to_know() -> None:
    seen_on = date(2026, 3, 1)
    place = replace(
        make_candidate("기억관", category="museum"),
        hours_known=False,
        doubts={"hours": seen_on, "existence": seen_on},
    )

    answer = recommend([place])

    codes = [fact.code for fact in answer.cards[0].warnings]
    assert codes[:2] == ["reported_closed", "hours_doubted"]
    assert "hours_assumed" not in codes
    assert "last on 2026-03-01" in words(answer, [place])
