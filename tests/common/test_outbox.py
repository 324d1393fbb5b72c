"""Recording effects: with the change, once for a key, and never outside of a transaction."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from common import outbox
from common.models import OutboxEntry
from tests.common.effects import OUTSIDE, sent
from tests.common.serving import url_of_test_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_sent() -> None:
    sent.clear()


def record(*, number: int = 1, **fields: Any) -> bool:
    with transaction.atomic():
        return outbox.record(kind=OUTSIDE, payload={"number": number}, **fields)


def test_an_effect_happens_once_its_change_is_committed() -> None:
    with transaction.atomic():
        outbox.record(kind=OUTSIDE, payload={"number": 7})
        before = list(sent)

    assert before == []
    assert [(effect.payload, effect.attempt) for effect in sent] == [({"number": 7}, 1)]
    entry = OutboxEntry.objects.get()
    assert (entry.payload, entry.attempts, entry.delivered_at is None) == ({}, 1, False)


def test_an_effect_falls_with_its_change() -> None:
    with transaction.atomic():
        outbox.record(kind=OUTSIDE, payload={"number": 7})
        transaction.set_rollback(True)

    assert (sent, OutboxEntry.objects.count()) == ([], 0)


def test_refuses_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        outbox.record(kind=OUTSIDE, payload={})

    assert OutboxEntry.objects.count() == 0


def test_refuses_a_kind_that_nobody_delivers() -> None:
    with transaction.atomic(), pytest.raises(ValueError, match=r"tests\.unknown"):
        outbox.record(kind="tests.unknown", payload={})

    assert OutboxEntry.objects.count() == 0


def test_refuses_a_payload_that_is_no_object() -> None:
    with pytest.raises(IntegrityError, match="outbox_payload_is_an_object"):
        OutboxEntry.objects.create(kind=OUTSIDE, payload=[1])


def test_of_one_key_only_the_first_counts() -> None:
    firsts = [record(number=number, dedupe_key="welcome:1") for number in (1, 2)]
    other = record(number=3, dedupe_key="welcome:2")

    assert (firsts, other) == ([True, False], True)
    assert [effect.payload["number"] for effect in sent] == [1, 3]


def test_of_one_key_in_parallel_only_one_counts() -> None:
    def race(number: int) -> bool:
        try:
            return record(number=number, dedupe_key="race")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(race, range(16)))

    assert firsts.count(True) == 1
    assert len(sent) == 1


def test_waits_for_its_moment() -> None:
    record(not_before=timezone.now() + timedelta(hours=1))

    assert sent == []
    assert OutboxEntry.objects.waiting().count() == 1


RECORDING = """
import time, django
django.setup()
from django.db import transaction
from common.mailing import send_mail
started_s = time.monotonic()
with transaction.atomic():
    send_mail(to="a@example.com", subject="s", text="t", about_user_id=None)
print(time.monotonic() - started_s)
"""


def test_a_broker_that_is_away_costs_a_change_little() -> None:
    # A process of its own, since this one does tasks at once; nothing listens on port 1.
    done = subprocess.run(
        [sys.executable, "-c", RECORDING],
        check=True,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": url_of_test_database(),
            "REDIS_BROKER_URL": "redis://127.0.0.1:1/0",
        },
    )

    assert float(done.stdout) < 2.0
    assert "outbox_not_kicked" in done.stderr
    assert OutboxEntry.objects.waiting().count() == 1
