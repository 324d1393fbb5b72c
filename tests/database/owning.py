"""What a test does to the database that the product may not do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from common.postgis.base import DatabaseWrapper
from common.postgis.roles import DatabaseRole


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    """Yield a cursor of the tables' owner, over a connection beside the test's own transaction."""
    beside = connections.create_connection("default")
    assert isinstance(beside, DatabaseWrapper)
    with beside.signed_in_as(DatabaseRole.OWNER), beside.cursor() as cursor:
        yield cursor


def let_tests_analyse() -> None:
    """
    Let a test have tables analysed as they are within its transaction.

    Only their owner may ANALYZE; anybody else is warned, and the planner goes on guessing.
    """
    with as_owner() as owner:
        owner.execute("CREATE SCHEMA IF NOT EXISTS tests")
        owner.execute("GRANT USAGE ON SCHEMA tests TO PUBLIC")
        owner.execute(
            "CREATE OR REPLACE FUNCTION tests.analyse(what regclass) RETURNS void"
            " LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN EXECUTE format('ANALYZE %s', what); END $$"
        )
        owner.execute(
            "CREATE OR REPLACE FUNCTION tests.reindex(what regclass) RETURNS void"
            " LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$ BEGIN EXECUTE format('REINDEX TABLE %s', what); END $$"
        )


def analyse(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tests.analyse(%s::regclass)", [table])


def reindex(table: str) -> None:
    """Make indexes of their true size, without what others' rollbacks left in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tests.reindex(%s::regclass)", [table])
