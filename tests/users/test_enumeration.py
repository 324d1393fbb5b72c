"""
Promise: nobody learns who has an account, neither by what is answered nor by how long it takes.

Known and unknown addresses take turns, so that whatever else the machine does slows both alike, and
passwords are hashed as where people are real.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import Settings
from uuid_utils.compat import uuid7

from config.celery import app
from tests.builders.users import PASSWORD, make_client
from users.models import User

pytestmark = [pytest.mark.promise, pytest.mark.django_db(transaction=True)]

SAMPLES = 200
APART_HIGH = 0.10
WARM_UP = 5


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> Iterator[None]:
    """Hash passwords as there, and leave what requests queue to workers, of which there are none."""
    settings.PASSWORD_HASHERS = ["users.hashers.StatedArgon2"]
    before = {"task_always_eager": app.conf.task_always_eager, "broker_url": app.conf.broker_url}
    app.conf.update(task_always_eager=False, broker_url="memory://")
    yield
    app.conf.update(before)
    # Emptied, and filled anew: Celery keeps its pool for as long as the process lives.
    app.pool.resize(app.pool.limit, reset=True)


def make_known(*, count: int) -> list[str]:
    """Make accounts of one hash, as each would have; return their addresses."""
    hashed = make_password(PASSWORD)
    users = [User(email=f"{uuid7()}@example.com", password=hashed) for _ in range(count)]
    return [user.email for user in User.objects.bulk_create(users)]


def ask(path: str, body: dict[str, Any], *, number: int) -> tuple[float, int, Any]:
    """Return how long an answer took, its status, and what in it does not name the request."""
    client = make_client()
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    started_s = time.perf_counter()
    answer = client.post(path, body, REMOTE_ADDR=address)
    took_s = time.perf_counter() - started_s
    said = answer.json()
    told = {name: value for name, value in said.items() if name not in {"request_id", "email"}}
    return took_s, answer.status_code, told


ROUTES: dict[str, Callable[[str], dict[str, Any]]] = {
    "/api/v1/auth/token": lambda email: {"email": email, "password": "wrong-otters-9"},
    "/api/v1/auth/signup": lambda email: {"email": email, "password": PASSWORD},
    "/api/v1/auth/password/reset": lambda email: {"email": email},
}


@pytest.mark.parametrize("path", ROUTES)
def test_promise_a_known_and_an_unknown_address_answer_alike(path: str) -> None:
    known = make_known(count=SAMPLES + WARM_UP)
    unknown = [f"{uuid7()}@example.com" for _ in known]
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    told = []
    for number, pair in enumerate(zip(known, unknown, strict=True)):
        turns = list(zip(("known", "unknown"), pair, strict=True))
        # Whoever comes second finds warmer caches: they take turns in that, too.
        for name, email in turns if number % 2 else reversed(turns):
            took_s, *said = ask(path, ROUTES[path](email), number=number)
            told.append(said)
            if number >= WARM_UP:
                took[name].append(took_s)

    medians_ms = {name: statistics.median(times) * 1000 for name, times in took.items()}
    ratio = medians_ms["known"] / medians_ms["unknown"]
    sys.stdout.write(f"{path}: {SAMPLES} each, medians {medians_ms} ms, ratio {ratio:.3f}\n")
    assert all(said == told[0] for said in told)
    assert abs(ratio - 1) <= APART_HIGH
