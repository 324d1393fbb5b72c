"""The product's database backend, which can also empty tables that refuse to be emptied."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.gis.db.backends.postgis.operations import PostGISOperations
from django.db import connection

from common.postgis import base
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole

APPEND_ONLY = """
SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'
"""


class DatabaseOperations(PostGISOperations):
    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty the tables after a test that committed: as the owner, and without the triggers."""
        with connection.cursor() as cursor:
            cursor.execute(APPEND_ONLY)
            guarded = [table for (table,) in cursor.fetchall()]
        away = [f"ALTER TABLE {table} DISABLE TRIGGER append_only" for table in guarded]
        back = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only" for table in guarded]
        with connected_as(DatabaseRole.OWNER):
            super().execute_sql_flush([*away, *sql_list, *back])


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
