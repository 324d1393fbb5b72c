"""What is written anywhere, so that a test can show that nothing was."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from django.db import connection, transaction
from django.test import TestCase
from redis import Redis

from common.redis_client import cache_redis, redis_key

Answer = TypeVar("Answer")

# Counts and sessions' own bookkeeping: not what a request is about.
UNCOUNTED_KEYS = ("limit:",)

# PostgreSQL's own count, of a transaction that is open: each row that was inserted, changed or
# deleted in it, taken back or not, whoever may see it. A refusal does not so much as try to write.
ROWS_WRITTEN = """
SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
                + pg_stat_get_xact_tuples_deleted(oid)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def find_writes(work: Callable[[], Answer]) -> tuple[Answer, list[str]]:
    """
    Return what `work` returns, and the names of the tables and of the keys in Redis it wrote.

    What waits for a commit is done too. Keys that count for limits are left out.
    """
    rows, keys = _count_rows(), _list_keys()
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = work()
    return answer, sorted([*(_count_rows() - rows), *(_list_keys() ^ keys)])


def taking_back(work: Callable[[], Answer]) -> Answer:
    """Return what `work` returns, and let the database be as it was before."""
    before = transaction.savepoint()
    try:
        return work()
    finally:
        transaction.savepoint_rollback(before)


def _count_rows() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS_WRITTEN)
        return Counter(dict(cursor.fetchall()))


def _list_keys() -> frozenset[str]:
    def read(client: Redis) -> frozenset[str]:
        names = [key.decode() for key in client.scan_iter(match=redis_key("*"), count=1000)]
        own = [name.removeprefix(redis_key("")) for name in names]
        return frozenset(name for name in own if not name.startswith(UNCOUNTED_KEYS))

    found: frozenset[str] = cache_redis().ask(read)
    return found
