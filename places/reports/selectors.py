"""Reads of what visitors reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from places.models import FactConfidence, Place, PlaceReport
from places.reports.types import Doubt, PlaceFact

if TYPE_CHECKING:
    from django.db.models import QuerySet


def own_reports(*, user_id: int) -> QuerySet[PlaceReport]:
    """Return what a user reported, with the places; pages state the order."""
    return PlaceReport.objects.filter(user_id=user_id).select_related("place")


def list_doubts(*, place: Place) -> Sequence[Doubt]:
    """Return the facts of a place that visitors doubt, by fact. One query."""
    zone = ZoneInfo(place.time_zone)
    found = FactConfidence.objects.filter(place=place, is_doubted=True).order_by("fact")
    return [
        Doubt(
            fact=PlaceFact(row.fact),
            confidence=row.confidence,
            last_seen_on=row.last_seen_at.astimezone(zone).date(),
        )
        for row in found
    ]
