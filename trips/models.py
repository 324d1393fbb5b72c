"""Trips: a recommended course of stops, from suggestion to completion."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from engine.types import CardKind, Mode


class TripStatus(models.TextChoices):
    SUGGESTED = "suggested"
    SAVED = "saved"
    ACTIVE = "active"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


# A question's position stands in the suggestions that answered it, and no longer than this.
SUGGESTED_FOR = timedelta(days=1)


class TripQuerySet(models.QuerySet["Trip"]):
    def outdated(self, *, now: datetime) -> Self:
        """Keep the suggestions whose day is over and that nobody saved."""
        return self.filter(status=TripStatus.SUGGESTED, created_at__lte=now - SUGGESTED_FOR)

    def visible_to(self, traveller_id: int, *, now: datetime) -> Self:
        """Keep what a traveller may see: an outdated suggestion is gone, swept or not."""
        mine = self.filter(traveller_id=traveller_id)
        return mine.exclude(status=TripStatus.SUGGESTED, created_at__lte=now - SUGGESTED_FOR)


class Trip(models.Model):
    """One course of ordered stops. A card of a recommendation is a trip still `suggested`."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    traveller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trips"
    )
    context = models.JSONField()
    context_hash = models.CharField(max_length=64)
    variant = models.CharField(max_length=16, choices=[(kind, kind) for kind in CardKind])
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    duration_min = models.PositiveIntegerField()
    cost_low = models.PositiveIntegerField()
    cost_high = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    mode = models.CharField(max_length=8, choices=[(mode, mode) for mode in Mode])
    scores = models.JSONField()
    status = models.CharField(max_length=16, choices=TripStatus, default=TripStatus.SUGGESTED)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TripQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_high__gte=F("cost_low")), name="trip_costs_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="trip_ends_after_it_started",
            ),
            models.CheckConstraint(
                condition=Q(status__in=TripStatus.values), name="trip_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["context_hash"], name="trip_context_hash"),
            models.Index(
                fields=["created_at"],
                condition=Q(status=TripStatus.SUGGESTED),
                name="trip_suggested_created_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TripNode(models.Model):
    """One stop of a trip."""

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="nodes")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    arrives_at = models.DateTimeField()
    planned_stay_min = models.PositiveIntegerField()
    transition_mode = models.CharField(max_length=8, choices=[(mode, mode) for mode in Mode])
    travel_min = models.FloatField()
    travel_m = models.FloatField()
    cost_low = models.PositiveIntegerField()
    cost_high = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    notes = models.TextField(blank=True, default="")
    is_locked = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trip", "sequence"],
                name="trip_node_sequence_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(cost_high__gte=F("cost_low")), name="trip_node_costs_in_order"
            ),
            models.CheckConstraint(
                condition=Q(travel_min__gte=0, travel_m__gte=0),
                name="trip_node_travel_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="trip_node_left_after_arriving",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.place_id}"


class CachedAnswer(models.Model):
    """An answer kept for half a minute in the database, for when Redis is away."""

    context_hash = models.CharField(max_length=64, primary_key=True)
    payload = models.BinaryField()
    valid_until = models.DateTimeField()

    class Meta:
        db_table = "trips_trip_cache"
        indexes = [models.Index(fields=["valid_until"], name="trip_cache_valid_until")]

    def __str__(self) -> str:
        return self.context_hash
