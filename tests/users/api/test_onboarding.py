"""The quiz of the first day, from outside."""

from typing import Any

import pytest

from tests.builders.quizzes import QUIET, make_answers
from tests.builders.users import make_client, make_user
from users.models import User
from users.services.questions import current_quiz
from users.statements import QuizAnswer, TasteChange

pytestmark = pytest.mark.django_db

QUIZ, ANSWER, TASTE = (
    "/api/v1/onboarding/quiz",
    "/api/v1/users/me/onboarding",
    "/api/v1/users/me/taste",
)


def test_anybody_may_read_the_ten_questions_in_both_languages() -> None:
    korean = make_client().get(QUIZ).json()
    english = make_client(language="en").get(QUIZ).json()

    assert korean["version"] == english["version"] == current_quiz().version
    assert len(korean["questions"]) == len(english["questions"]) == 10
    assert korean["questions"][0]["text"].startswith("갑자기 한가한 오후")
    assert (
        english["questions"][0]["text"]
        == "An afternoon turns out to be free. Where would you like to be?"
    )
    assert english["questions"][0]["choices"][0] == {
        "name": "quiet_corner", "text": "In a quiet corner with a book",
    }  # fmt: skip


def test_answers_make_the_first_taste_and_the_profile() -> None:
    user = make_user()
    answers = make_answers(
        free_afternoon="quiet_corner", evening="early_home", time="afternoon", money="some",
        moving="transit",
    )  # fmt: skip

    response = make_client(user=user).post(ANSWER, answers)

    shown = response.json()
    assert response.status_code == 200
    assert shown["preferences"] == {
        "moods": {"quiet": 0.9, "cozy": 0.2},
        "categories": {"bar": -0.5, "club": -0.6, "bookstore": 0.3},
    }
    assert (shown["time_budget_min"], shown["budget_band"], shown["mobility_mode"]) == (
        210, "mid", "transit",
    )  # fmt: skip
    after = User.objects.get()
    assert after.onboarded_at is not None
    assert after.taste is not None
    assert (len(after.taste), after.taste_version) == (256, 1)
    assert sorted(QuizAnswer.objects.values_list("question", "choice")) == [
        ("evening", "early_home"), ("free_afternoon", "quiet_corner"), ("money", "some"),
        ("moving", "transit"), ("time", "afternoon"),
    ]  # fmt: skip


def test_what_several_answers_say_of_one_mood_ends_at_one() -> None:
    shown = make_client(user=make_user()).post(ANSWER, make_answers(**QUIET)).json()

    assert shown["preferences"]["moods"]["quiet"] == 1.0


def test_a_question_passed_over_leaves_the_profile_as_it_is() -> None:
    user = make_user(time_budget_min=90, budget_band="high", mobility_mode="car")

    shown = make_client(user=user).post(ANSWER, make_answers()).json()

    assert (shown["time_budget_min"], shown["budget_band"], shown["mobility_mode"]) == (
        90, "high", "car",
    )  # fmt: skip
    assert shown["preferences"] == {"moods": {}, "categories": {}}
    assert User.objects.get().taste is None
    assert shown["onboarded_at"] is not None


def test_answering_again_replaces_answers_and_edits() -> None:
    client = make_client(user=make_user())
    first = client.post(ANSWER, make_answers(**QUIET)).json()
    client.post(TASTE, {"name": "park", "direction": "more"})

    second = client.post(ANSWER, make_answers(new_city="market")).json()

    assert second["preferences"] == {"moods": {"lively": 0.2}, "categories": {"market": 0.6}}
    assert second["onboarded_at"] == first["onboarded_at"]
    assert list(QuizAnswer.objects.values_list("question", flat=True)) == ["new_city"]
    assert not TasteChange.objects.exists()
    assert User.objects.get().taste_version == 3


ALL = make_answers(**QUIET)["answers"]
REFUSED: list[tuple[Any, int, str]] = [
    ({}, 400, "version"),
    ({"version": "1"}, 400, "answers"),
    ({"version": 1, "answers": ALL}, 400, "version"),
    ({"version": "1", "answers": {}}, 422, "answers.free_afternoon"),
    ({"version": "1", "answers": []}, 400, "answers"),
    ({"version": "1", "answers": ALL, "user": 1}, 400, "user"),
    ({"version": "1", "answers": ALL | {"shoe_size": "42"}}, 422, "answers.shoe_size"),
    ({"version": "1", "answers": ALL | {"x" * 99: "y"}}, 422, "answers." + "x" * 64),
    ({"version": "1", "answers": ALL | {"cafe": "busy_street"}}, 422, "answers.cafe"),
    ({"version": "1", "answers": ALL | {"cafe": ""}}, 400, "answers.cafe"),
    ({"version": "1", "answers": ALL | {"cafe": 1}}, 400, "answers.cafe"),
    ({"version": "1", "answers": ALL | {"cafe": ["cosy"]}}, 400, "answers.cafe"),
    ({"version": "1", "answers": {n: c for n, c in ALL.items() if n != "fame"}}, 422, "answers.fame"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "field"), REFUSED)
def test_what_does_not_answer_the_quiz_is_refused_by_question(
    body: Any, status: int, field: str
) -> None:
    response = make_client(user=make_user()).post(ANSWER, body)

    assert response.status_code == status
    assert field in [error["field"] for error in response.json()["errors"]]
    assert not QuizAnswer.objects.exists()
    assert (User.objects.get().preferences, User.objects.get().onboarded_at) == ({}, None)


def test_answers_to_an_older_quiz_are_refused() -> None:
    body = make_answers(**QUIET) | {"version": "0"}

    response = make_client(user=make_user()).post(ANSWER, body)

    assert (response.status_code, response.json()["code"]) == (409, "users/quiz-outdated")
    assert response.json()["current_version"] == current_quiz().version
    assert not QuizAnswer.objects.exists()


def test_nobody_answers_for_nobody() -> None:
    assert make_client().post(ANSWER, make_answers(**QUIET)).status_code == 401
