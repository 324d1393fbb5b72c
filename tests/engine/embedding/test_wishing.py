import numpy as np
import pytest

from engine.embedding.wishing import wish_of

SAID = np.array([1, 0, 0], dtype=np.float32)
LIKED = np.array([0, 1, 0], dtype=np.float32)


def test_what_is_said_counts_twice_what_was_liked() -> None:
    wish = wish_of(query=SAID, taste=LIKED)

    assert wish is not None
    assert np.linalg.norm(wish) == pytest.approx(1.0)
    assert wish[0] == pytest.approx(2 * wish[1])


def test_one_alone_is_taken_as_it_is() -> None:
    assert wish_of(query=SAID, taste=None) is SAID
    assert wish_of(query=None, taste=LIKED) is LIKED
    assert wish_of(query=None, taste=None) is None


def test_a_taste_against_what_is_said_does_not_turn_it_round() -> None:
    wish = wish_of(query=SAID, taste=-SAID)

    assert wish is not None
    assert wish.tolist() == SAID.tolist()
