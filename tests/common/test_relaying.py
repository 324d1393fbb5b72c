"""The relay: every effect, however often delivery fails or its process ends."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from common.models import OutboxEntry
from common.outbox import OutboxHandler
from common.registries import Registry
from common.relaying import (
    ATTEMPTS_HIGH,
    DELIVERED_KEPT_FOR,
    GIVEN_UP_KEPT_FOR,
    Relay,
    retry_given_up,
    sweep_outbox,
)
from tests.common.effects import IN_DATABASE, OUTSIDE, effects_table, list_numbers, sent

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    sent.clear()
    with effects_table():
        yield


def make_entry(*, kind: str = IN_DATABASE, **fields: Any) -> OutboxEntry:
    payload = fields.pop("payload", {"number": 1})
    return OutboxEntry.objects.create(
        kind=kind, payload=payload, **{"created_at": NOW, "available_at": NOW} | fields
    )


def relay(*, now: datetime = NOW, **fields: Any) -> bool:
    return Relay(clock=lambda: now, draw=lambda: 0.5, **fields).relay()


@pytest.mark.parametrize("kind", [IN_DATABASE, OUTSIDE])
def test_what_fails_is_tried_again_ever_later(kind: str) -> None:
    entry = make_entry(kind=kind, payload={"number": 1, "fails_until": 2})

    for wait_s in (0, 2, 4):
        relay(now=NOW + timedelta(seconds=wait_s))

    entry.refresh_from_db()
    assert entry.attempts == 2
    assert entry.available_at == NOW + timedelta(seconds=2 + 4)
    assert entry.last_error.startswith("Broken at ")
    assert "example.com" not in entry.last_error
    assert list_numbers() == []

    relay(now=entry.available_at)

    entry.refresh_from_db()
    assert (entry.attempts, entry.payload, entry.last_error) == (3, {}, "")
    assert entry.delivered_at == NOW + timedelta(seconds=6)
    assert list_numbers() == ([1] if kind == IN_DATABASE else [])
    assert [effect.effect_id for effect in sent] == (
        [entry.effect_id] * 3 if kind == OUTSIDE else []
    )


def test_what_always_fails_is_given_up_and_can_be_tried_again() -> None:
    entry = make_entry(payload={"number": 1, "fails_until": ATTEMPTS_HIGH})
    now = NOW
    for _ in range(ATTEMPTS_HIGH + 5):
        relay(now=now)
        now += timedelta(hours=2)

    entry.refresh_from_db()
    assert (entry.attempts, entry.given_up_at is None) == (ATTEMPTS_HIGH, False)
    assert list_numbers() == []

    OutboxEntry.objects.update(payload={"number": 1})
    assert retry_given_up(ids=[entry.pk], now=now) == 1
    relay(now=now)

    entry.refresh_from_db()
    assert (entry.attempts, entry.delivered_at, entry.given_up_at) == (1, now, None)
    assert list_numbers() == [1]


def test_what_keeps_ending_its_process_is_given_up() -> None:
    entry = make_entry(attempts=ATTEMPTS_HIGH)

    relay()

    entry.refresh_from_db()
    assert entry.given_up_at == NOW
    assert entry.last_error.startswith("DeliveredTooOften")
    assert list_numbers() == []


def test_a_kind_of_a_newer_release_is_left_to_it() -> None:
    entry = make_entry(kind="tests.of_tomorrow")

    relay()

    entry.refresh_from_db()
    assert (entry.attempts, entry.delivered_at) == (0, None)


def test_the_longest_due_comes_first() -> None:
    for number in (3, 1, 2):
        make_entry(
            kind=OUTSIDE,
            payload={"number": number},
            available_at=NOW - timedelta(seconds=10 - number),
        )

    relay()

    assert [effect.payload["number"] for effect in sent] == [1, 2, 3]


def test_relays_at_once_bring_about_each_effect_once() -> None:
    for number in range(200):
        make_entry(payload={"number": number})

    def run(_: int) -> bool:
        try:
            return relay()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        more = list(pool.map(run, range(8)))

    assert more == [False] * 8
    assert list_numbers() == list(range(200))


def test_an_entry_that_a_second_relay_takes_too_is_done_once() -> None:
    entry = make_entry()
    inner: list[bool] = []

    def write_and_relay_again(effect: Any) -> None:
        def run() -> bool:
            try:
                return relay(now=NOW + timedelta(days=1))
            finally:
                connection.close()

        # Its lease is long over, but the row is held by the one who still delivers it.
        with ThreadPoolExecutor(1) as pool:
            inner.append(pool.submit(run).result())
        sent.append(effect)

    handlers: Registry[OutboxHandler] = Registry()
    handlers.add(
        OutboxHandler(name=IN_DATABASE, deliver=write_and_relay_again, is_in_database=True)
    )

    relay(handlers=handlers)

    entry.refresh_from_db()
    assert inner == [False]
    assert (entry.attempts, entry.delivered_at, len(sent)) == (1, NOW, 1)
    assert list_numbers() == []


def test_entries_are_swept_when_their_time_is_over() -> None:
    def ago(kept_for: timedelta, *, minutes: int) -> datetime:
        return NOW - kept_for + timedelta(minutes=minutes)

    waiting = make_entry(available_at=NOW - timedelta(days=90), created_at=NOW - timedelta(days=90))
    fresh = [
        make_entry(payload={}, delivered_at=ago(DELIVERED_KEPT_FOR, minutes=1)),
        make_entry(given_up_at=ago(GIVEN_UP_KEPT_FOR, minutes=1)),
    ]
    make_entry(payload={}, delivered_at=ago(DELIVERED_KEPT_FOR, minutes=-1))
    make_entry(given_up_at=ago(GIVEN_UP_KEPT_FOR, minutes=-1))

    assert sweep_outbox(now=NOW) == 2
    assert set(OutboxEntry.objects.values_list("pk", flat=True)) == {
        waiting.pk,
        *(entry.pk for entry in fresh),
    }
