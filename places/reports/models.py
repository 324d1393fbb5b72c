"""What visitors reported of places, and what that leaves of the belief in each fact."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from places.reports.types import PlaceFact, ReportKind, ReportStatus

KINDS = [kind.value for kind in ReportKind]
STATUSES = [status.value for status in ReportStatus]
FACTS = [fact.value for fact in PlaceFact]


def _within_unit(field: str) -> Q:
    return Q(**{f"{field}__gte": 0, f"{field}__lte": 1})


class PlaceReport(models.Model):
    """
    What one person found to be otherwise at a place; saying it again renews it.

    Whoever left is nobody here, and what they reported still counts by the weight it had.
    """

    NOTE_LENGTH: ClassVar[int] = 500

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    status = models.CharField(
        max_length=16, choices=[(one, one) for one in STATUSES], default=ReportStatus.OPEN.value
    )
    seen_at = models.DateTimeField()
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, default="")
    # The record that led the place when it came to make another one; "": it never did.
    record_source = models.CharField(max_length=48, blank=True, default="", db_default="")
    record_ref = models.CharField(max_length=120, blank=True, default="", db_default="")
    weight = models.FloatField()  # of who reports, when this place was last judged
    reported_at = models.DateTimeField()
    said_at = models.DateTimeField()  # the last time
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "place", "kind"],
                condition=Q(status=ReportStatus.OPEN.value),
                name="place_report_one_open_a_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="place_report_kind_is_known"),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.OPEN.value, ended_at__isnull=True)
                | Q(status__in=STATUSES[1:], ended_at__isnull=False),
                name="place_report_ends_with_its_status",
            ),
            models.CheckConstraint(
                condition=_within_unit("weight"), name="place_report_weight_within_unit"
            ),
            models.CheckConstraint(
                condition=Q(said_at__gte=F("reported_at")), name="place_report_said_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class FactConfidence(models.Model):
    """How far one fact of a place is believed after what was reported; no row where nothing was."""

    place = models.ForeignKey(  # the index of the constraint begins with it
        "places.Place", on_delete=models.CASCADE, related_name="confidences", db_index=False
    )
    fact = models.CharField(max_length=16, choices=[(fact, fact) for fact in FACTS])
    confidence = models.FloatField()
    reporters = models.PositiveIntegerField()  # independent ones
    is_doubted = models.BooleanField()
    last_seen_at = models.DateTimeField()
    judged_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "fact confidences"
        constraints = [
            models.UniqueConstraint(fields=["place", "fact"], name="fact_confidence_one_a_fact"),
            models.CheckConstraint(
                condition=Q(fact__in=FACTS), name="fact_confidence_fact_is_known"
            ),
            models.CheckConstraint(
                condition=_within_unit("confidence"), name="fact_confidence_within_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} of {self.place_id}: {self.confidence:.2f}"
