"""Closes events when their last day is over, by the clock of their place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

SOURCE: Final = "the calendar"  # who closed it, in the sync log

# An operator who says that a place is open is believed, unless it was he who said until when.
# No clock is more than a day ahead of ours: that much the index of last days can answer.
_CLOSE: Final = """
WITH over AS (
    UPDATE places_place SET is_active = false, closed_at = %(now)s, updated_at = %(now)s
    WHERE is_active AND valid_until < (%(now)s AT TIME ZONE time_zone)::date
        AND valid_until < (%(now)s)::date + 1
        AND (NOT 'is_active' = ANY(edited_fields) OR 'valid_until' = ANY(edited_fields))
    RETURNING id
)
INSERT INTO places_placesynclog (place_id, source, diff, at)
SELECT id, %(source)s, '{"is_active": [true, false]}', %(now)s FROM over
"""


@dataclass(frozen=True)
class PastEvents:
    """What was there on some days only, and is over."""

    def close(self, *, now: datetime) -> int:
        """Close the events whose last day is past where they are; return how many there were."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CLOSE, {"now": now, "source": SOURCE})
            return int(cursor.rowcount)
