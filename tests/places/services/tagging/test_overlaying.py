import pytest

from engine.explain.wording import get_wording
from places.services.editing import check_moods
from places.services.tagging.overlaying import EVIDENCE


@pytest.mark.parametrize("code", EVIDENCE.values())
def test_people_are_told_in_words_what_a_mood_was_guessed_from(code: str) -> None:
    for locale in ("ko", "en"):
        assert get_wording(locale=locale).known("evidence", code) != code


@pytest.mark.parametrize("code", EVIDENCE.values())
def test_an_operator_may_keep_a_guessed_mood_in_the_editor(code: str) -> None:
    check_moods({"quiet": {"confidence": 0.9, "evidence": code}})
