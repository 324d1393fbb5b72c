from dataclasses import replace
from datetime import datetime

from engine.planner.problem import Problem, Solution
from engine.planner.solving import solve
from engine.recommending import Engine
from engine.types import Candidate, Constraints, Fact, Mode
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
        "later_start",
        {"clock": "10:00", "minutes": 200.0, "start_at": "2026-03-07T10:00:00+09:00", "cards": 3},
    )


def test_a_bar_further_away_is_offered_before_tomorrow_morning() -> None:
    river = make_candidate("강변", category="park")
    morning = [replace(place, windows=(make_window(660, 1_300),)) for place in make_neighbourhood()]
    bars = [
        make_candidate(f"술집 {n}", category="bar", windows=(make_window(0, 240),))
        for n in range(4)
    ]
    night = datetime(2026, 3, 7, 22, 0, tzinfo=SEOUL)

    def look(relaxed: Constraints) -> list[Candidate]:
        return [river, *(bars if relaxed.mode == Mode.TRANSIT else morning)]

    answer = Engine().recommend(
        constraints=make_constraints(starts_at=night, categories=("bar",), mode=Mode.WALK),
        candidates=[river],
        dropped={"closed": 20},
        look=look,
    )

    assert answer.why_fewer is not None
    assert answer.why_fewer.code == "few_closed"
    assert answer.relaxation == Fact("wider_mode", {"mode": "transit", "cards": 3})


def test_few_places_are_explained_by_what_was_dropped_nearby() -> None:
    answer = Engine().recommend(
        constraints=make_constraints(),
        candidates=[make_candidate("park", category="park")],
        dropped={"closed": 4, "out_of_reach": 90},
    )

    assert answer.why_fewer == Fact("few_closed", {"cards": 1, "places": 4, "kept": 1})


def test_what_a_tighter_question_left_out_is_looked_for_again() -> None:
    near = [make_candidate(f"공원 {n}", category="park") for n in range(2)]
    dear = [
        make_candidate(f"박물관 {n}", category="museum", cost_high=8_000, cost_low=8_000)
        for n in range(4)
    ]
    constraints = make_constraints(budget=4_000, categories=("museum",))

    def look(relaxed: Constraints) -> list[Candidate]:
        return [p for p in (*near, *dear) if p.cost_high <= (relaxed.budget or 0)]

    answer = Engine().recommend(
        constraints=constraints, candidates=near, dropped={"too_dear": 4}, look=look
    )

    assert answer.relaxation == Fact(
        "more_money", {"amount": 5_000, "currency": "KRW", "budget": 9_000, "cards": 3}
    )


def test_the_step_is_made_as_small_as_helps_as_much() -> None:
    places = [make_candidate(f"{n}", category="museum", cost_high=6_000) for n in range(6)]

    answer = recommend(places, budget=5_000)

    assert answer.relaxation is not None
    assert (answer.relaxation.code, answer.relaxation.values["amount"]) == ("more_money", 1_000)


def test_a_little_more_time_adds_what_was_asked_for_and_is_on_no_card() -> None:
    museum = make_candidate(
        "박물관", category="museum", windows=(make_window(150, 700),), stay_min=60.0
    )
    places = [*(p for p in make_neighbourhood() if p.category != "museum"), museum]

    answer = recommend(places, categories=("museum",), time_budget_min=180.0)

    assert len(answer.cards) == 3
    assert answer.why_fewer is None
    assert answer.relaxation is not None
    assert answer.relaxation.code == "more_time_adds"
    assert answer.relaxation.values["category"] == "museum"
    assert answer.relaxation.values["minutes"] in (30, 40, 50, 60)


def test_nothing_is_offered_where_all_that_was_asked_for_is_there() -> None:
    answer = recommend(make_neighbourhood(), categories=("museum",))

    assert (len(answer.cards), answer.why_fewer, answer.relaxation) == (3, None, None)


def test_a_later_start_is_found_among_places_that_are_closed_all_the_while() -> None:
    places = [replace(place, windows=(make_window(200, 700),)) for place in make_neighbourhood()]
    early = datetime(2026, 3, 7, 6, 40, tzinfo=SEOUL)
    looked: list[float] = []

    def look(relaxed: Constraints) -> list[Candidate]:
        looked.append(relaxed.time_budget_min)
        return places if relaxed.time_budget_min > 200 else []

    answer = Engine().recommend(
        constraints=make_constraints(starts_at=early, time_budget_min=120.0),
        candidates=[],
        dropped={"closed": 20},
        look=look,
    )

    assert answer.why_fewer == Fact("none_closed", {"cards": 0, "places": 20})
    assert answer.relaxation is not None
    assert answer.relaxation.values["start_at"] == "2026-03-07T10:00:00+09:00"
    assert looked == [840.0]


def test_the_places_are_asked_for_again_a_few_times_at_most() -> None:
    asked: list[Constraints] = []

    def look(relaxed: Constraints) -> list[Candidate]:
        asked.append(relaxed)
        return []

    answer = Engine().recommend(
        constraints=make_constraints(budget=0, categories=("club",)), candidates=[], look=look
    )

    assert answer.relaxation is None
    assert len(asked) == 3


def test_plans_no_relaxation_that_cannot_bring_what_is_missing() -> None:
    closed = make_candidate("박물관", category="museum", windows=(make_window(2_000, 2_500),))
    places = [place for place in make_neighbourhood() if place.category != "museum"]
    solved: list[Problem] = []

    def count(*, problem: Problem, seed: int) -> Solution:
        solved.append(problem)
        return solve(problem=problem, seed=seed)

    def ask(seen: list[Candidate]) -> int:
        solved.clear()
        answer = Engine(planner=count).recommend(
            constraints=make_constraints(categories=("museum",)),
            candidates=places,
            look=lambda _: seen,
        )
        assert (len(answer.cards), answer.relaxation) == (3, None)
        return len(solved)

    assert ask([*places, closed]) == ask(places)
