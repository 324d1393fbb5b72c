"""Writes the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from analytics.models import AuditEntry
from analytics.services.redacting import redact
from common.acting import Mode, current_acting
from common.addresses import current_address
from common.request_ids import current_request_id


@dataclass(frozen=True)
class Auditing:
    """
    Records what was done, in the transaction of whoever does it: both stand, or neither.

    Where from, and by which request, is known from the request being answered.
    """

    def record(
        self,
        *,
        actor: AbstractBaseUser | None,
        action: str,
        target: Model | type[Model] | None,
        at: datetime,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """
        Record one action on a stored object.

        Of a change only what differs is kept. Secrets are struck out, addresses of mail masked.

        Args:
            actor: who did it; None for the service itself, and for somebody who is not known.
            action: what, as `user.banned`: the kind of object, and what was done to it.
            target: the object, named by its public id where it has one; a class for many of its
                objects at once, None for no object, such as a sign-in that failed.
        """
        if before is not None and after is not None:
            before, after = _differing(before, after), _differing(after, before)
        AuditEntry.objects.create(
            actor_id=None if actor is None else actor.pk,
            acted_as=_mode(actor).value,
            action=action,
            object_type="" if target is None else target._meta.label_lower,
            object_id=_name(target),
            before=redact(before),
            after=redact(after),
            address=current_address(),
            request_id=current_request_id(),
            at=at,
        )


def _differing(values: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    missing = object()
    return {name: value for name, value in values.items() if other.get(name, missing) != value}


def _name(target: Model | type[Model] | None) -> str:
    return str(getattr(target, "public_id", target.pk)) if isinstance(target, Model) else ""


def _mode(actor: AbstractBaseUser | None) -> Mode:
    mode = current_acting().mode
    # What is done for a user is the user's doing, also where the service had to act for itself.
    return Mode.USER if actor is not None and mode != Mode.OPERATOR else mode
