"""The product's database backend, which can also empty tables that refuse to be emptied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.gis.db.backends.postgis.operations import PostGISOperations
from django.db import connection

from common.postgis import base
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole

APPEND_ONLY = """
SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'
"""


class DatabaseOperations(PostGISOperations):
    def sql_flush(
        self,
        style: Any,
        tables: Sequence[str],
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        """
        Delete the rows of the tables that have any.

        TRUNCATE makes a new file for every index of every table: most of a second, after each test.
        """
        if reset_sequences or not tables:
            truncating: list[str] = super().sql_flush(
                style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
            )
            return truncating
        name = self.quote_name
        asked = " UNION ALL ".join(
            f"SELECT {index} WHERE EXISTS (SELECT 1 FROM {name(table)})"
            for index, table in enumerate(tables)
        )
        with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
            cursor.execute(asked)
            filled = [tables[index] for (index,) in cursor.fetchall()]
        # Keys are checked when all is deleted, and before a trigger is put back.
        deleting = [f"DELETE FROM {name(table)}" for table in filled]
        return [*deleting, "SET CONSTRAINTS ALL IMMEDIATE"] if deleting else []

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
