"""Reads of what visits say of places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

import orjson
from django.db import connection

from places.models import CongestionProfile
from places.visits.types import DayClass, OwnProfile

_CLASSES: Final = {one.value: one for one in DayClass}

# Read as JSON, which is ten times as quick as the arrays of the driver: every plan asks for seventy.
_FACTORS: Final = """
SELECT place_id, day_class, array_to_json(factors)::text FROM places_congestionprofile
WHERE place_id = ANY(%s)
"""


def find_newest() -> datetime | None:
    """Return when profiles were last made; None where no place has one. One query."""
    newest = CongestionProfile.objects.order_by("-computed_at")
    return newest.values_list("computed_at", flat=True).first()


def list_factors(*, place_ids: Collection[int]) -> Mapping[int, Mapping[DayClass, Sequence[float]]]:
    """Return how much fuller than their kind places are, by class of days and hour. One query."""
    factors: dict[int, dict[DayClass, Sequence[float]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FACTORS, [list(place_ids)])
        for place_id, day_class, told in cursor.fetchall():
            factors[place_id][_CLASSES[day_class]] = orjson.loads(told)
    return factors


def find_profile(*, place_id: int, day_class: DayClass) -> OwnProfile | None:
    """Return the profile of a place on such days, if enough visits make one. One query."""
    row = CongestionProfile.objects.filter(place_id=place_id, day_class=day_class).first()
    if row is None:
        return None
    return OwnProfile(day_class=day_class, visits=row.visits, factors=row.factors, waits=row.waits)
