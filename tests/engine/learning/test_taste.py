import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.learning.taste import HALF_LIFE_DAYS, Taste, bayesian_mean

EAST = np.array([1.0, 0.0], dtype=np.float32)
NORTH = np.array([0.0, 1.0], dtype=np.float32)
NOBODY = Taste.unknown(dimensions=2, day=0.0)

observations = st.tuples(st.sampled_from([EAST, NORTH]), st.floats(-1, 1), st.floats(0, 1000))


def test_a_taste_turns_to_what_was_liked_and_from_what_was_not() -> None:
    taste = NOBODY.observe(embedding=EAST, weight=1.0, day=0.0)
    taste = taste.observe(embedding=NORTH, weight=-1.0, day=0.0)

    assert taste.direction(day=0.0) == pytest.approx([0.5**0.5, -(0.5**0.5)])


def test_what_was_liked_long_ago_weighs_half_after_a_half_life() -> None:
    taste = NOBODY.observe(embedding=EAST, weight=1.0, day=0.0)

    later = taste.observe(embedding=NORTH, weight=1.0, day=HALF_LIFE_DAYS)

    assert later.total == pytest.approx([0.5, 1.0])


def test_an_observation_that_comes_in_late_weighs_what_it_would_have() -> None:
    first = NOBODY.observe(embedding=EAST, weight=1.0, day=0.0)
    in_order = first.observe(embedding=NORTH, weight=1.0, day=50.0)
    second = NOBODY.observe(embedding=NORTH, weight=1.0, day=50.0)

    late = second.observe(embedding=EAST, weight=1.0, day=0.0)

    assert late.total == pytest.approx(in_order.total)
    assert late.day == in_order.day


@given(kept=st.lists(observations, max_size=5), gone=observations)
def test_forgetting_is_as_if_it_was_never_observed(
    kept: list[tuple[npt.NDArray[np.float32], float, float]],
    gone: tuple[npt.NDArray[np.float32], float, float],
) -> None:
    taste, expected = NOBODY, NOBODY
    for embedding, weight, day in [gone, *kept]:
        taste = taste.observe(embedding=embedding, weight=weight, day=day)
    for embedding, weight, day in kept:
        expected = expected.observe(embedding=embedding, weight=weight, day=day)

    taste = taste.forget(embedding=gone[0], weight=gone[1], day=gone[2])

    fading = 2 ** ((taste.day - expected.day) / HALF_LIFE_DAYS)
    assert taste.total * fading == pytest.approx(expected.total, abs=1e-9 * fading)


def test_nothing_is_known_of_somebody_new_nor_after_years() -> None:
    taste = NOBODY.observe(embedding=EAST, weight=1.0, day=0.0)

    assert NOBODY.direction(day=0.0) is None
    assert taste.direction(day=1.5 * HALF_LIFE_DAYS) is None


@pytest.mark.parametrize(
    ("embedding", "weight", "day", "field"),
    [
        (EAST * 2, 1.0, 0.0, "embedding"),
        (EAST * np.float32("nan"), 1.0, 0.0, "embedding"),
        (np.ones(1, dtype=np.float32), 1.0, 0.0, "embedding"),
        (EAST, 1.5, 0.0, "weight"),
        (EAST, float("nan"), 0.0, "weight"),
        (EAST, 1.0, float("inf"), "day"),
    ],
)
def test_an_impossible_observation_is_refused(
    embedding: npt.NDArray[np.float32], weight: float, day: float, field: str
) -> None:
    with pytest.raises(ValueError, match=field):
        NOBODY.observe(embedding=embedding, weight=weight, day=day)


def test_few_values_stay_near_the_prior_and_many_leave_it() -> None:
    assert bayesian_mean(total=5.0, count=1, prior=3.0, prior_count=9.0) == pytest.approx(3.2)
    assert bayesian_mean(total=0.0, count=0, prior=3.0, prior_count=9.0) == 3.0
    assert bayesian_mean(total=4.0, count=2, prior=3.0, prior_count=0.0) == 2.0


@pytest.mark.parametrize(
    ("count", "prior_count", "total"),
    [(-1, 1.0, 1.0), (0, 0.0, 0.0), (1, -1.0, 1.0), (1, 1.0, float("nan"))],
)
def test_a_mean_of_nothing_is_refused(count: int, prior_count: float, total: float) -> None:
    with pytest.raises(ValueError, match=r"count|total"):
        bayesian_mean(total=total, count=count, prior=3.0, prior_count=prior_count)


def test_a_leaning_is_as_long_as_what_was_shown_and_no_longer_than_one() -> None:
    little = NOBODY.observe(embedding=EAST, weight=0.25, day=0.0)
    much = little.observe(embedding=NORTH, weight=1.0, day=0.0)

    assert little.leaning(day=0.0) == pytest.approx([0.25, 0.0])
    assert little.leaning(day=HALF_LIFE_DAYS) == pytest.approx([0.125, 0.0])
    assert much.leaning(day=0.0) == pytest.approx([0.0625**0.5 / 1.0625**0.5, 1 / 1.0625**0.5])
    assert NOBODY.leaning(day=0.0) is None
