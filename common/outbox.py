"""
Effects that must not be lost: recorded in the transaction of the change, brought about after it.

An app adds a handler for each kind of effect in its `ready()`; a service records effects; the relay
(`common/relaying.py`) delivers them. No order is promised between two entries: where one effect
must follow another, the first one's handler records the second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from celery.exceptions import OperationalError
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from uuid_utils.compat import uuid7

from .models import OutboxEntry
from .registries import Registry

logger = structlog.get_logger(__name__)

# Later beat has relayed anyway: kicks that piled up while workers were away are dropped.
KICK_EXPIRES_S = 30


@dataclass(frozen=True)
class Effect:
    """What a handler is given. `effect_id` is the same at every attempt: pass it on outside."""

    effect_id: UUID
    kind: str
    payload: Mapping[str, Any]
    attempt: int


@dataclass(frozen=True)
class OutboxHandler:
    """
    Brings about the effects of the kind `name`; it raises whatever went wrong. It is called for nobody:
    what it does for a user it does `acting_as` them.

    Where `is_in_database`, the whole effect is in our database: it runs in the transaction that
    marks the entry delivered, so it happens exactly once. Else (a mail, a push) it happens at least
    once: when a process dies between the sending and the mark, again after `lease`, with the same
    `effect_id`. `lease` must be longer than `deliver` can take.
    """

    name: str
    deliver: Callable[[Effect], None]
    is_in_database: bool
    lease: timedelta = timedelta(minutes=2)


outbox_handlers: Registry[OutboxHandler] = Registry()


def record(
    *,
    kind: str,
    payload: Mapping[str, Any],
    dedupe_key: str | None = None,
    about_user_id: int | None = None,
    not_before: datetime | None = None,
) -> bool:
    """
    Record an effect in the transaction that is open, and have it delivered once that commits.

    `payload` is a JSON object: ids, and no more of a person than the effect needs. Of entries of a
    kind with the same `dedupe_key` only the first counts for as long as it is kept (a week after
    delivery); returns whether this one did. `about_user_id` says whose data the payload holds, so
    that leaving erases it.

    Raises:
        TransactionManagementError: no transaction is open, so the effect could not belong to one.
        ValueError: no handler knows this kind.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("An effect is recorded in the transaction of its change.")
    if kind not in {handler.name for handler in outbox_handlers}:
        raise ValueError(f"No outbox handler is registered for {kind!r}.")
    entry = OutboxEntry(
        effect_id=uuid7(),
        kind=kind,
        payload=dict(payload),
        dedupe_key=dedupe_key,
        about_user_id=about_user_id,
    )
    if not_before is not None:
        entry.available_at = not_before
    OutboxEntry.objects.bulk_create([entry], ignore_conflicts=dedupe_key is not None)
    is_first = dedupe_key is None or OutboxEntry.objects.filter(effect_id=entry.effect_id).exists()
    if is_first:
        transaction.on_commit(kick)
    return is_first


def kick() -> None:
    """Ask a worker to relay now. When the broker is away, the entry waits for beat's next round."""
    from .tasks import relay_outbox  # it imports the relay, which imports this module

    try:
        relay_outbox.apply_async(expires=KICK_EXPIRES_S, retry=False)
    except OperationalError as error:
        logger.warning("outbox_not_kicked", error=type(error).__name__)
