"""`/api/v1/users/me/taste`, from outside: more of this, less of that."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from tests.builders.quizzes import QUIET, make_answers
from tests.builders.users import make_client, make_user
from users.models import User
from users.statements import TasteChange

ANSWER, TASTE = "/api/v1/users/me/onboarding", "/api/v1/users/me/taste"
UNDO, RESET = f"{TASTE}/undo", f"{TASTE}/reset"


def say(client: APIClient, direction: str, name: str) -> Any:
    return client.post(TASTE, {"name": name, "direction": direction})


def strengths(client: APIClient) -> dict[str, float]:
    return {word["name"]: word["strength"] for word in client.get(TASTE).json()["words"]}


@pytest.mark.django_db
def test_who_said_nothing_is_neutral() -> None:
    user = make_user()

    korean = make_client(user=user).get(TASTE).json()
    english = make_client(user=user, language="en").get(TASTE).json()

    assert korean == {
        "version": 0,
        "summary": "아직 취향을 몰라요. 모두 똑같이 보고 추천해요.",
        "words": [],
        "can_undo": False,
    }
    assert english["summary"] == "No taste is known yet: everything counts alike."


@pytest.mark.django_db
def test_a_taste_is_told_in_words_with_where_each_comes_from() -> None:
    user = make_user()
    client = make_client(user=user)
    client.post(ANSWER, make_answers(new_city="museum", evening="drinks"))
    say(client, "more", "museum")
    say(client, "less", "bar")
    say(client, "less", "modern")

    korean, english = (
        client.get(TASTE).json(),
        make_client(user=user, language="en").get(TASTE).json(),
    )

    assert korean["words"] == [
        {"kind": "category", "name": "museum", "text": "박물관", "strength": 0.85,
         "sources": {"quiz": 0.6, "edit": 0.25}},
        {"kind": "category", "name": "bar", "text": "술집", "strength": 0.35,
         "sources": {"quiz": 0.6, "edit": -0.25}},
        {"kind": "mood", "name": "modern", "text": "모던한", "strength": -0.25,
         "sources": {"edit": -0.25}},
        {"kind": "mood", "name": "lively", "text": "활기찬", "strength": 0.2,
         "sources": {"quiz": 0.2}},
    ]  # fmt: skip
    assert korean["summary"] == "박물관, 술집과 활기찬 곳을 좋아하고, 모던한 곳은 덜 찾아요."
    assert (
        english["summary"]
        == "You like museum, bar and lively places, and care less for modern places."
    )
    assert (korean["version"], korean["can_undo"]) == (4, True)


@pytest.mark.django_db
def test_an_edit_shows_what_it_changes_and_whose_places_it_moves() -> None:
    client = make_client(user=make_user())

    edited = say(client, "more", "museum").json()

    assert edited["changed"] == [
        {"kind": "category", "name": "museum", "text": "박물관", "before": 0.0, "after": 0.25}
    ]
    first = edited["effect"]["up"][0]
    assert (first["name"], first["before"]) == ("museum", 0.5)
    assert first["after"] == pytest.approx(0.778, abs=0.001)
    assert edited["taste"]["words"][0]["strength"] == 0.25


@pytest.mark.django_db
def test_less_of_something_moves_its_places_down() -> None:
    client = make_client(user=make_user())

    effect = say(client, "less", "quiet").json()["effect"]

    assert effect["down"][0]["name"] == "quiet"
    assert effect["down"][0]["after"] < 0.5 == effect["down"][0]["before"]
    assert "lively" in [shift["name"] for shift in effect["up"]]


@pytest.mark.django_db
def test_no_word_goes_beyond_its_end() -> None:
    client = make_client(user=make_user())
    for _ in range(4):
        say(client, "more", "quiet")

    refused = say(client, "more", "quiet")

    assert (refused.status_code, refused.json()["code"]) == (409, "users/taste-at-its-end")
    assert strengths(client) == {"quiet": 1.0}
    assert User.objects.get().taste_version == 4


@pytest.mark.django_db
def test_an_edit_is_undone_exactly_also_at_the_end() -> None:
    client = make_client(user=make_user())
    client.post(ANSWER, make_answers(free_afternoon="quiet_corner", evening="early_home"))
    before, vector = strengths(client), User.objects.get().taste
    say(client, "more", "quiet")  # 0.9 ends at 1
    assert strengths(client)["quiet"] == 1.0

    undone = client.post(UNDO)

    assert undone.json()["changed"] == [
        {"kind": "mood", "name": "quiet", "text": "조용한", "before": 1.0, "after": 0.9}
    ]
    assert strengths(client) == before
    assert User.objects.get().taste == vector
    again = client.post(UNDO)
    assert (again.status_code, again.json()["code"]) == (409, "users/nothing-to-undo")


@pytest.mark.django_db
def test_edits_are_undone_one_by_one_the_last_first() -> None:
    client = make_client(user=make_user())
    say(client, "more", "quiet")
    say(client, "less", "bar")
    client.patch(
        "/api/v1/users/me", {"preferences": {"moods": {"quiet": 0.9}}}, headers={"if-match": "*"}
    )

    seen = [strengths(client)]
    for _ in range(3):
        client.post(UNDO)
        seen.append(strengths(client))

    assert seen == [
        {"quiet": 0.9, "bar": -0.25}, {"quiet": 0.25, "bar": -0.25}, {"quiet": 0.25}, {},
    ]  # fmt: skip


@pytest.mark.django_db
def test_only_the_last_twenty_edits_are_kept() -> None:
    client = make_client(user=make_user())
    for index in range(25):
        say(client, "less" if index % 2 else "more", "quiet")

    assert TasteChange.objects.count() == 20


@pytest.mark.django_db
def test_a_reset_goes_back_to_the_quiz_or_to_nothing_and_can_be_undone() -> None:
    client = make_client(user=make_user())
    client.post(ANSWER, make_answers(new_city="museum"))
    say(client, "less", "museum")

    to_quiz = client.post(RESET, {"to": "quiz"}).json()
    to_nothing = client.post(RESET, {"to": "nothing"}).json()

    assert to_quiz["taste"]["words"][0]["strength"] == 0.6
    assert to_nothing["taste"]["words"] == []
    assert User.objects.get().taste is None
    client.post(UNDO)
    client.post(UNDO)
    assert strengths(client) == {"museum": 0.35}


REFUSED: list[tuple[Any, str]] = [
    ({}, "name"),
    ({"name": "quiet"}, "direction"),
    ({"name": "quiet", "direction": "up"}, "direction"),
    ({"name": "quiet", "direction": 1}, "direction"),
    ({"name": "angry", "direction": "more"}, "name"),
    ({"name": "", "direction": "more"}, "name"),
    ({"name": ["cafe"], "direction": "more"}, "name"),
    ({"name": None, "direction": "more"}, "name"),
    ({"name": "quiet", "direction": "more", "weight": 99}, "weight"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "field"), REFUSED)
def test_what_is_no_edit_is_refused_by_field(body: Any, field: str) -> None:
    response = make_client(user=make_user()).post(TASTE, body)

    assert response.status_code == 400
    assert field in [error["field"] for error in response.json()["errors"]]
    assert (User.objects.get().preferences, User.objects.get().taste_version) == ({}, 0)


@pytest.mark.django_db
def test_an_edit_sent_twice_with_one_key_counts_once() -> None:
    client = make_client(user=make_user())
    body = {"name": "quiet", "direction": "more"}

    first, second = (client.post(TASTE, body, headers={"idempotency-key": "one"}) for _ in range(2))

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert strengths(client) == {"quiet": 0.25}


@pytest.mark.django_db(transaction=True)
def test_eight_edits_at_once_all_count() -> None:
    user = make_user()
    clients = [make_client(user=user) for _ in range(8)]

    def change(index: int) -> int:
        name = ("quiet", "cozy")[index % 2]
        status: int = say(clients[index], "more", name).status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=8) as threads:
        statuses = list(threads.map(change, range(8)))

    assert statuses == [200] * 8
    assert strengths(clients[0]) == {"cozy": 1.0, "quiet": 1.0}
    assert User.objects.get().taste_version == 8


@pytest.mark.django_db
@pytest.mark.parametrize("path", [TASTE, UNDO, RESET])
def test_nobody_has_no_taste(path: str) -> None:
    assert make_client().post(path, {"to": "quiz"}).status_code == 401


@pytest.mark.django_db
def test_one_persons_edits_are_not_anothers() -> None:
    one, other = make_client(user=make_user()), make_client(user=make_user())
    one.post(ANSWER, make_answers(**QUIET))

    say(other, "more", "modern")

    assert strengths(other) == {"modern": 0.25}
    assert "modern" not in strengths(one)
