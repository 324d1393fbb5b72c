"""What a test does to the database that the product may not do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
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
