"""
No job lost or doubled: effects recorded in the outbox, relayed by real worker processes.

Processes are killed, Redis is stopped and connections to PostgreSQL are cut while they work; the
effects are rows without any constraint, so that one done twice would be there twice.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from common.models import OutboxEntry
from tests.common.effects import IN_DATABASE, count_rows, effects_table, list_numbers
from tests.common.serving import OwnRedis, OwnService, children, kill_family, own_redis, wait_until
from tests.database.owning import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    with own_redis(tmp_path) as redis:
        yield redis


@pytest.fixture
def service(tmp_path: Path, redis: OwnRedis) -> Iterator[OwnService]:
    with effects_table():
        service = OwnService(redis=redis, folder=tmp_path)
        try:
            yield service
        finally:
            service.kill_all()


def cut_connections() -> int:
    """End every other connection to this database, as a failing server does; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    with as_owner() as owner:
        owner.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> ALL(ARRAY[pg_backend_pid(), %s])",
            [own],
        )
        (cut,) = owner.fetchone()
    return int(cut)


def wait_for_rows(count: int) -> None:
    wait_until(lambda: count_rows() >= count, what=f"{count} effects")


def test_a_hundred_effects_happen_once_though_processes_are_killed(service: OwnService) -> None:
    for number in range(100):
        OutboxEntry.objects.create(kind=IN_DATABASE, payload={"number": number, "works_s": 0.02})
    service.start_beat()
    workers = [service.start_worker(), service.start_worker()]

    wait_for_rows(20)
    os.kill(children(workers[0])[0], signal.SIGKILL)
    wait_for_rows(50)
    kill_family(workers[0])
    wait_for_rows(100)

    assert list_numbers() == list(range(100))
    assert not OutboxEntry.objects.waiting().exists()


@pytest.mark.promise
def test_a_thousand_effects_happen_once_whatever_fails(
    service: OwnService, redis: OwnRedis
) -> None:
    service.record(first=0, count=600)
    service.start_beat()
    worker = service.start_worker()

    wait_for_rows(100)
    os.kill(children(worker)[0], signal.SIGKILL)
    wait_for_rows(200)
    kill_family(worker)
    worker = service.start_worker()
    wait_for_rows(300)
    redis.kill()
    service.record(first=600, count=200)
    redis.start()
    wait_for_rows(500)
    cut = cut_connections()
    service.record(first=800, count=200)
    wait_for_rows(900)
    os.kill(children(worker)[1], signal.SIGKILL)
    wait_for_rows(1000)
    # Whatever would come twice has its chance: the longest lease of these entries, and a round.
    time.sleep(12)

    assert cut >= 2
    assert list_numbers() == list(range(1000))
    assert not OutboxEntry.objects.waiting().exists()
