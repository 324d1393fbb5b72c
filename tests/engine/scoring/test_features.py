import numpy as np
import pytest

from engine.scoring.features import Features, build_features
from tests.builders.engine import make_candidate, make_constraints

AXIS = np.eye(3, dtype=np.float32)


def at_cosine(cosine: float) -> np.ndarray:
    """Return a unit vector with this cosine to the first axis."""
    return np.array([cosine, np.sqrt(1 - cosine**2), 0], dtype=np.float32)


def features_of(*cosines: float, **wanted: np.ndarray) -> Features:
    candidates = [make_candidate(str(c), embedding=at_cosine(c)) for c in cosines]
    return build_features(
        candidates=[*candidates, make_candidate("without a vector")],
        constraints=make_constraints(**wanted),
    )


def test_the_nearest_to_a_sentence_is_one_and_the_unrelated_are_nothing() -> None:
    match = features_of(0.67, 0.4, 0.13, -0.5, query_embedding=AXIS[0]).query_match

    assert match == pytest.approx([1.0, 0.5, 0.0, 0.0, 0.0], abs=1e-6)


def test_where_nothing_is_near_the_nearest_is_not_made_much_of() -> None:
    match = features_of(0.22, 0.1, query_embedding=AXIS[0]).query_match

    assert match == pytest.approx([1 / 3, 0.0, 0.0], abs=1e-6)


def test_a_taste_tells_liked_from_unrelated_from_disliked() -> None:
    liking = features_of(0.9, 0.45, 0.0, -0.45, taste=AXIS[0]).taste_cosine

    assert liking == pytest.approx([1.0, 1.0, 0.5, 0.0, 0.5], abs=1e-6)


def test_a_faint_taste_says_less() -> None:
    liking = features_of(0.45, -0.45, taste=AXIS[0] / 2).taste_cosine

    assert liking == pytest.approx([0.75, 0.25, 0.5], abs=1e-6)


def test_without_wishes_every_place_is_alike() -> None:
    features = features_of(0.9, 0.1)

    assert features.query_match.tolist() == [0.0, 0.0, 0.0]
    assert features.taste_cosine.tolist() == [0.5, 0.5, 0.5]
