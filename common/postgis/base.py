"""GeoDjango's PostGIS, whose health check costs no question to the server."""

from __future__ import annotations

import select

from django.contrib.gis.db.backends.postgis import base


class DatabaseWrapper(base.DatabaseWrapper):
    """
    A connection to PostgreSQL with PostGIS.

    Django asks `SELECT 1` before the first query of every request. A server that ends a connection says
    so on it: where there is nothing to read, nobody has ended it.
    """

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or bool(super().is_usable())
