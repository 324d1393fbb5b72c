import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalogue import CATEGORIES, MOODS
from engine.embedding.encoding import default_encoder
from engine.learning.stating import WORDS, list_shifts, state_taste

ENCODER = default_encoder()

strengths = st.dictionaries(st.sampled_from(WORDS), st.floats(-1, 1), max_size=8)


def test_every_mood_and_category_is_a_word_of_taste_once() -> None:
    assert sorted(WORDS) == sorted({*MOODS, *CATEGORIES})


def test_nothing_said_is_no_taste() -> None:
    assert state_taste(strengths={}, encoder=ENCODER) is None
    assert state_taste(strengths={"quiet": 0.0}, encoder=ENCODER) is None


def test_one_word_points_at_its_places_as_far_as_it_is_strong() -> None:
    (library,) = ENCODER.encode(["도서관 library"])

    taste = state_taste(strengths={"library": 0.25}, encoder=ENCODER)

    assert taste is not None
    assert taste == pytest.approx(0.25 * library)


def test_many_words_together_are_no_longer_than_one() -> None:
    taste = state_taste(strengths=dict.fromkeys(WORDS, 1.0), encoder=ENCODER)

    assert taste is not None
    assert float(np.linalg.norm(taste)) == pytest.approx(1.0)


@given(strengths)
def test_a_taste_and_its_contrary_point_apart(said: dict[str, float]) -> None:
    taste = state_taste(strengths=said, encoder=ENCODER)
    contrary = state_taste(
        strengths={word: -strength for word, strength in said.items()}, encoder=ENCODER
    )

    assert (taste is None) == (contrary is None)
    assert np.array_equal(taste if taste is not None else [], -contrary if contrary is not None else [])  # fmt: skip


@pytest.mark.parametrize(("word", "strength"), [("angry", 0.5), ("quiet", 1.1), ("quiet", -2.0)])
def test_an_impossible_word_or_strength_is_refused(word: str, strength: float) -> None:
    with pytest.raises(ValueError, match=r"angry|must lie in"):
        state_taste(strengths={word: strength}, encoder=ENCODER)


def test_liking_more_moves_what_is_like_it_up_and_the_contrary_down() -> None:
    before = state_taste(strengths={"museum": 0.5}, encoder=ENCODER)
    after = state_taste(strengths={"museum": 0.5, "quiet": 0.5}, encoder=ENCODER)

    shifts = {
        shift.word: shift for shift in list_shifts(before=before, after=after, encoder=ENCODER)
    }

    assert next(iter(shifts)) == "quiet"
    assert shifts["quiet"].before == pytest.approx(0.5, abs=0.05)
    assert shifts["quiet"].after > 0.9
    assert shifts["lively"].moved < -0.1
    assert abs(shifts["dessert"].moved) < 0.1


def test_no_change_moves_nothing() -> None:
    taste = state_taste(strengths={"museum": 0.5}, encoder=ENCODER)

    shifts = list_shifts(before=taste, after=taste, encoder=ENCODER)

    assert {shift.moved for shift in shifts} == {0.0}
    assert [shift.word for shift in shifts] == sorted(WORDS)
