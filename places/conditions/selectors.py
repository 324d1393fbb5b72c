"""Reads of the conditions outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection

from engine.types import Weather
from places.conditions.cells import PER_DEGREE, Cell
from places.conditions.models import ConditionKind, ExternalCondition
from places.conditions.types import Forecast, HourForecast

_CELLS: Final = """
SELECT DISTINCT floor(ST_Y(location) * %(per_degree)s)::int, floor(ST_X(location) * %(per_degree)s)::int
FROM places_place WHERE city_id = %(city)s AND is_active ORDER BY 1, 2
"""


def list_cells_with_places(*, city: str) -> Sequence[Cell]:
    """Return the cells of a city that have active places. One query, over all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, {"per_degree": PER_DEGREE, "city": city})
        return [Cell(*row) for row in cursor.fetchall()]


def find_forecast(*, cell: Cell) -> tuple[Forecast, datetime] | None:
    """Return the last forecast of a cell and when it was fetched. One query."""
    row = ExternalCondition.objects.of_kind(ConditionKind.WEATHER).filter(key=cell.key).first()
    if row is None:
        return None
    hours = [_hour(hour) for hour in row.payload["hours"]]
    return Forecast(position=cell.centre, source=row.source, hours=hours), row.fetched_at


def _hour(hour: dict[str, Any]) -> HourForecast:
    return HourForecast(
        starts_at=datetime.fromisoformat(hour["at"]),
        sky=Weather(hour["sky"]),
        feels_like_c=hour["feels_like_c"],
        precipitation_mm=hour["precipitation_mm"],
        chance=hour["chance"],
    )
