"""Looks for a word everywhere a service keeps anything: database, Redis, files."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.db import connection
from redis import Redis

from common.logs import logging_settings
from common.redis_client import cache_redis

TABLES = """
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
"""


def find_in_database(word: str) -> dict[str, int]:
    """Return how many rows of which tables hold a word: in any column, bytes and JSON too."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for schema, table in cursor.fetchall():
            name = f"{connection.ops.quote_name(schema)}.{connection.ops.quote_name(table)}"
            cursor.execute(
                f"SELECT count(*) FROM {name} AS one"
                " WHERE one::text ILIKE %s OR one::text ILIKE %s",
                [f"%{word}%", f"%{word.encode().hex()}%"],
            )
            (count,) = cursor.fetchone()
            if count:
                found[table] = count
    return found


def find_in_redis(word: str) -> list[str]:
    """Return the keys that hold a word, in their name or in what is under them."""

    def read(client: Redis) -> list[str]:
        return [
            str(key)
            for key in client.scan_iter(count=1000)
            if word in f"{key!r} {_value(client, key)!r}"
        ]

    return cache_redis().ask(read)


def _value(client: Redis, key: bytes) -> object:
    kind = client.type(key)
    readers: dict[str, Callable[[bytes], object]] = {
        # Redis's word for a key that ran out after it was listed: nothing is under it any more.
        "none": lambda _: None,
        "string": client.get,
        "hash": client.hgetall,
        "set": client.smembers,
        "list": lambda name: client.lrange(name, 0, -1),
        "zset": lambda name: client.zrange(name, 0, -1, withscores=True),
        "stream": client.xrange,
    }
    return readers[kind if isinstance(kind, str) else kind.decode()](key)


def find_in_files(word: str, folder: Path) -> list[str]:
    """Return the files that hold a word, in their name or in their bytes; zips must be gone anyway."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and (word in str(path) or word.encode() in path.read_bytes())
    ]


@contextmanager
def captured_logs() -> Iterator[StringIO]:
    """Have every line from INFO up written as the service writes it: JSON, all its fields."""
    settings = logging_settings(level="INFO", as_json=True)
    formatter = settings["formatters"]["structured"]
    kind = formatter.pop("()")
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(kind(**formatter))
    root = logging.getLogger()
    quiet = {name: logging.getLogger(name).level for name in ("", "django", "django.request")}
    for name in quiet:
        logging.getLogger(name).setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        for name, level in quiet.items():
            logging.getLogger(name).setLevel(level)
