import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings
from rest_framework.request import Request

from common.deadlines import Deadline, DeadlinePassed, RequestDeadline
from common.problems import handle_exception
from tests.common.serving import url_of_test_database

pytestmark = pytest.mark.django_db


def ask(*, seconds: float = 0.0) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_no_statement_begins_after_the_deadline() -> None:
    now = [10.0]
    asked: list[int] = []

    with connection.execute_wrapper(Deadline(ends_at_s=15.0, monotonic_s=lambda: now[0])):
        ask()
        asked.append(1)
        now[0] = 15.1
        with pytest.raises(DeadlinePassed):
            ask()

    ask()
    assert asked == [1]


def test_every_request_has_its_time(settings: Settings) -> None:
    settings.REQUEST_DEADLINE_S = 0.05

    def answer_slowly(_: HttpRequest) -> HttpResponse:
        ask(seconds=0.06)
        ask()
        return HttpResponse()

    with pytest.raises(DeadlinePassed):
        RequestDeadline(answer_slowly)(RequestFactory().get("/api/v1/x"))

    ask()


@pytest.mark.parametrize("error", [DeadlinePassed("late"), OperationalError("canceling statement")])
def test_what_took_too_long_is_answered_with_when_to_come_back(error: Exception) -> None:
    request = Request(RequestFactory().get("/api/v1/x"))

    answer = handle_exception(error, {"request": request})

    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_a_statement_that_takes_too_long_is_ended_by_the_server() -> None:
    with pytest.raises(OperationalError, match="statement timeout"):
        ask_with_a_timeout()

    ask()


@transaction.atomic
def ask_with_a_timeout() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
    ask(seconds=5)


def test_each_kind_of_process_has_its_timeouts() -> None:
    shown = {kind: show_timeouts(kind) for kind in ("web", "worker")}

    assert shown == {"web": ["5s", "2s", "10s"], "worker": ["5min", "10s", "1min"]}


def show_timeouts(kind: str) -> list[str]:
    """Return what PostgreSQL says in a process of that kind, started as its module starts it."""
    module = {"web": "config.asgi", "worker": "config.celery"}[kind]
    script = f"""
import {module}, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute("SHOW " + name)
        print(*cursor.fetchone())
"""
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "DATABASE_URL": url_of_test_database()},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
