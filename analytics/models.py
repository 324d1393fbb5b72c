"""The audit log: who did what to what, from where, and what it was before."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from common.acting import Mode


class AuditEntry(models.Model):
    """
    One thing done by an operator, or one change of what is protected. A trigger keeps every entry.

    The actor is no constraint: an entry outlives whatever it names.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    acted_as = models.CharField(
        max_length=8, choices=[(mode.value, mode.name.lower()) for mode in Mode]
    )
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    address = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_log"
        verbose_name = "audit entry"
        verbose_name_plural = "audit log"
        constraints = [
            models.CheckConstraint(
                condition=Q(action__regex=r"^[a-z_]+(\.[a-z_]+)+$"), name="audit_action_is_dotted"
            ),
            models.CheckConstraint(
                condition=Q(acted_as__in=[mode.value for mode in Mode]), name="audit_mode_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["object_type", "object_id", "at"], name="audit_object_at"),
            models.Index(fields=["actor", "at"], name="audit_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"
