"""
The index of what places mean, which a bulk of new places is stored without and which is then made anew.

To take a vector into it costs more than all else of a new place; to make it of all at once is several
times quicker. Only who owns the tables can: a worker that signs in as the app leaves it as it is. While
it is away, a search goes by names, and compares the best known of a kind that it names
(`places.search.meant`); a run that was killed meanwhile leaves it to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.db import connection

from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole

logger = structlog.get_logger(__name__)

NAME: Final = "brief_vector_hnsw"
# True in SQL where the index is whole.
STANDS: Final = (
    f"EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('{NAME}') AND indisvalid)"
)
MEMORY: Final = "1GB"  # what does not fit is made on disk, which takes many times as long
_OWNED: Final = """
SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'places_placebrief'::regclass
"""
_MAKE: Final = f"""
CREATE INDEX CONCURRENTLY {NAME} ON places_placebrief USING hnsw (vector halfvec_cosine_ops)
"""
_DROP: Final = f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}"


@dataclass(frozen=True)
class VectorIndex:
    """Has the index out of the way of many new places, and made again."""

    many: int = 2_000  # fewer are taken in within four seconds, and a search goes on by meaning
    share: float = 0.5  # of the places stored; a third would take as long either way

    def is_better_made_anew(self, *, new: int) -> bool:
        """Tell whether so many new places are many beside those that are stored."""
        if new < self.many:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM places_placebrief WHERE vector IS NOT NULL")
            (stored,) = cursor.fetchone()
        return bool(new >= self.share * stored)

    def stands(self) -> bool:
        """Tell whether the index is there and whole."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {STANDS}")
            return bool(cursor.fetchone()[0])

    def set_aside(self) -> bool:
        """Drop the index, if this process may; tell whether it is away."""
        with self._owning() as cursor:
            if cursor is None:
                return False
            cursor.execute(_DROP)
        logger.info("vector_index_set_aside")
        return True

    def restore(self) -> bool:
        """Make the index if it is missing or half made, and this process may; tell whether it stands."""
        if self.stands():
            return True
        with self._owning() as cursor:
            if cursor is None:
                logger.warning(
                    "vector_index_missing", hint="DATABASE_OWNER_URL manage.py encode_places"
                )
                return False
            cursor.execute(_DROP)  # what a crash left of it
            cursor.execute(f"SET maintenance_work_mem = '{MEMORY}'")
            cursor.execute(_MAKE)
        logger.info("vector_index_restored")
        return True

    @contextmanager
    def _owning(self) -> Iterator[Any]:
        """Yield a cursor of who owns the places, or None where that is nobody here, or is at it already."""
        if connection.in_atomic_block:  # an index is dropped and made outside of transactions
            yield None
            return
        with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
            cursor.execute(_OWNED)
            (is_owned,) = cursor.fetchone()
            if is_owned:
                cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [NAME])
                (is_owned,) = cursor.fetchone()
            yield cursor if is_owned else None  # the lock ends with the connection
