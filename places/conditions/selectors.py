"""Reads of the conditions outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from django.db import connection

from common.acting import NOBODY, acting
from engine.types import Weather
from places.conditions.cells import PER_DEGREE, Cell
from places.conditions.models import ConditionKind, ExternalCondition
from places.conditions.types import CrowdedArea, Forecast, HourForecast

CROWDS_HOLD: Final = timedelta(hours=3)  # of what was told of the hours to come

_CELLS: Final = """
SELECT DISTINCT floor(ST_Y(location) * %(per_degree)s)::int, floor(ST_X(location) * %(per_degree)s)::int
FROM places_place WHERE city_id = %(city)s AND is_active ORDER BY 1, 2
"""


def list_cells_with_places(*, city: str) -> Sequence[Cell]:
    """Return the cells of a city that have active places. One query, over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, {"per_degree": PER_DEGREE, "city": city})
        return [Cell(*row) for row in cursor.fetchall()]


# Asked by every second question: to compose it by the ORM, and to read an area with it, takes longer
# than to answer it.
_FORECAST: Final = """
SELECT source, payload::text, fetched_at FROM places_externalcondition WHERE kind = %s AND key = %s
"""


@acting(NOBODY)
def find_forecast(*, cell: Cell) -> tuple[Forecast, datetime] | None:
    """Return the last forecast of a cell and when it was fetched. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FORECAST, [ConditionKind.WEATHER.value, cell.key])
        row = cursor.fetchone()
    if row is None:
        return None
    source, payload, fetched_at = row
    hours = [_hour(hour) for hour in orjson.loads(payload)["hours"]]
    return Forecast(position=cell.centre, source=source, hours=hours), fetched_at


def list_crowded_areas(*, now: datetime) -> Sequence[CrowdedArea]:
    """Return the areas of which something is told beyond `now`, as of the last hours. One query."""
    rows = ExternalCondition.objects.of_kind(ConditionKind.CROWDING).filter(
        valid_to__gt=now, fetched_at__gt=now - CROWDS_HOLD
    )
    return [
        CrowdedArea(
            name=row.payload["name"],
            outline=row.area,
            fetched_at=row.fetched_at,
            hours=[
                (datetime.fromisoformat(hour["at"]), hour["level"]) for hour in row.payload["hours"]
            ],
        )
        for row in rows.order_by("key")
    ]


def _hour(hour: dict[str, Any]) -> HourForecast:
    return HourForecast(
        starts_at=datetime.fromisoformat(hour["at"]),
        sky=Weather(hour["sky"]),
        feels_like_c=hour["feels_like_c"],
        precipitation_mm=hour["precipitation_mm"],
        chance=hour["chance"],
    )
