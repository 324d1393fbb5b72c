"""Reads of what visits say of places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from places.models import CongestionProfile
from places.visits.types import DayClass, OwnProfile


def find_newest() -> datetime | None:
    """Return when profiles were last made; None where no place has one. One query."""
    newest = CongestionProfile.objects.order_by("-computed_at")
    return newest.values_list("computed_at", flat=True).first()


def list_profiles(*, place_ids: Collection[int]) -> Mapping[int, Mapping[DayClass, OwnProfile]]:
    """Return the profiles of those places that have one, by their class of days. One query."""
    rows = CongestionProfile.objects.filter(place_id__in=place_ids).values_list(
        "place_id", "day_class", "visits", "factors", "waits"
    )
    profiles: dict[int, dict[DayClass, OwnProfile]] = defaultdict(dict)
    for place_id, day_class, visits, factors, waits in rows:
        own = OwnProfile(day_class=DayClass(day_class), visits=visits, factors=factors, waits=waits)
        profiles[place_id][own.day_class] = own
    return profiles
