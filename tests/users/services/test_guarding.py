from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from common.limits import LimitsAway, Rate
from common.redis_client import QuickRedis, cache_redis, redis_key
from users.services.guarding import BY_ADDRESS, IN_ALL, KNOWN_FOR_S, SignInGuard, SignInLocked

EMAIL, HERE = "a@example.com", "203.0.113.7"


def admitted(*, email: str = EMAIL, address: str = HERE) -> bool:
    try:
        SignInGuard().admit(email=email, address=address)
    except SignInLocked:
        return False
    return True


def test_the_bounds_are_those_that_are_promised() -> None:
    assert (Rate(5, window_s=15 * 60), Rate(50, window_s=60 * 60)) == (BY_ADDRESS, IN_ALL)
    assert KNOWN_FOR_S == 30 * 24 * 60 * 60


def test_signing_in_forgets_the_tries_from_elsewhere_too() -> None:
    for number in range(IN_ALL.limit):
        assert admitted(address=f"203.0.113.{number}")

    SignInGuard().clear(email=EMAIL, address="198.51.100.1")

    assert admitted(address="203.0.113.200")


def test_an_address_is_known_for_a_month() -> None:
    SignInGuard().clear(email=EMAIL, address=HERE)

    def read(client: Redis) -> list[int]:
        return [int(client.ttl(key)) for key in client.scan_iter(redis_key("limit", "*"))]

    (left_s,) = cache_redis().ask(read)
    assert KNOWN_FOR_S - 60 <= left_s <= KNOWN_FOR_S


def test_an_account_is_tried_five_times_from_one_address() -> None:
    tries = [admitted() for _ in range(BY_ADDRESS.limit + 2)]

    assert tries == [True] * BY_ADDRESS.limit + [False] * 2
    assert not admitted(email="A@Example.com")
    assert admitted(address="203.0.113.8")
    assert admitted(email="b@example.com")


def test_a_refusal_says_how_long_to_wait() -> None:
    while admitted():
        pass

    with pytest.raises(SignInLocked) as locked:
        SignInGuard().admit(email=EMAIL, address=HERE)

    assert BY_ADDRESS.window_s - 5 <= (locked.value.retry_after_s or 0) <= BY_ADDRESS.window_s


def test_signing_in_forgets_the_tries() -> None:
    for _ in range(BY_ADDRESS.limit - 1):
        admitted()

    SignInGuard().clear(email=EMAIL, address=HERE)

    assert [admitted() for _ in range(BY_ADDRESS.limit + 1)] == [True] * BY_ADDRESS.limit + [False]


def test_guessers_with_many_addresses_are_bounded_too() -> None:
    tries = [admitted(address=f"198.51.100.{number}") for number in range(IN_ALL.limit + 5)]

    assert tries == [True] * IN_ALL.limit + [False] * 5


def test_they_do_not_lock_the_owner_out() -> None:
    SignInGuard().clear(email=EMAIL, address=HERE)
    for number in range(IN_ALL.limit + 5):
        admitted(address=f"198.51.100.{number}")

    assert not admitted(address="198.51.100.200")
    assert admitted()


def test_promise_of_forty_guesses_at_once_five_are_looked_at() -> None:
    with ThreadPoolExecutor(max_workers=40) as threads:
        tries = list(threads.map(lambda _: admitted(), range(40)))

    assert sum(tries) == BY_ADDRESS.limit


def test_redis_learns_no_address() -> None:
    SignInGuard().clear(email=EMAIL, address=HERE)
    admitted(address="198.51.100.1")

    def read(client: Redis) -> str:
        return str(list(client.scan_iter(match=redis_key("*"))))

    keys = cache_redis().ask(read)
    assert "sign-in-known" in keys
    assert not any(part in keys for part in (EMAIL, "example", HERE, "198.51"))


def test_without_redis_nobody_guesses_uncounted(away_redis: QuickRedis) -> None:
    guard = SignInGuard(redis=lambda: away_redis)

    with pytest.raises(LimitsAway):
        guard.admit(email=EMAIL, address=HERE)
    guard.clear(email=EMAIL, address=HERE)
