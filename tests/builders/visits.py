"""Makes counted days of places, without the visits behind them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from places.models import Place, PlaceCongestionDaily
from places.visits.types import HOURS

SATURDAY = date(2026, 11, 21)


def make_day(
    *, place: Place, hours: Mapping[int, int], day: date = SATURDAY, **fields: Any
) -> PlaceCongestionDaily:
    """Return a stored day; who is there in an hour arrives in it, unless said otherwise."""
    defaults = {
        "hour_profile": [hours.get(hour, 0) for hour in range(HOURS)],
        "visitors_count": sum(hours.values()),
    }
    return PlaceCongestionDaily.objects.create(place=place, date=day, **(defaults | fields))


def make_saturdays(*, place: Place, hours: Mapping[int, int], days: int = 5, **fields: Any) -> None:
    """Store so many Saturdays alike, up to SATURDAY."""
    for week in range(days):
        make_day(place=place, hours=hours, day=SATURDAY - timedelta(weeks=week), **fields)
