"""Stores a city's places by COPY into a staging table and one merge, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from common.postgis import arrays
from engine.embedding.types import Encoder
from places.models import ContentSource
from places.services.adding import PlaceAdder
from places.services.describing import describe, label_of_vectors
from places.services.editing import FACTS
from places.services.encoding import copy_vectors, current_encoder
from places.services.following import Following
from places.services.ingestion.coding import without_nul
from places.services.saying import Said, as_json, say
from places.services.succeeding import REVIVE
from places.services.tagging.overlaying import load_held, overlay
from places.services.wording import LEARN_STAGED, NameWords
from places.types import PlaceRecord, SourceTerms, StoreCounts

# The columns that a record fills, with the type each is read back as from JSON.
COLUMNS: Final = {
    "city_id": "text", "name": "text", "names": "jsonb", "has_romanised_name": "bool",
    "category": "text", "source_class": "text", "chain": "text", "site": "text", "address": "text",
    "district": "text", "time_zone": "text", "currency": "text", "cost_low": "int",
    "cost_high": "int", "cost_band": "text", "cost_provenance": "text", "stay_min": "int",
    "stay_provenance": "text", "hours": "jsonb", "hours_provenance": "text", "hours_source": "text",
    "hours_as_of": "date", "hours_text": "text", "mood_scores": "jsonb",
    "congestion_score": "float8", "indoor": "bool", "pets_allowed": "bool", "wheelchair": "bool",
    "parking": "bool", "quality": "float8", "popularity": "float8", "freshness": "float8",
    "description": "text", "facts": "jsonb", "as_of": "date",
    "valid_from": "date", "valid_until": "date",
}  # fmt: skip
_NAMES: Final = ", ".join(COLUMNS)
_VALUES: Final = ", ".join(f"f.{name}" for name in COLUMNS)
_TYPED: Final = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
_ASSIGNED: Final = ", ".join(f"{name} = f.{name}" for name in COLUMNS)
_POINT: Final = "ST_SetSRID(ST_MakePoint(s.longitude, s.latitude), 4326)"

_STAGE: Final = """
CREATE TEMP TABLE staged_places (
    n int PRIMARY KEY, public_id uuid, place_id bigint, hash text, latitude float8,
    longitude float8, fields jsonb, is_same bool DEFAULT false
) ON COMMIT DROP;
CREATE TEMP TABLE staged_vectors (n bigint PRIMARY KEY, embedding vector) ON COMMIT DROP;
CREATE TEMP TABLE staged_sources (
    n int, source_id text, external_ref text, source_class text, as_of date, payload jsonb
) ON COMMIT DROP;
"""
# Which of the records (n) a stored place may be: those that share a row of a source with one, or led one.
_KNOWN: Final = """
WITH said AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS s(n int, source text, external_ref text)
)
SELECT s.n FROM said s
JOIN places_placesource ps ON ps.source_id = s.source AND ps.external_ref = s.external_ref
UNION
SELECT s.n FROM said s
JOIN places_formerplace f ON f.record_source = s.source AND f.record_ref = s.external_ref
"""
# A staged place is the stored one with which it shares most rows; a stored one is claimed once, by
# rows of its own before those that led a place which has become this one.
_MATCH: Final = f"""
WITH shared AS (
    SELECT s.n, ps.place_id, count(*) AS rows, count(*) FILTER (WHERE f.place_id IS NULL) AS own
    FROM staged_sources s JOIN places_placesource ps USING (source_id, external_ref)
    LEFT JOIN places_formerplace f ON f.became_id = ps.place_id
        AND f.record_source = ps.source_id AND f.record_ref = ps.external_ref
    GROUP BY s.n, ps.place_id
), ranked AS (
    SELECT n, place_id,
        row_number() OVER (PARTITION BY n ORDER BY rows DESC, place_id) AS of_n,
        row_number() OVER (PARTITION BY place_id ORDER BY own DESC, rows DESC, n) AS of_place
    FROM shared
)
UPDATE staged_places s SET place_id = r.place_id
FROM ranked r WHERE r.n = s.n AND r.of_n = 1 AND r.of_place = 1;
{REVIVE};
UPDATE staged_places s SET is_same = true
FROM places_place p WHERE p.id = s.place_id AND p.content_hash = s.hash
    AND (p.is_active OR 'is_active' = ANY(p.edited_fields))
    AND NOT EXISTS (SELECT FROM places_formerplace f WHERE f.place_id = p.id);
"""  # noqa: S608 - built from the constant above
# A place that a source outside this run knows too keeps what is stored: composed from a part of its
# rows it would lose the facts of the others.
_SHARED: Final = """
UPDATE staged_places s SET is_same = true
FROM places_place p WHERE p.id = s.place_id AND p.is_active AND EXISTS (
    SELECT FROM places_placesource ps
    WHERE ps.place_id = p.id AND NOT ps.source_id = ANY(%s))
