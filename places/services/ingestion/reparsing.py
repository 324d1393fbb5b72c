"""Reads the raw records again, for a parser that has learnt something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import orjson
from django.db import connection

from places.services.ingestion.checking import UNREADABLE
from places.types import Row

PAGE: Final = 5_000

_PAGE: Final = """
SELECT id, external_ref, position, payload::text FROM raw_ingestion.records
WHERE source = %s AND city = %s AND id > %s AND gone_at IS NULL AND external_ref NOT LIKE %s
    AND (%s OR parser_version <> %s)
ORDER BY id LIMIT %s
"""


def reparsed(
    *, source: str, city: str, version: int, is_forced: bool, after: int = 0
) -> Iterator[Row]:
    """
    Yield the raw records behind the id `after` that another version of the parser cleaned.

    All of them where `is_forced`. Nothing but what is kept is read.
    """
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                _PAGE, [source, city, after, f"{UNREADABLE}-%", is_forced, version, PAGE]
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for raw_id, ref, position, payload in rows:
            yield Row(position, orjson.loads(payload), ref=ref, cursor={"id": raw_id})
        after = rows[-1][0]
