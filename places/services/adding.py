"""Adds places that no stored one may be: straight into their tables, by COPY."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
import orjson
from uuid_utils.compat import uuid7

from common.ahead import made_ahead
from common.postgis import copying
from engine.embedding.types import Encoder
from places.services.describing import describe, label_of_vectors
from places.services.saying import Said, say
from places.types import PlaceRecord

# Columns that say the same of many places: what they say is written once.
_REPEATED: Final = frozenset({
    "city_id", "category", "source_class", "chain", "district", "time_zone", "currency",
    "cost_band", "cost_provenance", "stay_provenance", "hours_provenance", "hours_source",
    "description",
})  # fmt: skip
_repeated: Final = lru_cache(maxsize=1 << 12)(copying.text)
# How a column's JSON value is written, by the column's type.
_WRITERS: Final = {
    "text": copying.text,
    "jsonb": lambda value: copying.jsonb(orjson.dumps(value)),
    "bool": copying.boolean,
    "int": copying.int4,
    "float8": copying.float8,
    "date": copying.iso_day,
}
_OWN: Final = (
    "id, public_id, location, embedding, encoder, content_hash, is_active, last_synced_at,"
    " created_at, updated_at"
)
_IDS: Final = """
WITH of AS MATERIALIZED (SELECT pg_get_serial_sequence('places_place', 'id')::regclass AS ids)
SELECT nextval(of.ids) FROM of, generate_series(1, %s)
"""
MADE_AT_ONCE: Final = 250  # places
_GRID_BITS: Final = 21  # of each axis: cells of about 20 m


@dataclass(frozen=True)
class PlaceAdder:
    """Writes the columns named in `columns`, each of the type given, and those every place has."""

    columns: Mapping[str, str]

    def add(
        self,
        cursor: Any,
        records: Sequence[PlaceRecord],
        *,
        encoder: Encoder | None,
        now: datetime,
    ) -> list[Said]:
        """
        Add the places, and return what is stored of them; without an encoder they wait for vectors.

        What is stored of some is made while the database stores those before them.
        """
        if not records:
            return []
        cursor.execute(_IDS, [len(records)])
        ids = [place_id for (place_id,) in cursor.fetchall()]
        ordered = [records[at] for at in _along_the_map(records)]
        added: list[Said] = []
        for said, rows in made_ahead(self._pieces(ids, ordered, encoder, now)):
            copying.copy_rows(
                cursor, into=f"places_place ({_OWN}, {', '.join(self.columns)})", rows=rows
            )
            added += said
        copying.copy_rows(
            cursor,
            into="places_placesource (place_id, source_id, external_ref, source_class, as_of, payload)",
            rows=[row for at, one in zip(ids, added, strict=True) for row in _source_rows(at, one)],
        )
        return added

    def _pieces(
        self,
        ids: Sequence[int],
        records: Sequence[PlaceRecord],
        encoder: Encoder | None,
        now: datetime,
    ) -> Iterator[tuple[list[Said], list[bytes]]]:
        for start in range(0, len(records), MADE_AT_ONCE):
            piece = slice(start, start + MADE_AT_ONCE)
            said = [say(record) for record in records[piece]]
            yield said, self._rows(ids[piece], said, encoder, now)

    def _rows(
        self, ids: Sequence[int], places: Sequence[Said], encoder: Encoder | None, now: datetime
    ) -> list[bytes]:
        writers = [
            (name, _repeated if name in _REPEATED else _WRITERS[kind])
            for name, kind in self.columns.items()
        ]
        told = copying.instant(now)
        behind = (copying.boolean(True), told, told, told)  # noqa: FBT003 - a column
        return [
            copying.row_of(
                (
                    copying.int8(place_id),
                    copying.uuid(uuid7()),
                    copying.point(one.record.longitude, one.record.latitude),
                    *vector,
                    copying.text(one.hash),
                    *behind,
                    *[
                        copying.NULL if (value := said(name)) is None else write(value)
                        for name, write in writers
                    ],
                )
            )
            for place_id, one, vector in zip(ids, places, _vectors(places, encoder), strict=True)
            for said in (one.record.fields.get,)
        ]


def _vectors(
    places: Sequence[Said], encoder: Encoder | None
) -> list[tuple[copying.Field, copying.Field]]:
    """Return the vector of each place, and which encoder made it."""
    if encoder is None:
        return [(copying.NULL, copying.text(""))] * len(places)
    label = copying.text(label_of_vectors(encoder))
    made = encoder.encode([describe(one.record.fields).text for one in places])
    return [(vector, label) for vector in copying.vectors(made)]


def _source_rows(place_id: int, place: Said) -> list[bytes]:
    return [
        copying.row_of(
            (
                copying.int8(place_id),
                copying.text(row["source"]),
                copying.text(row["external_ref"]),
                copying.text(row["source_class"]),
                copying.NULL if row["as_of"] is None else copying.iso_day(row["as_of"]),
                copying.jsonb(payload.encode()),
            )
        )
        for row, payload in zip(place.record.sources, place.payloads, strict=True)
    ]


def _along_the_map(records: Sequence[PlaceRecord]) -> list[int]:
    """Return the positions in the order of geohashes: neighbours in the city are neighbours on disk."""
    degrees = np.array([(one.longitude + 180.0, one.latitude + 90.0) for one in records])
    cells = (degrees / (360.0, 180.0) * (1 << _GRID_BITS)).astype(np.int64)
    code = np.zeros(len(records), dtype=np.int64)
    for bit in range(_GRID_BITS):
        code |= (cells[:, 0] >> bit & 1) << (2 * bit + 1)
        code |= (cells[:, 1] >> bit & 1) << (2 * bit)
    return [int(at) for at in np.argsort(code, kind="stable")]
