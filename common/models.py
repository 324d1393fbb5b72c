"""What the kernel itself keeps: effects to bring about, and answers that may be asked for again."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.db.models.lookups import In
from uuid_utils.compat import uuid7


class OutboxQuerySet(models.QuerySet["OutboxEntry"]):
    def waiting(self) -> Self:
        """Keep the entries that are neither delivered nor given up."""
        return self.filter(delivered_at__isnull=True, given_up_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Keep the waiting entries whose moment has come."""
        return self.waiting().filter(available_at__lte=now)


class OutboxEntry(models.Model):
    """
    One effect to bring about once the change it belongs to is committed.

    `effect_id` is the same at every attempt. The payload may hold an address, so it is emptied on
    delivery; `about_user_id` is the person whose data it holds, where it is somebody's.
    """

    effect_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - NULLs never collide
    about_user_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    available_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True, default="")

    objects = OutboxQuerySet.as_manager()

    class Meta:
        db_table = "common_outbox"
        verbose_name_plural = "outbox entries"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"], name="outbox_dedupe_key_unique_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(given_up_at__isnull=True),
                name="outbox_delivered_or_given_up",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(payload={}),
                name="outbox_payload_emptied_on_delivery",
            ),
            models.CheckConstraint(
                condition=In(
                    Func(F("payload"), function="jsonb_typeof", output_field=models.TextField()),
                    ["object"],
                ),
                name="outbox_payload_is_an_object",
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=Q(delivered_at__isnull=True, given_up_at__isnull=True),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["about_user_id"],
                condition=Q(about_user_id__isnull=False),
                name="outbox_about_user",
            ),
            models.Index(fields=["created_at"], name="outbox_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effect_id}"


class StoredAnswer(models.Model):
    """The answer to a request that came with an Idempotency-Key; `body` is encrypted."""

    caller = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "common_idempotency_keys"
        constraints = [
            models.UniqueConstraint(
                fields=["caller", "key_hash"], name="idempotency_keys_unique_per_caller"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_keys_created_at")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key_hash[:8]}"
