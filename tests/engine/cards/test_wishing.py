from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from engine.cards.request import Request, prepare
from engine.cards.sense import DEFAULT_SENSE
from engine.cards.wishing import list_wishes
from engine.scoring.parameters import DEFAULT
from engine.travel import CrowFly
from engine.types import Candidate, Weather
from tests.builders.engine import make_constraints, make_neighbourhood


def request(places: Sequence[Candidate] = (), **changes: Any) -> Request:
    return prepare(
        constraints=make_constraints(**changes),
        candidates=places or make_neighbourhood(),
        parameters=DEFAULT,
        sense=DEFAULT_SENSE,
        travel_times=CrowFly(),
    )


def counts(**changes: Any) -> list[list[int]]:
    """Return how many stops each group of each attempt wants."""
    attempts = list_wishes(request=request(**changes), stops=4)
    return [[group.at_least for group in attempt.groups] for attempt in attempts]


def test_numbers_are_given_up_before_categories() -> None:
    found = counts(categories=("cafe", "museum"), category_counts={"cafe": 2})

    assert found == [[2, 1], [1, 1], [1], [1], []]


def test_what_was_said_last_is_given_up_first() -> None:
    attempts = list(list_wishes(request=request(categories=("cafe", "museum")), stops=4))

    first_loss = attempts[1].groups
    candidates = make_neighbourhood()
    assert [candidates[i].category for i in first_loss[0].members] == ["cafe", "cafe"]


def test_mostly_wants_half_of_the_stops_as_far_as_there_are_places() -> None:
    assert counts(mostly=("cafe",)) == [[2], [1], []]


def test_a_wet_outing_tries_to_stay_dry_and_to_eat() -> None:
    assert counts(weather=Weather.RAIN) == [[0, 1], [0], [0, 1], [0], []]


@pytest.mark.parametrize(
    "changes",
    [
        {"companions": "kids"},
        {"companions": "parents"},
        {"needs": ("wheelchair",)},
        {"weather": Weather.COLD},
    ],
)
def test_short_walks_are_wished_for_and_given_up_before_a_category(changes: dict[str, Any]) -> None:
    found = list(list_wishes(request=request(categories=("cafe",), **changes), stops=4))

    assert [(len(wish.groups), wish.walks_little) for wish in found] == [
        (1, True),
        (1, False),
        (0, False),
    ]


def test_short_walks_that_were_asked_for_are_no_wish_to_give_up() -> None:
    found = list_wishes(request=request(companions="kids", low_walking=True), stops=4)

    assert not any(wish.walks_little for wish in found)


def test_a_category_asked_for_may_be_wet() -> None:
    attempts = list(
        list_wishes(request=request(weather=Weather.RAIN, categories=("park",)), stops=4)
    )

    candidates = make_neighbourhood()
    outdoors = attempts[0].groups[-1]
    assert outdoors.at_most == 0
    assert "park" not in {candidates[i].category for i in outdoors.members}


def test_half_a_day_has_a_meal_unless_food_was_asked_for() -> None:
    candidates = make_neighbourhood()

    attempts = list(list_wishes(request=request(time_budget_min=300.0), stops=6))
    asked = list(list_wishes(request=request(time_budget_min=300.0, categories=("cafe",)), stops=6))

    (meal,) = attempts[0].groups
    (cafe,) = asked[0].groups
    assert {candidates[i].category for i in meal.members} == {"restaurant"}
    assert {candidates[i].category for i in cafe.members} == {"cafe"}


def test_a_dog_is_walked_in_the_open() -> None:
    candidates = make_neighbourhood()

    first = next(list_wishes(request=request(companions="pet", categories=("cafe",)), stops=4))

    _, walk = first.groups
    assert walk.at_least == 1
    assert {candidates[i].category for i in walk.members} == {"park", "heritage", "viewpoint"}


def test_stays_are_shortened_for_a_category_but_not_for_most_of_it() -> None:
    once = list(list_wishes(request=request(categories=("cafe",)), stops=4))
    mostly = list(list_wishes(request=request(mostly=("cafe",)), stops=4))

    assert [wish.is_urgent for wish in once] == [True, False]
    assert [wish.is_urgent for wish in mostly] == [False, True, False]


def make_quiet_neighbourhood() -> list[Candidate]:
    """Return the neighbourhood with a quiet bookstore and a quiet museum, at 5 and 6."""
    places = make_neighbourhood()
    for index in (5, 6):
        places[index] = replace(places[index], mood_evidence={"quiet": "library"})
    return places


def test_a_mood_asked_for_wants_a_stop_with_evidence_of_the_kind_asked_for() -> None:
    places = make_quiet_neighbourhood()

    def moody(**changes: Any) -> list[int]:
        wish = next(list_wishes(request=request(places, moods=("quiet",), **changes), stops=2))
        return [*wish.groups[-1].members]

    assert moody() == [5, 6]
    assert moody(categories=("museum",)) == [6]
    assert 5 not in moody(categories=("cafe",))


def test_the_mood_is_given_up_before_a_category_and_one_of_two_before_both() -> None:
    found = list_wishes(
        request=request(
            make_quiet_neighbourhood(), moods=("quiet",), categories=("museum", "cafe")
        ),
        stops=4,
    )

    museum, cafe, quiet = {6, 16}, {0, 10}, {6}
    assert [[{*group.members} for group in wish.groups] for wish in found] == [
        [museum, cafe, quiet],
        [museum, cafe],
        [museum, quiet],
        [cafe, quiet],
        [museum],
        [cafe],
        [],
    ]
