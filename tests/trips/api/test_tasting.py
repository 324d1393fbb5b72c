"""What a person likes changes what is recommended to them, and the answer says so."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from engine.embedding.encoding import DIMENSIONS
from places.services.encoding import Encodings
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.quizzes import LIVELY, QUIET, make_answers
from tests.builders.users import make_client, make_user
from tests.trips.api.asking import ask
from trips.models import Trip
from users.models import TASTE_DIMENSIONS, User

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER, TASTE = "/api/v1/users/me/onboarding", "/api/v1/users/me/taste"
OPEN = "홍대에서 3시간"
TEA_HOUSE = ("best_match", "고요한찻집")  # on the card of who likes it, and of who says nothing


def make_person(answers: dict[str, str] | None = None, *, language: str = "ko") -> APIClient:
    client = make_client(user=make_user(), language=language)
    if answers is not None:
        assert client.post(ANSWER, make_answers(**answers)).status_code == 200
    return client


def preferences(body: Any) -> dict[tuple[str, str], float]:
    """Return the preference part of each place by the kind of its card, whose weights differ."""
    return {
        (card["kind"], node["place"]["name"]): node["score_parts"]["preference"]["value"]
        for card in body["cards"]
        for node in card["nodes"]
    }


def stops(body: Any) -> list[list[str]]:
    return [[node["place"]["name"] for node in card["nodes"]] for card in body["cards"]]


def make_encoded_neighbourhood() -> None:
    make_neighbourhood()
    Encodings().run()


def test_a_taste_lies_in_the_space_of_the_places() -> None:
    assert TASTE_DIMENSIONS == DIMENSIONS


def test_two_people_with_opposite_tastes_get_other_cards_for_one_question() -> None:
    make_encoded_neighbourhood()
    quiet, lively, neutral = make_person(QUIET), make_person(LIVELY), make_person()

    of_quiet, of_lively, of_neutral = (ask(who, q=OPEN).json() for who in (quiet, lively, neutral))

    assert stops(of_quiet) != stops(of_lively)
    for_quiet, for_lively = preferences(of_quiet), preferences(of_lively)
    shared = {*for_quiet} & {*for_lively}
    assert shared
    assert all(for_quiet[place] != for_lively[place] for place in shared)
    assert for_quiet[TEA_HOUSE] > preferences(of_neutral)[TEA_HOUSE]


def test_the_card_names_what_is_liked_and_the_stop_too() -> None:
    make_encoded_neighbourhood()

    korean = ask(make_person(QUIET), q=OPEN).json()
    english = ask(make_person(QUIET, language="en"), q=OPEN).json()

    said = [line for card in korean["cards"] for line in card["explanation"]]
    assert any(line.startswith("좋아하시는 ") and "담았어요" in line for line in said)
    reasons = [
        reason for card in english["cards"] for node in card["nodes"] for reason in node["reasons"]
    ]
    assert any(reason.endswith(", which you like.") for reason in reasons)


def test_who_said_nothing_is_answered_like_a_stranger() -> None:
    make_encoded_neighbourhood()

    of_person, of_nobody = ask(make_person(), q=OPEN).json(), ask(make_client(), q=OPEN).json()

    assert stops(of_person) == stops(of_nobody)
    assert preferences(of_person) == preferences(of_nobody)
    assert not any("취향" in line for card in of_person["cards"] for line in card["explanation"])


def test_an_edit_changes_the_next_answer_and_undoing_it_changes_it_back() -> None:
    make_encoded_neighbourhood()
    person = make_person()
    first = ask(person, q=OPEN).json()

    for _ in range(4):
        person.post(TASTE, {"name": "cafe", "direction": "more"})
    edited = ask(person, q=OPEN).json()
    for _ in range(4):
        person.post(f"{TASTE}/undo")
    undone = ask(person, q=OPEN).json()

    assert edited["cached"] is undone["cached"] is False
    assert len({body["context_hash"] for body in (first, edited, undone)}) == 3
    assert preferences(edited)[TEA_HOUSE] > preferences(first)[TEA_HOUSE]
    assert (stops(undone), preferences(undone)) == (stops(first), preferences(first))


def test_a_taste_made_by_another_encoder_is_made_anew() -> None:
    make_encoded_neighbourhood()
    person = make_person(QUIET)
    wrong = [1.0, *[0.0] * (TASTE_DIMENSIONS - 1)]
    right = ask(person, q=OPEN).json()

    User.objects.update(taste=wrong, taste_encoder="another/1")
    again = ask(person, q=OPEN, seed=1).json()

    assert preferences(again) == preferences(right)


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"time_budget_min": 90}, "time_budget_min", 90),
        ({"budget_band": "low"}, "budget", 15000),
        ({"mobility_mode": "transit"}, "mode", "transit"),
    ],
)
def test_a_changed_profile_is_in_the_next_answer(
    change: dict[str, Any], field: str, value: Any
) -> None:
    make_encoded_neighbourhood()
    person = make_person()
    before = ask(person, q="홍대").json()

    edited = person.patch("/api/v1/users/me", change, headers={"if-match": "*"})
    after = ask(person, q="홍대").json()

    assert edited.status_code == 200
    assert after["cached"] is False
    assert after["context_hash"] != before["context_hash"]
    assumed = {item["field"]: item for item in after["interpretation"]["assumed"]}
    assert (assumed[field]["value"], assumed[field]["reason"]) == (value, "profile")


@pytest.mark.parametrize("consents", [False, True])
def test_no_position_is_kept_more_exactly_than_its_cell(*, consents: bool) -> None:
    make_encoded_neighbourhood()
    person = make_person(QUIET)
    User.objects.update(location_opt_in=consents)

    answered = ask(person, q="3시간", lat="37.5561234", lon="126.9237891", end_lat="37.5554321")
    answered = ask(
        person, q="3시간", lat="37.5561234", lon="126.9237891",
        end_lat="37.5554321", end_lon="126.9241987",
    )  # fmt: skip

    assert answered.status_code == 200
    (context,) = {str(trip.context) for trip in Trip.objects.all()}
    origin, destination = Trip.objects.all()[0].context["origin"], Trip.objects.all()[0].context["destination"]  # fmt: skip
    assert origin == pytest.approx([37.5561234, 126.9237891], abs=0.0004)
    assert not any(text in context for text in ("37.5561", "126.9237", "37.5554321", "126.9241"))
    assert (origin, destination) != ([37.5561234, 126.9237891], [37.5554321, 126.9241987])