"""
# What an operator corrected stands: the staged place takes it over before it is compared and written.
_KEEP_EDITS: Final = """
UPDATE staged_places s SET
    latitude = CASE WHEN 'location' = ANY(p.edited_fields) THEN ST_Y(p.location) ELSE s.latitude END,
    longitude = CASE WHEN 'location' = ANY(p.edited_fields) THEN ST_X(p.location) ELSE s.longitude END,
    fields = s.fields || e.fields || jsonb_build_object(
        'facts', (s.fields -> 'facts') - e.facts || (
            SELECT coalesce(jsonb_object_agg(f.key, f.value), '{}') FROM jsonb_each(p.facts) AS f
            WHERE f.key = ANY(e.facts)))
FROM places_place p CROSS JOIN LATERAL (
    SELECT
        coalesce(jsonb_object_agg(k.name, to_jsonb(p) -> k.name)
            FILTER (WHERE k.name = ANY(%(columns)s)), '{}') AS fields,
        coalesce(array_agg(DISTINCT %(facts)s::jsonb ->> k.name)
            FILTER (WHERE %(facts)s::jsonb ? k.name), '{}') AS facts
    FROM unnest(p.edited_fields) AS k(name)
) e
WHERE p.id = s.place_id AND p.edited_fields <> '{}' AND NOT s.is_same
"""
# So does what tags say of it, which no record does.
_TAGGED: Final = """
SELECT s.n, s.place_id, s.fields::text, p.edited_fields
FROM staged_places s JOIN places_place p ON p.id = s.place_id
WHERE NOT s.is_same AND (
    EXISTS (SELECT FROM places_placetag t WHERE t.place_id = p.id)
    OR EXISTS (SELECT FROM places_placereading r WHERE r.place_id = p.id
        AND (r.cost_low IS NOT NULL OR r.stay_min IS NOT NULL)))
"""
_KEEP_TAGS: Final = """
UPDATE staged_places s SET fields = s.fields || t.fields::jsonb
FROM unnest(%s::int[], %s::text[]) AS t(n, fields) WHERE t.n = s.n
"""
_TO_ENCODE: Final = """
SELECT n, fields::text FROM staged_places
WHERE NOT is_same AND (place_id IS NOT NULL OR NOT %s) ORDER BY n
"""
# The stored place as JSON is made once for a place, not for each of its fields: OFFSET keeps it apart.
_LOG: Final = """
INSERT INTO places_placesynclog (place_id, source, diff, at)
SELECT told.id, %s,
    jsonb_object_agg(new.key, jsonb_build_array(told.stored -> new.key, new.value)), %s
FROM (
    SELECT p.id, to_jsonb(p) AS stored,
        s.fields || jsonb_build_object('content_hash', s.hash)
        || CASE WHEN 'is_active' = ANY(p.edited_fields) THEN '{}'
            ELSE jsonb_build_object('is_active', true) END AS fields
    FROM staged_places s JOIN places_place p ON p.id = s.place_id
    WHERE NOT s.is_same OFFSET 0
) told
CROSS JOIN LATERAL jsonb_each(told.fields) AS new
WHERE told.stored -> new.key IS DISTINCT FROM new.value
GROUP BY told.id
"""
_UPDATE: Final = f"""
UPDATE places_place p SET {_ASSIGNED}, location = {_POINT}, embedding = v.embedding,
    encoder = %s, content_hash = s.hash, last_synced_at = %s, updated_at = %s,
    is_active = p.is_active OR NOT 'is_active' = ANY(p.edited_fields),
    closed_at = CASE WHEN 'is_active' = ANY(p.edited_fields) THEN p.closed_at END
FROM staged_places s JOIN staged_vectors v USING (n)
CROSS JOIN LATERAL jsonb_to_record(s.fields) AS f({_TYPED})
WHERE p.id = s.place_id AND NOT s.is_same
"""  # noqa: S608 - built from the constants above
# Rows are written in the order of their geohash: neighbours in the city are neighbours on disk.
_INSERT: Final = f"""
INSERT INTO places_place ({_NAMES}, public_id, location, embedding, encoder,
    content_hash, is_active, last_synced_at, created_at, updated_at)
SELECT {_VALUES}, s.public_id, {_POINT}, v.embedding,
    CASE WHEN v.n IS NULL THEN '' ELSE %s END, s.hash, true, %s, %s, %s
