"""The quiz as data: what its file must hold, and that it does."""

from copy import deepcopy
from typing import Any

import pytest

from engine.catalogue import CATEGORIES, MOODS
from users.checks import check_consent_texts, check_quiz
from users.services.consent_texts import read_texts
from users.services.questions import Quiz, current_quiz


def question(name: str, **effects: Any) -> dict[str, Any]:
    return {
        "name": name,
        "ko": "무엇을 해요?",
        "en": "What do you do?",
        "choices": [
            {"name": "this", "ko": "이것", "en": "This", **effects},
            {"name": "that", "ko": "저것", "en": "That"},
        ],
    }


def quiz(**effects: Any) -> dict[str, Any]:
    """Return the data of a quiz whose first choice has `effects`."""
    rows = [question("first", **effects), *(question(f"q{index}") for index in range(9))]
    return {"version": "7", "questions": rows}


def test_the_shipped_quiz_has_ten_questions_that_say_something_in_both_languages() -> None:
    questions = current_quiz().questions

    assert len(questions) == 10
    assert all(
        any(choice.words or choice.profile for choice in question.choices.values())
        for question in questions.values()
    )
    texts = [
        text
        for question in questions.values()
        for text in (question.text, *(choice.text for choice in question.choices.values()))
    ]
    assert len({text.ko for text in texts}) == len({text.en for text in texts}) == len(texts)


def test_the_shipped_quiz_speaks_of_most_moods_and_categories() -> None:
    said = {
        word
        for question in current_quiz().questions.values()
        for choice in question.choices.values()
        for word in choice.words
    }

    assert {*MOODS} - said == set()
    assert {*CATEGORIES} - said == {"shop"}


def test_the_system_checks_are_content_with_what_is_shipped() -> None:
    assert check_quiz() == check_consent_texts() == []


def test_a_choice_has_its_effects() -> None:
    read = Quiz.from_mapping(quiz(moods={"quiet": 0.5}, time_budget_min=90, budget_band="low"))

    (choice,) = read.choices({"first": "this"})
    assert choice.words == {"quiet": 0.5}
    assert choice.profile == {"time_budget_min": 90, "budget_band": "low"}


def with_row(row: dict[str, Any]) -> dict[str, Any]:
    data = quiz()
    data["questions"][0] = row
    return data


def without(name: str) -> dict[str, Any]:
    row = question("first")
    del row["choices"][0][name]
    return with_row(row)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"version": "1"},
        quiz() | {"version": ""},
        quiz() | {"questions": quiz()["questions"][:9]},
        quiz(moods={"angry": 0.5}),
        quiz(moods={"cafe": 0.5}),
        quiz(categories={"quiet": 0.5}),
        quiz(moods={"quiet": 1.5}),
        quiz(moods={"quiet": 0}),
        quiz(time_budget_min=5),
        quiz(budget_band="lavish"),
        quiz(mobility_mode="teleport"),
        quiz(colour="red"),
        with_row(question("q0")),
        with_row(question("no name")),
        with_row(question("first") | {"en": " "}),
        with_row(question("first") | {"choices": question("first")["choices"][:1]}),
        with_row(question("first") | {"choices": question("first")["choices"][:1] * 2}),
        without("ko"),
        without("name"),
    ],
)
def test_a_quiz_that_cannot_be_asked_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Quiz.from_mapping(data)


TEXTS: dict[str, Any] = {
    kind: [{"version": "1", "ko": "동의해요.", "en": "I agree."}]
    for kind in ("location", "push", "marketing")
}


def changed(**fields: Any) -> dict[str, Any]:
    data = deepcopy(TEXTS)
    data["push"][0] |= fields
    return data


@pytest.mark.parametrize(
    "data",
    [
        {},
        {**TEXTS, "cookies": TEXTS["push"]},
        {**TEXTS, "push": []},
        {**TEXTS, "push": TEXTS["push"] * 2},
        changed(ko=""),
        changed(en=" "),
        changed(version=""),
        changed(version="x" * 17),
    ],
)
def test_consents_without_a_text_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_texts(data)
