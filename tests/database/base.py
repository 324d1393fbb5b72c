"""The product's database backend, which can also empty tables that refuse to be emptied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.gis.db.backends.postgis.operations import PostGISOperations
from django.db import connection
from django.db.models.signals import post_migrate  # noqa: TID251 - Django's own, to be rid of

from common.postgis import base
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole

APPEND_ONLY = """
SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'
"""
# What migrating fills from the models alone, and no test changes: see `keep_permissions`.
KEPT = frozenset({"auth_permission", "django_content_type"})
DELETING = "DELETE FROM "


def keep_permissions() -> None:
    """Leave what stays in the tables out of what follows a flush: four fifths of its time."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


class DatabaseOperations(PostGISOperations):
    def sql_flush(
        self,
        style: Any,
        tables: Sequence[str],
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        """Return how tables are emptied, all at once: keys are checked when all is deleted."""
        tables = [table for table in tables if table not in KEPT]
        if reset_sequences or not tables:
            truncating: list[str] = super().sql_flush(
                style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
            )
            return truncating
        return [f"{DELETING}{self.quote_name(table)}" for table in tables]

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """
        Empty the tables after a test that committed: as the owner, and without the triggers.

        Only those with rows, and by DELETE: TRUNCATE makes a new file for every index of every
        table, most of a second after each test.
        """
        with connected_as(DatabaseRole.OWNER):
            with connection.cursor() as cursor:
                cursor.execute(APPEND_ONLY)
                guarded = [table for (table,) in cursor.fetchall()]
                emptying = list(_leave_out_empty(cursor, list(sql_list)))
            away = [f"ALTER TABLE {table} DISABLE TRIGGER append_only" for table in guarded]
            back = [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only" for table in guarded]
            if emptying:
                # Before a trigger is put back.
                checked = "SET CONSTRAINTS ALL IMMEDIATE"
                super().execute_sql_flush([*away, *emptying, checked, *back])


def _leave_out_empty(cursor: Any, statements: Sequence[str]) -> Iterable[str]:
    deleting = [one for one in statements if one.startswith(DELETING)]
    if not deleting:
        return statements
    asked = " UNION ALL ".join(
        f"SELECT {index} WHERE EXISTS (SELECT 1 FROM {one.removeprefix(DELETING)})"
        for index, one in enumerate(deleting)
    )
    cursor.execute(asked)
    return [deleting[index] for (index,) in cursor.fetchall()]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
