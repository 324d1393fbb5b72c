import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from common.limits import AccountRate, Count, LimitedView, Rate, ViewLimit, count_request
from common.redis_client import QuickRedis, RedisAway, cache_redis, redis_key


class Reading(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {
        "get": ViewLimit(scope="reading", user=Rate(10), address=Rate(10), fails_open=True),
        "post": ViewLimit(scope="writing", user=Rate(10), address=Rate(10)),
    }

    def get(self, request: Request) -> Response:
        return Response({})

    def post(self, request: Request) -> Response:
        return Response({})

    def put(self, request: Request) -> Response:
        return Response({})


class SigningIn(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    limits = {
        "post": ViewLimit(
            scope="signing-in",
            user=Rate(20),
            address=Rate(20),
            account=AccountRate(field="email", rate=Rate(10, window_s=900)),
        )
    }

    def post(self, request: Request) -> Response:
        return Response({})


def sign_in(email: object, *, address: str) -> Response:
    body = email if isinstance(email, list) else {"email": email}
    request = APIRequestFactory().post(
        "/api/v1/x", json.dumps(body), content_type="application/json", REMOTE_ADDR=address
    )
    response: Response = SigningIn.as_view()(request)
    return response


def ask(*, address: str = "192.0.2.1", method: str = "get") -> Response:
    request = getattr(APIRequestFactory(), method)("/api/v1/x", REMOTE_ADDR=address)
    response: Response = Reading.as_view()(request)
    return response


def test_of_forty_at_once_exactly_ten_pass() -> None:
    start = Barrier(40)

    def ask_at_once(_: int) -> int:
        start.wait()
        status = ask().status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=40) as threads:
        statuses = list(threads.map(ask_at_once, range(40)))

    assert sorted(statuses) == [200] * 10 + [429] * 30


def test_says_what_is_left() -> None:
    first = ask()
    second = ask()

    assert first["RateLimit-Policy"] == '"reading";q=10;w=60'
    assert first["RateLimit"] == '"reading";r=9;t=60'
    assert second["RateLimit"].startswith('"reading";r=8;t=')


def test_a_refusal_says_when_to_come_back() -> None:
    for _ in range(10):
        ask()

    refused = ask()

    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert 58 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit"].startswith('"reading";r=0;t=')


def test_addresses_and_scopes_count_apart() -> None:
    for _ in range(10):
        ask()

    assert ask().status_code == 429
    assert ask(address="192.0.2.2").status_code == 200
    assert ask(method="post").status_code == 200
    assert "RateLimit" not in ask(method="put")


def test_the_window_slides_and_refusals_do_not_count() -> None:
    rate = Rate(limit=2, window_s=1)

    def count() -> bool:
        (verdict,) = count_request(
            redis=cache_redis(), counts=[Count(name="s", caller="c", rate=rate)]
        )
        return verdict.is_admitted

    before = [count() for _ in range(5)]
    # The window of the two that were let through ends; the three refused have left no trace.
    cache_redis().ask(lambda client: client.zremrangebyrank(redis_key("limit", "s", "c"), 0, 0))
    after = [count() for _ in range(2)]

    assert (before, after) == ([True, True, False, False, False], [True, False])


def test_a_count_expires_by_itself() -> None:
    ask()

    left_ms = cache_redis().ask(
        lambda client: client.pttl(redis_key("limit", "reading", "address", "192.0.2.1"))
    )

    assert 59_000 < left_ms <= 60_000


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_reads_go_on_and_writes_are_refused() -> None:
    read = ask()
    written = ask(method="post")

    assert (read.status_code, "RateLimit" in read) == (200, False)
    assert (written.status_code, written["Retry-After"]) == (503, "5")


def test_counting_without_redis_says_so(away_redis: QuickRedis) -> None:
    with pytest.raises(RedisAway):
        count_request(redis=away_redis, counts=[Count(name="s", caller="c", rate=Rate(limit=1))])


def test_an_account_is_limited_wherever_its_requests_come_from() -> None:
    start = Barrier(40)

    def sign_in_at_once(number: int) -> int:
        start.wait()
        status = sign_in("Mina@example.com ", address=f"198.51.100.{number}").status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=40) as threads:
        statuses = list(threads.map(sign_in_at_once, range(40)))

    assert sorted(statuses) == [200] * 10 + [429] * 30
    assert sign_in("mina@example.com", address="192.0.2.1").status_code == 429
    assert sign_in("otto@example.com", address="192.0.2.1").status_code == 200


def test_names_every_limit_and_tells_how_the_tightest_stands() -> None:
    first = sign_in("mina@example.com", address="192.0.2.1")
    for _ in range(9):
        sign_in("mina@example.com", address="192.0.2.1")
    refused = sign_in("mina@example.com", address="192.0.2.1")

    assert first["RateLimit-Policy"] == '"signing-in";q=20;w=60, "signing-in-account";q=10;w=900'
    assert first["RateLimit"] == '"signing-in-account";r=9;t=900'
    assert refused["RateLimit"].startswith('"signing-in-account";r=0;t=')
    assert 890 <= int(refused["Retry-After"]) <= 900


def test_what_one_limit_refuses_counts_in_none() -> None:
    for _ in range(15):
        sign_in("mina@example.com", address="192.0.2.1")

    other = sign_in("otto@example.com", address="192.0.2.1")

    # Ten of Mina's were let through, and this one: nine are left to the address of twenty.
    assert other.status_code == 200
    assert count_keys("limit:signing-in:*") == [11]


@pytest.mark.parametrize("email", [None, 7, ["a"], {"a": 1}, []])
def test_a_body_that_names_no_account_is_counted_by_its_sender(email: object) -> None:
    answer = sign_in(email, address="192.0.2.1")

    assert answer["RateLimit"].startswith('"signing-in";r=19;')


def test_redis_learns_no_address_of_mail() -> None:
    sign_in("mina@example.com", address="192.0.2.1")

    keys = cache_redis().ask(lambda client: client.keys("*"))

    assert [key for key in keys if b"mina" in key or b"example" in key] == []


def count_keys(pattern: str) -> list[int]:
    """Return how many moments each set of this tier holds."""
    return cache_redis().ask(
        lambda client: [client.zcard(key) for key in client.keys(redis_key(pattern))]
    )
