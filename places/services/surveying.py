"""
What the database's planner knows of the tables of places, brought up to date behind a bulk of them.

The database notices by itself that a table has grown, but a minute or more later. Until then it takes it for
as small as it was, and goes through all of it instead of asking an index. Only who owns the tables can
have it look earlier: behind a worker that signs in as the app that minute passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog
from django.db import connection

from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole

logger = structlog.get_logger(__name__)

TABLES: Final = (
    "places_place",
    "places_placebrief",
    "places_placelisting",
    "places_placesource",
    "places_nameword",
    "places_area",
)
# -1: it never looked.
_KNOWN: Final = """
SELECT reltuples, pg_has_role(relowner, 'USAGE') FROM pg_class
WHERE oid = 'places_placelisting'::regclass
"""


@dataclass(frozen=True)
class TableSurvey:
    """Has the planner look at the tables anew where much of them has changed."""

    many: int = 1_000  # of fewer changes it need not know
    share: float = 0.1  # of the places it knows of; from a tenth on the database looks by itself

    def run(self, *, changed: int) -> bool:
        """
        Survey the tables if so many new and changed places are many; tell whether it was done.

        Some seconds for a million places. Call outside of transactions; within one, nothing is done.
        """
        if changed < self.many or connection.in_atomic_block:
            return False
        with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
            cursor.execute(_KNOWN)
            known, is_owned = cursor.fetchone()
            if not is_owned or changed < self.share * known:
                return False
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        logger.info("places_surveyed", changed=changed)
        return True
