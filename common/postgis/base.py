"""
GeoDjango's PostGIS, which tells the server for whom it is asked.

Its health check costs no question to the server, and neither does the telling: it travels in front of
the first statement of a transaction.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.gis.db.backends.postgis import base
from django.db import connections, transaction
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.transaction import TransactionManagementError
from django.db.utils import DEFAULT_DB_ALIAS
from psycopg import sql
from psycopg.pq import TransactionStatus

from common.acting import NOBODY, SYSTEM, Acting, acting, current_acting
from common.postgis.roles import DatabaseRole, settings_of


@contextmanager
def connected_as(role: DatabaseRole, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """
    Ask as another role inside the block, over a connection of its own.

    Maintenance acts for the system; where nobody signs in as that role here, the app does its work.

    Raises:
        TransactionManagementError: a transaction is open, which no other role could go on with.
    """
    wrapper = connections[using]
    if not isinstance(wrapper, DatabaseWrapper):
        raise TypeError(f"The database {using} has another backend than common.postgis.")
    with (
        acting(SYSTEM if role is DatabaseRole.MAINTENANCE else NOBODY),
        wrapper.signed_in_as(role),
    ):
        yield


class TellingCursor(CursorWrapper):
    """
    Tells, in front of a statement, for whom it is asked, where the transaction does not know yet.

    Both go as one message, which PostgreSQL runs in one transaction: outside of an explicit one what
    was told ends with the statement.
    """

    db: DatabaseWrapper

    def _execute(self, query: Any, params: Any, *ignored: Any) -> Any:
        telling = self.db.find_untold()
        if telling is None:
            return super()._execute(query, params, *ignored)  # type: ignore[misc] # the stubs leave it out
        if hasattr(self.cursor, "name"):  # of the server: its query stands inside a DECLARE
            self.db.tell(telling)
            return super()._execute(query, params, *ignored)  # type: ignore[misc] # the stubs leave it out
        head = f"{telling.statement};\n"
        whole = sql.SQL(head) + query if isinstance(query, sql.Composable) else head + query
        answer = super()._execute(whole, params, *ignored)  # type: ignore[misc] # the stubs leave it out
        self.cursor.nextset()
        self.db.note_told(telling)
        return answer

    def _executemany(self, query: Any, params: Any, *ignored: Any) -> Any:
        with transaction.atomic(using=self.db.alias, savepoint=False):
            telling = self.db.find_untold()
            if telling is not None:
                self.db.tell(telling)
            return super()._executemany(query, params, *ignored)  # type: ignore[misc] # the stubs leave it out


class TellingDebugCursor(TellingCursor, CursorDebugWrapper):
    """The same, and keeps the statements for whoever debugs."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL with PostGIS."""

    # For whom the open transaction was told that it is; None where a rollback may have taken it back.
    _told: Acting | None = NOBODY

    def is_usable(self) -> bool:
        # Django asks `SELECT 1` before the first query of every request. A server that ends a
        # connection says so on it: where there is nothing to read, nobody has ended it.
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or bool(super().is_usable())

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return TellingCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        return TellingDebugCursor(cursor, self)

    def chunked_cursor(self) -> Any:
        # A cursor that outlives its statement would forget for whom it reads.
        if self.get_autocommit() and current_acting() != NOBODY:
            return self.cursor()
        return super().chunked_cursor()

    def find_untold(self) -> Acting | None:
        """Return for whom the next statement is, if its transaction has not been told."""
        wanted, status = current_acting(), self.connection.pgconn.transaction_status
        if status == TransactionStatus.IDLE:
            self._told = NOBODY
        is_known = wanted == self._told or status == TransactionStatus.INERROR
        return None if is_known else wanted

    def tell(self, telling: Acting) -> None:
        """Tell by a statement of its own, in an open transaction."""
        with self.connection.cursor() as cursor:
            cursor.execute(telling.statement)
        self.note_told(telling)

    def note_told(self, telling: Acting) -> None:
        self._told = telling

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc] # the stubs leave it out
        self._told = None

    @contextmanager
    def signed_in_as(self, role: DatabaseRole) -> Iterator[None]:
        """Be connected as `role` inside the block, where somebody signs in as that role here."""
        before, other = self.settings_dict, settings_of(role, self.settings_dict)
        if other is None:
            yield
            return
        if self.in_atomic_block or (self.connection is not None and not self.get_autocommit()):
            raise TransactionManagementError(f"A transaction is open: {role} cannot go on with it.")
        self.close()
        self.settings_dict = other
        try:
            yield
        finally:
            self.close()
            self.settings_dict = before

    @contextmanager
    def _nodb_cursor(self) -> Iterator[CursorWrapper]:
        # What makes and drops the database of the tests.
        with self.signed_in_as(DatabaseRole.OWNER), super()._nodb_cursor() as cursor:
            yield cursor
