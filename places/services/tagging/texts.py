"""The texts of places as a tagger reads them: their names, and what is said of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db import connection

from engine.tagging.types import Document
from places.services.tagging.overlaying import stated_moods

INTRODUCTION_HIGH: Final = 4_000  # characters of each that are read
# Parts of our own description that are a source's classes and counts, and no words about the place.
_CLASSES: Final = ("음식 ", "취급 품목 ", "점포 ", "지정 유산 ", "넓이 ")
_COLUMNS: Final = """
SELECT p.id, p.names, p.has_romanised_name, p.description, p.category, p.currency, p.mood_scores,
    told.texts, coalesce(r.checksum, '')
FROM places_place p
LEFT JOIN places_placereading r ON r.place_id = p.id AND r.source = 'text'
LEFT JOIN LATERAL (
    SELECT array_agg(left(c.draft ->> 'introduction', %(high)s)
        ORDER BY c.role <> 'lead', ps.source_id, ps.external_ref) AS texts
    FROM places_placesource ps
    JOIN raw_ingestion.clean_places c ON c.source = ps.source_id AND c.ref = ps.external_ref
    WHERE ps.place_id = p.id AND c.city = p.city_id AND NOT c.is_gone
        AND c.role IN ('lead', 'merged') AND coalesce(c.draft ->> 'introduction', '') <> ''
) told ON true
"""
_NEXT: Final = f"""{_COLUMNS}
WHERE p.city_id = %(city)s AND p.is_active AND p.id > %(after)s ORDER BY p.id LIMIT %(limit)s
"""
_OF: Final = f"{_COLUMNS} WHERE p.id = ANY(%(ids)s) ORDER BY p.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTexts:
    """What there is to read of a place, and a checksum of it as it was read last."""

    place_id: int
    names: tuple[str, ...]
    description: str
    introductions: tuple[str, ...]  # of the records that make it, the lead's first
    category: str
    currency: str
    stated: frozenset[str]  # moods that its sources state
    checksum: str  # "" where it was never read

    @property
    def document(self) -> Document:
        """Return it as a tagger takes it."""
        description = "\n".join(filter(None, (_prose(self.description), *self.introductions)))
        return Document(names=self.names, description=description, category=self.category)

    def checksum_for(self, label: str, *, known: Collection[str]) -> str:
        """Return a checksum of all that a reading depends on: the texts, the tagger and the tags."""
        read = [
            label, sorted(known), self.names, self.document.description, self.category,
            self.currency, sorted(self.stated),
        ]  # fmt: skip
        return hashlib.sha256(orjson.dumps(read)).hexdigest()


def list_next_texts(*, city: str, after: int, limit: int) -> list[PlaceTexts]:
    """Return the texts of the city's next active places behind the key `after`. One query."""
    return list(_fetch(_NEXT, {"city": city, "after": after, "limit": limit}))


def list_texts(*, place_ids: Sequence[int]) -> list[PlaceTexts]:
    """Return the texts of these places, by key. One query."""
    return list(_fetch(_OF, {"ids": list(place_ids)}))


def _fetch(sql: str, parameters: Mapping[str, Any]) -> Iterator[PlaceTexts]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"high": INTRODUCTION_HIGH, **parameters})
        rows = cursor.fetchall()
    for pk, names, is_romanised, description, category, currency, moods, told, checksum in rows:
        said = _json(names)
        shown = (said["ko"],) if is_romanised else (said["ko"], said["en"])
        yield PlaceTexts(
            place_id=pk,
            names=tuple(dict.fromkeys(shown)),
            description=description,
            introductions=tuple(dict.fromkeys(told or ())),
            category=category,
            currency=currency,
            stated=frozenset(stated_moods({"mood_scores": _json(moods)})),
            checksum=checksum,
        )


def _prose(description: str) -> str:
    """Return what our own description says beyond where the place lies and what class it is of."""
    parts = description.split(" · ")[1:]
    return " · ".join(part for part in parts if not part.startswith(_CLASSES))


def _json(value: Any) -> Any:
    """Return a JSON column as values: a cursor of Django's hands it over as text."""
    return orjson.loads(value) if isinstance(value, str) else value
