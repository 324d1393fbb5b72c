from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from tests.builders.users import PASSWORD, make_client, make_user
from users.services.guarding import BY_ADDRESS

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
EMAIL = "operator@example.com"


def log_in(
    password: str = PASSWORD, *, email: str = EMAIL, address: str = "203.0.113.7"
) -> HttpResponse:
    return Client(headers={"accept-language": "en"}).post(
        LOGIN,
        {"username": email, "password": password, "next": "/admin/"},
        REMOTE_ADDR=address,
    )  # type: ignore[return-value] # a test client's answer


def lock(*, email: str = EMAIL) -> None:
    for _ in range(BY_ADDRESS.limit):
        assert log_in("wrong", email=email).status_code == 200


def test_an_operator_logs_in() -> None:
    make_user(email=EMAIL, is_staff=True)

    assert log_in().status_code == 302


def test_after_five_tries_a_page_says_how_long_to_wait() -> None:
    make_user(email=EMAIL, is_staff=True)
    lock()

    locked = log_in()

    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= BY_ADDRESS.window_s
    assert f"wait {locked['Retry-After']} seconds" in locked.content.decode()
    assert "text/html" in locked["Content-Type"]


def test_an_unknown_address_is_locked_alike() -> None:
    make_user(email=EMAIL, is_staff=True)
    lock()
    lock(email="nobody@example.com")

    known, unknown = log_in(), log_in(email="nobody@example.com")

    assert (known.status_code, unknown.status_code) == (429, 429)
    assert known.content.decode().split("wait")[0] == unknown.content.decode().split("wait")[0]


def test_a_stranger_elsewhere_locks_nobody_out() -> None:
    make_user(email=EMAIL, is_staff=True)
    lock()

    assert log_in(address="198.51.100.1").status_code == 302


def test_logging_in_forgets_the_tries() -> None:
    make_user(email=EMAIL, is_staff=True)
    for _ in range(3):
        for _ in range(BY_ADDRESS.limit - 1):
            log_in("wrong")
        assert log_in().status_code == 302


def test_the_api_and_the_admin_count_together() -> None:
    make_user(email=EMAIL, is_staff=True)
    lock()

    answer = make_client().post(
        "/api/v1/auth/token", {"email": EMAIL, "password": PASSWORD}, REMOTE_ADDR="203.0.113.7"
    )

    assert answer.json()["code"] == "users/sign-in-locked"


@pytest.mark.django_db(transaction=True)
def test_promise_of_twenty_logins_at_once_five_are_looked_at() -> None:
    make_user(email=EMAIL, is_staff=True)

    def guess(_: int) -> int:
        try:
            return log_in("wrong").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=20) as threads:
        statuses = list(threads.map(guess, range(20)))

    assert sorted(statuses) == [200] * BY_ADDRESS.limit + [429] * (20 - BY_ADDRESS.limit)


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_nobody_logs_in_uncounted() -> None:
    make_user(email=EMAIL, is_staff=True)

    answer = log_in()

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Not available right now" in answer.content.decode()
