"""What is written anywhere, so that a test can show that nothing was."""

from collections.abc import Mapping

from django.db import connection
from redis import Redis

from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from common.redis_client import cache_redis, redis_key

# Counts and sessions' own bookkeeping: not what a request is about.
UNCOUNTED_KEYS = ("limit:",)


def read_everything() -> Mapping[str, str]:
    """
    Return a digest of each table, and of the keys in Redis but those of limits.

    The tables are read as their owner: row security hides from the app what is not its user's, and
    what is hidden would look unchanged.
    """
    return _digest_tables() | _digest_redis()


def _digest_tables() -> dict[str, str]:
    with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        rows = " UNION ALL ".join(
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"
            f' FROM "{table}" t'
            for table in tables
        )
        cursor.execute(rows)
        return dict(cursor.fetchall())


def _digest_redis() -> dict[str, str]:
    def read(client: Redis) -> dict[str, str]:
        names = [key.decode() for key in client.scan_iter(match=redis_key("*"), count=1000)]
        own = [name.removeprefix(redis_key("")) for name in names]
        return {name: "kept" for name in own if not name.startswith(UNCOUNTED_KEYS)}

    found: dict[str, str] = cache_redis().ask(read)
    return found
