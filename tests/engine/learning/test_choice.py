import numpy as np
import pytest

from engine.learning.choice import Choices, fit_weights, probabilities


def choices(times: tuple[float, float]) -> Choices:
    """One question with two answers, told apart by one feature of 1 and 0."""
    return Choices(
        features=np.array([[[1.0], [0.0]]]),
        offered=np.array([[True, True]]),
        chosen=np.array([times]),
    )


def test_the_weight_is_the_log_odds_of_what_was_chosen() -> None:
    weights = fit_weights(choices=choices((300.0, 100.0)), ridge=1e-6)

    assert weights[0] == pytest.approx(np.log(3), abs=1e-5)


def test_the_gradient_vanishes_at_the_ridged_optimum() -> None:
    ridge = 2.0

    weight = float(fit_weights(choices=choices((9.0, 1.0)), ridge=ridge)[0])

    assert 9 - 10 / (1 + np.exp(-weight)) - ridge * weight == pytest.approx(0, abs=1e-8)


def test_what_was_not_offered_has_no_probability() -> None:
    share = probabilities(
        scores=np.array([[0.0, 9.0, 0.0]]), offered=np.array([[True, False, True]])
    )

    assert share.tolist() == [[0.5, 0.0, 0.5]]


def test_a_question_without_an_answer_teaches_nothing() -> None:
    both = Choices(
        features=np.array([[[1.0], [0.0]], [[5.0], [0.0]]]),
        offered=np.ones((2, 2), dtype=np.bool_),
        chosen=np.array([[3.0, 1.0], [0.0, 0.0]]),
    )

    weights = fit_weights(choices=both, ridge=1.0)

    assert weights == pytest.approx(fit_weights(choices=choices((3.0, 1.0)), ridge=1.0))


def test_choices_that_cannot_be_are_refused() -> None:
    good = choices((1.0, 0.0))

    with pytest.raises(ValueError, match="features"):
        Choices(features=good.features * np.nan, offered=good.offered, chosen=good.chosen)
    with pytest.raises(ValueError, match="offered"):
        Choices(features=good.features, offered=good.offered[:, :1], chosen=good.chosen)
    with pytest.raises(ValueError, match="chosen"):
        Choices(features=good.features, offered=~good.offered, chosen=good.chosen)


@pytest.mark.parametrize("ridge", [0.0, -1.0, float("nan"), float("inf")])
def test_a_ridge_must_be_positive(ridge: float) -> None:
    with pytest.raises(ValueError, match="ridge"):
        fit_weights(choices=choices((1.0, 0.0)), ridge=ridge)


def test_a_newton_step_too_far_is_taken_back() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(40, 6, 3)) * np.array([1.0, 30.0, 0.01])
    chosen = np.zeros((40, 6))
    chosen[np.arange(40), np.argmax(features[:, :, 1] + features[:, :, 0], axis=1)] = 1.0
    offered = np.ones((40, 6), dtype=np.bool_)

    weights = fit_weights(
        choices=Choices(features=features, offered=offered, chosen=chosen), ridge=0.01
    )

    expected = probabilities(scores=features @ weights, offered=offered)
    gradient = np.einsum("qn,qnk->k", chosen - expected, features) - 0.01 * weights
    assert gradient == pytest.approx(np.zeros(3), abs=1e-4)
