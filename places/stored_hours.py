"""
Stored hours as values, read once in a process for each text.

Hours are asked for by what they say, not by whose they are: a brief names the hash of its place's
text, so an edit names another one, and nothing that is kept can be out of date. Texts that say the
same times in other words share one value, read once; the words themselves plan nothing and are left
out of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, Final

import orjson
import structlog
from django.db import connection

from places.opening.types import MalformedHours, OpeningHours

logger = structlog.get_logger(__name__)

HOURS_KEY_BYTES: Final = 16  # of the SHA-256 of their text
NO_HOURS: Final = bytes(HOURS_KEY_BYTES)
KEPT_HIGH: Final = 65_536  # texts and timetables
_WORDS: Final = ("source_text", "notes")

_HOURS: Final = "SELECT id, hours::text FROM places_place WHERE id = ANY(%s::bigint[])"


class Shelf:
    """Hours by the hash of their text, the first ones given up for new ones. Threads share it."""

    def __init__(self, *, high: int = KEPT_HIGH) -> None:
        self._kept: dict[bytes, OpeningHours] = {}
        self._high = high
        self._lock = Lock()

    def find(self, keys: Sequence[bytes]) -> dict[bytes, OpeningHours]:
        """Return those of the hours that are kept."""
        kept = self._kept
        return {key: hours for key in keys if (hours := kept.get(key)) is not None}

    def keep(self, key: bytes, hours: OpeningHours) -> None:
        with self._lock:
            while len(self._kept) >= self._high:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = hours


_SHELF: Final = Shelf()


def list_hours(
    *, pks: Sequence[int], keys: Sequence[bytes], shelf: Shelf = _SHELF
) -> list[OpeningHours | None]:
    """
    Return the hours of places that their briefs name by `keys`; None where nothing is known.

    Those that cannot be read count as unknown, and the log names them. One query where some have
    not been read before.
    """
    found = shelf.find(keys)
    unread = [pk for pk, key in zip(pks, keys, strict=True) if key != NO_HOURS and key not in found]
    read = _read(unread, shelf) if unread else {}
    # A place that was edited since its brief was read has its hours of now.
    return [read.get(pk, found.get(key)) for pk, key in zip(pks, keys, strict=True)]


def _read(pks: Sequence[int], shelf: Shelf) -> Mapping[int, OpeningHours | None]:
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, [f"{{{','.join(map(str, pks))}}}"])
        rows = cursor.fetchall()
    hours: dict[int, OpeningHours | None] = {}
    values: dict[str | None, OpeningHours | None] = {None: None, "null": None}
    for pk, text in rows:
        if text not in values:
            values[text] = _parsed(pk, text, shelf)
            if (value := values[text]) is not None:
                shelf.keep(_key(text.encode()), value)
        hours[pk] = values[text]
    return hours


def _parsed(pk: int, text: str, shelf: Shelf) -> OpeningHours | None:
    said: dict[str, Any] = orjson.loads(text)
    for name in _WORDS:
        said.pop(name, None)
    key = _key(orjson.dumps(said))
    hours = shelf.find([key]).get(key)
    if hours is None:
        try:
            hours = OpeningHours.from_json(said)
        except MalformedHours:
            # Not the reason: it quotes the hours, which may hold the place's position.
            logger.warning("place_hours_malformed", place=pk)
            return None
        shelf.keep(key, hours)
    return hours


def _key(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()[:HOURS_KEY_BYTES]
