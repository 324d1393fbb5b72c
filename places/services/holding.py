"""One after the other: what writes many places of a city at once holds the city while it does."""

from typing import Final

from django.db import connection

_HOLD: Final = "SELECT pg_advisory_xact_lock(hashtextextended('places/' || %s, 0))"


def hold_city(*, city: str) -> None:
    """Wait until nobody else holds the city, and hold it until the open transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [city])
