"""Delivers what the outbox holds."""

import random
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.utils import timezone

from .acting import NOBODY, acting
from .models import OutboxEntry
from .outbox import Effect, OutboxHandler, outbox_handlers
from .registries import Registry

logger = structlog.get_logger(__name__)

ATTEMPTS_HIGH: Final = 12
BACKOFF_LOW: Final = timedelta(seconds=2)
BACKOFF_HIGH: Final = timedelta(hours=1)
# The row is locked while it runs, so this only says when the entry of a killed process is free.
LEASE_IN_DATABASE: Final = timedelta(seconds=5)
BATCH: Final = 500
ROUND_S: Final = 30.0
DELIVERED_KEPT_FOR: Final = timedelta(days=7)
GIVEN_UP_KEPT_FOR: Final = timedelta(days=14)
SWEPT_AT_ONCE: Final = 5_000
ERROR_LENGTH: Final = 200


class DeliveredTooOften(Exception):
    """Every attempt ended its process before it could fail."""


@dataclass(frozen=True)
class Relay:
    """
    Takes due entries one at a time, the longest due first, and delivers each.

    Any number of relays run at once: a row that another holds is passed over. An entry is first
    claimed (its attempt is counted and its next moment set, committed), so that one whose delivery
    kills the process is tried again later and given up in the end; then it is delivered.
    """

    handlers: Registry[OutboxHandler] = field(default_factory=lambda: outbox_handlers)
    clock: Callable[[], datetime] = timezone.now
    monotonic_s: Callable[[], float] = time.monotonic
    draw: Callable[[], float] = random.random

    def relay(self) -> bool:
        """Deliver what is due, for ROUND_S at most; tell whether more may be due."""
        until_s = self.monotonic_s() + ROUND_S
        for _ in range(BATCH):
            if not self._deliver_next():
                return False
            if self.monotonic_s() >= until_s:
                break
        return True

    def _deliver_next(self) -> bool:
        claimed = self._claim()
        if claimed is None:
            return False
        entry, handler = claimed
        try:
            if entry.attempts > ATTEMPTS_HIGH:
                raise DeliveredTooOften
            if handler.is_in_database:
                self._deliver_in_database(entry, handler)
            else:
                _deliver(entry, handler)
                self._mark(entry)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is kept and tried again
            self._postpone(entry, error)
        return True

    @transaction.atomic(durable=True)
    def _claim(self) -> tuple[OutboxEntry, OutboxHandler] | None:
        """Claim the entry that is due longest, among the kinds that this process knows."""
        handlers = {handler.name: handler for handler in self.handlers}
        now = self.clock()
        entry = (
            OutboxEntry.objects.due(now)
            .filter(kind__in=list(handlers))
            .order_by("available_at", "id")
            .select_for_update(skip_locked=True)
            .first()
        )
        if entry is None:
            return None
        handler = handlers[entry.kind]
        lease = LEASE_IN_DATABASE if handler.is_in_database else handler.lease
        entry.attempts += 1
        entry.available_at = now + max(lease, self._backoff(entry.attempts))
        entry.save(update_fields=["attempts", "available_at"])
        return entry, handler

    def _backoff(self, attempts: int) -> timedelta:
        """Return a wait that doubles, drawn a little so that failures do not march in step."""
        doubled: timedelta = BACKOFF_LOW * 2 ** (attempts - 1)
        return min(BACKOFF_HIGH, doubled) * (0.5 + self.draw())

    @transaction.atomic(durable=True)
    def _deliver_in_database(self, entry: OutboxEntry, handler: OutboxHandler) -> None:
        # It waits for the lock, since a claim of another relay may hold it for a moment. It finds
        # nothing where another relay has delivered it after the lease, or it was erased meanwhile.
        held = OutboxEntry.objects.waiting().select_for_update().filter(pk=entry.pk).first()
        if held is not None:
            _deliver(entry, handler)
            self._mark(entry)

    def _mark(self, entry: OutboxEntry) -> None:
        OutboxEntry.objects.filter(pk=entry.pk).update(
            delivered_at=self.clock(), given_up_at=None, payload={}, last_error=""
        )

    def _postpone(self, entry: OutboxEntry, error: Exception) -> None:
        """Set the next attempt ever later; after the last one, give up."""
        now = self.clock()
        is_given_up = entry.attempts >= ATTEMPTS_HIGH
        why = describe_failure(error)
        OutboxEntry.objects.waiting().filter(pk=entry.pk, attempts=entry.attempts).update(
            available_at=now + self._backoff(entry.attempts),
            given_up_at=now if is_given_up else None,
            last_error=why,
        )
        log = logger.error if is_given_up else logger.warning
        log(
            "outbox_given_up" if is_given_up else "outbox_postponed",
            kind=entry.kind,
            effect_id=str(entry.effect_id),
            attempts=entry.attempts,
            error=why,
        )


@acting(NOBODY)  # not for whoever had the relay run: the handler knows for whom its effect is
def _deliver(entry: OutboxEntry, handler: OutboxHandler) -> None:
    handler.deliver(_effect(entry))


def _effect(entry: OutboxEntry) -> Effect:
    return Effect(
        effect_id=entry.effect_id, kind=entry.kind, payload=entry.payload, attempt=entry.attempts
    )


def describe_failure(error: BaseException) -> str:
    """Return what failed and where, without its message, which may tell an address."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"[:ERROR_LENGTH]


def retry_given_up(*, ids: list[int], now: datetime) -> int:
    """Have entries that were given up tried again from the start; return how many."""
    return OutboxEntry.objects.filter(pk__in=ids, given_up_at__isnull=False).update(
        given_up_at=None, attempts=0, available_at=now
    )


def sweep_outbox(*, now: datetime) -> int:
    """Delete entries long delivered or given up, a bounded number in each transaction."""
    old = OutboxEntry.objects.filter(delivered_at__lt=now - DELIVERED_KEPT_FOR).values(
        "pk"
    ) | OutboxEntry.objects.filter(given_up_at__lt=now - GIVEN_UP_KEPT_FOR).values("pk")
    total = 0
    while True:
        swept, _ = OutboxEntry.objects.filter(pk__in=old[:SWEPT_AT_ONCE]).delete()
        total += swept
        if swept < SWEPT_AT_ONCE:
            return total