FROM staged_places s LEFT JOIN staged_vectors v USING (n) CROSS JOIN LATERAL jsonb_to_record(s.fields) AS f({_TYPED})
WHERE s.place_id IS NULL ORDER BY ST_GeoHash({_POINT})
"""  # noqa: S608 - built from the constants above
_SOURCES: Final = """
UPDATE staged_places s SET place_id = p.id
FROM places_place p WHERE s.place_id IS NULL AND p.public_id = s.public_id;
DELETE FROM places_placesource ps USING staged_places s
WHERE ps.place_id = s.place_id AND NOT s.is_same;
DELETE FROM places_placesource ps USING staged_sources x JOIN staged_places s USING (n)
WHERE NOT s.is_same AND ps.source_id = x.source_id AND ps.external_ref = x.external_ref;
INSERT INTO places_placesource (place_id, source_id, external_ref, source_class, payload, as_of)
SELECT s.place_id, x.source_id, x.external_ref, x.source_class, x.payload, x.as_of
FROM staged_sources x JOIN staged_places s USING (n) WHERE NOT s.is_same;
"""
# A place that an import made is gone when no source read now knows it and no other source does.
_CLOSE: Final = """
WITH gone AS (
    UPDATE places_place p SET is_active = false, closed_at = %(now)s, last_synced_at = %(now)s,
        updated_at = %(now)s
    WHERE p.is_active AND p.content_hash <> '' AND NOT 'is_active' = ANY(p.edited_fields)
        AND {apart}
        AND NOT EXISTS (
            SELECT FROM places_placesource ps
            WHERE ps.place_id = p.id AND NOT ps.source_id = ANY(%(sources)s))
        AND {which}
    RETURNING p.id
)
INSERT INTO places_placesynclog (place_id, source, diff, at)
SELECT id, %(origin)s, '{{"is_active": [true, false]}}', %(now)s FROM gone
"""
_OF_CITY: Final = "p.city_id = %(city)s"
_TOUCHED: Final = """p.id IN (
        SELECT ps.place_id FROM places_placesource ps
        JOIN unnest(%(touched_sources)s::text[], %(touched_refs)s::text[]) AS t(source, ref)
            ON t.source = ps.source_id AND t.ref = ps.external_ref)"""
_NOT_STAGED: Final = "NOT EXISTS (SELECT FROM staged_places s WHERE s.place_id = p.id)"


@dataclass(frozen=True)
class PlaceStore:
    """Writes the records of a city so that a second time changes nothing."""

    encoder: Encoder | None = None  # None: the one that the settings name
    # Whether new places wait for their vectors: an index of many vectors costs more for each place
    # than all else, and a search by meaning may know them a little later than the map does.
    encodes_later: bool = False
    following: Following = field(default_factory=Following)

    def replace(
        self,
        *,
        city: str,
        records: Sequence[PlaceRecord],
        sources: Iterable[SourceTerms],
        origin: str,
        now: datetime,
    ) -> StoreCounts:
        """
        Make `records` the city's places, as far as `sources` know it.

        Places are recognised by their source rows, so that what points at them stays valid; a
        place no longer known is deactivated, not deleted, and one that other sources know too is
        left as it is. `origin` names the run in the log. Call
        inside a transaction.
        """
        terms = list(sources)
        store_terms(terms)
        known = [term.slug for term in terms]
        close = {"city": city, "sources": known, "origin": origin, "now": now}
        return self._write(records, known, _OF_CITY, close)

    def merge(
        self,
        *,
        records: Sequence[PlaceRecord],
        touched: Iterable[tuple[str, str]],
        sources: Sequence[str],
        origin: str,
        now: datetime,
    ) -> StoreCounts:
        """
        Store `records`, which are all that is made of the source rows `touched` (source, ref).

        A place that rested on such rows, and is none of the records any more, is closed, unless
        another source than `sources` knows it too. Call inside a transaction.
        """
        pairs = list(touched)
        close = {
            "touched_sources": arrays.texts(source for source, _ in pairs),
            "touched_refs": arrays.texts(ref for _, ref in pairs),
            "sources": list(sources),
            "origin": origin,
            "now": now,
        }
        return self._write(records, sources, _TOUCHED, close)

    def _write(
        self,
        records: Sequence[PlaceRecord],
        sources: Sequence[str],
        closed: str,
        close: dict[str, Any],
    ) -> StoreCounts:
        encoder = self.encoder or current_encoder()
        origin, now = close["origin"], close["now"]
        with transaction.atomic(), connection.cursor() as cursor:
            known = _known(cursor, records)
            if known:  # else nothing is staged: tables for it would cost more than to look
                cursor.execute(_STAGE)
                _stage(cursor, [say(records[n]) for n in sorted(known)])
                cursor.execute(_MATCH)
                cursor.execute(_SHARED, [list(sources)])
                cursor.execute(_KEEP_EDITS, {"columns": list(COLUMNS), "facts": json.dumps(FACTS)})
                _keep_tags(cursor)
            # Before the rows of sources move: they tell which places nobody knows any more.
            apart = _NOT_STAGED if known else "true"
            cursor.execute(_CLOSE.format(apart=apart, which=closed), close)
            deactivated = cursor.rowcount
            created = updated = unchanged = 0
            if known:
                created, updated = self._write_staged(cursor, encoder, origin, now)
                unchanged = len(known) - created - updated
                cursor.execute("DROP TABLE staged_places, staged_sources, staged_vectors")
            new = [record for n, record in enumerate(records) if n not in known]
            added = PlaceAdder(COLUMNS).add(
                cursor, new, encoder=None if self.encodes_later else encoder, now=now
            )
            NameWords().learn(names=[one.record.fields["names"] for one in added])
        return StoreCounts(
            created=created + len(new),
            updated=updated,
            unchanged=unchanged,
            deactivated=deactivated,
        )

    def _write_staged(
        self, cursor: Any, encoder: Encoder, origin: str, now: datetime
    ) -> tuple[int, int]:
        """Write what differs of the staged places; return how many are new, and how many are not."""
        self._stage_vectors(cursor, encoder)
        cursor.execute(_LOG, [origin, now])
        cursor.execute(_UPDATE, [label_of_vectors(encoder), now, now])
        updated = cursor.rowcount
        cursor.execute(_INSERT, [label_of_vectors(encoder), now, now, now])
        created = cursor.rowcount
        cursor.execute(LEARN_STAGED)
        moves = self.following.pin(cursor)
        cursor.execute(_SOURCES)
        self.following.follow(cursor, moves, now=now)
        return created, updated

    def _stage_vectors(self, cursor: Any, encoder: Encoder) -> None:
        """Encode what will be written, with the corrections that it took over."""
        cursor.execute(_TO_ENCODE, [self.encodes_later])
        waiting = [(n, orjson.loads(fields)) for n, fields in cursor.fetchall()]
        vectors = encoder.encode([describe(fields).text for _, fields in waiting])
        if waiting:
            keys = [n for n, _ in waiting]
            copy_vectors(cursor, into="staged_vectors (n, embedding)", keys=keys, vectors=vectors)


def _keep_tags(cursor: Any) -> None:
    """Let staged places that have tags take over what these say."""
    cursor.execute(_TAGGED)
    rows = cursor.fetchall()
    held = load_held([place_id for _, place_id, _, _ in rows])
    laid = [
        (n, as_json(overlay(orjson.loads(fields), held=held[place_id], edited=edited)))
        for n, place_id, fields, edited in rows
    ]
    if laid:
        cursor.execute(_KEEP_TAGS, [list(column) for column in zip(*laid, strict=True)])


def _known(cursor: Any, records: Sequence[PlaceRecord]) -> set[int]:
    """Return the positions of the records that a stored place may be."""
    rows = [
        {"n": n, "source": row["source"], "external_ref": row["external_ref"]}
        for n, record in enumerate(records)
        for row in record.sources
    ]
    cursor.execute(_KNOWN, [without_nul(orjson.dumps(rows)).decode()])
    return {n for (n,) in cursor.fetchall()}


def _stage(cursor: Any, said: Sequence[Said]) -> None:
    with cursor.copy(
        "COPY staged_places (n, public_id, hash, latitude, longitude, fields) FROM STDIN"
    ) as copy:
        for n, one in enumerate(said):
            where = one.record.latitude, one.record.longitude
            copy.write_row((n, uuid7(), one.hash, *where, one.fields))
    with cursor.copy(
        "COPY staged_sources (n, source_id, external_ref, source_class, as_of, payload) FROM STDIN"
    ) as copy:
        for n, one in enumerate(said):
            for row, payload in zip(one.record.sources, one.payloads, strict=True):
                told = (row["source"], row["external_ref"], row["source_class"], row["as_of"])
                copy.write_row((n, *told, payload))


def store_terms(terms: Sequence[SourceTerms]) -> None:
    """Store the sources; what an operator set of them stays."""
    ContentSource.objects.bulk_create(
        [
            ContentSource(
                slug=term.slug,
                name=term.name,
                kind=term.kind,
                licence=term.licence,
                terms=term.terms,
                attribution=term.attribution,
                may_ship=term.may_ship,
                rate_per_s=term.rate_per_s,
                every_min=term.every_min,
                grace_syncs=term.grace_syncs,
            )
            for term in terms
        ],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "kind", "licence", "terms", "attribution", "may_ship", "rate_per_s"],
    )
