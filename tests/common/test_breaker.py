import pytest

from common.breaker import CircuitBreaker


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def broken(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures_high=2, pause_s=10, monotonic_s=clock)
    for _ in range(2):
        assert breaker.admit()
        breaker.report(succeeded=False)
    return breaker


def test_opens_after_failures_in_a_row() -> None:
    breaker = CircuitBreaker(failures_high=2, pause_s=10, monotonic_s=Clock())

    breaker.report(succeeded=False)
    assert breaker.admit()
    breaker.report(succeeded=False)

    assert breaker.is_open
    assert not breaker.admit()


def test_a_success_between_starts_the_count_anew() -> None:
    breaker = CircuitBreaker(failures_high=2, pause_s=10, monotonic_s=Clock())

    breaker.report(succeeded=False)
    breaker.report(succeeded=True)
    breaker.report(succeeded=False)

    assert breaker.admit()


def test_one_trial_after_the_pause_and_no_more() -> None:
    clock = Clock()
    breaker = broken(clock)

    clock.now_s += 9.9
    too_soon = breaker.admit()
    clock.now_s += 0.2

    assert not too_soon
    assert [breaker.admit(), breaker.admit(), breaker.admit()] == [True, False, False]


def test_a_trial_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now_s += 10

    assert breaker.admit()
    breaker.report(succeeded=True)

    assert not breaker.is_open
    assert [breaker.admit(), breaker.admit()] == [True, True]


def test_a_trial_that_fails_begins_another_pause() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now_s += 10
    assert breaker.admit()
    clock.now_s += 3
    breaker.report(succeeded=False)

    clock.now_s += 9.9
    too_soon = breaker.admit()
    clock.now_s += 0.2

    assert not too_soon
    assert breaker.admit()


def test_a_trial_that_is_never_reported_is_not_the_last() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now_s += 10
    assert breaker.admit()

    clock.now_s += 10

    assert breaker.admit()


@pytest.mark.parametrize(
    ("bounds", "named"),
    [
        ({"failures_high": 0}, "failures_high"),
        ({"pause_s": 0.0}, "pause_s"),
        ({"pause_s": float("nan")}, "pause_s"),
    ],
)
def test_refuses_bounds_that_mean_nothing(bounds: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        CircuitBreaker(**bounds)  # type: ignore[arg-type] # one of each
