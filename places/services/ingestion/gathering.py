"""
Gathers all the clean rows that a change may concern: the changed ones, what is related to them, and so on.

What comes out is closed: no row outside is related to one inside, so that judging these alone gives
what judging the whole city would. A change of one row costs as much as its neighbourhood is large.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Final

import orjson
from django.db import connection

from common.postgis import arrays
from places.services.ingestion.coding import PAYLOAD, from_json
from places.services.ingestion.relating import (
    Known,
    Neighbour,
    are_related,
    asked_cells,
    asked_keys,
    may_matter,
)

# Sets of thousands are joined, never compared row by row with the whole array.
_BY_ID: Final = """
SELECT c.raw_id, c.source, c.draft::text, r.missing_syncs > 0,
    CASE WHEN NOT c.draft ? 'payload' THEN r.payload::text END
FROM raw_ingestion.clean_places c JOIN raw_ingestion.records r ON r.id = c.raw_id
WHERE c.city = %s AND NOT c.is_gone AND c.raw_id IN (SELECT unnest(%s::bigint[]))
"""
# Their drafts take ten times as long to read, and are read of those that may matter. How many rows hold a
# key the planner does not know: joined to more, it would read whole tables, and where nobody has counted
# the rows yet, those of the city for each key. OFFSET has each key asked of its index and of nothing else.
_BY_KEY: Final = """
SELECT held.key, held.raw_id, held.source, held.name, ST_X(held.location), ST_Y(held.location)
FROM unnest(%(keys)s::bigint[]) AS asked(key)
CROSS JOIN LATERAL (
    SELECT asked.key, c.* FROM raw_ingestion.clean_places c WHERE c.keys @> ARRAY[asked.key] OFFSET 0
) held
WHERE held.city = %(city)s AND NOT held.is_gone
    AND NOT held.raw_id IN (SELECT unnest(%(known)s::bigint[]))
"""
_PAYLOADS: Final = """
SELECT id, payload::text FROM raw_ingestion.records WHERE id IN (SELECT unnest(%s::bigint[]))
"""
_TAKE: Final = """
SELECT p.raw_id, p.before::text FROM raw_ingestion.pending p
WHERE p.city = %s ORDER BY p.raw_id LIMIT %s FOR UPDATE
"""
# Rows that one stored place rests on, or about which somebody decided, belong together.
_BOUND: Final = """
WITH given AS (SELECT * FROM unnest(%(sources)s::text[], %(refs)s::text[]) AS g(source, ref)),
named AS (SELECT source, ref FROM given UNION ALL SELECT source, 'site-' || ref FROM given),
found AS (
    SELECT other.source_id AS source, other.external_ref AS ref
    FROM named g
    JOIN places_placesource ps ON ps.source_id = g.source AND ps.external_ref = g.ref
    JOIN places_placesource other ON other.place_id = ps.place_id
    UNION
    SELECT d.source_b, d.ref_b FROM given g
    JOIN places_mergedecision d ON d.source_a = g.source AND d.ref_a = g.ref AND d.decided_by <> ''
    UNION
    SELECT d.source_a, d.ref_a FROM given g
    JOIN places_mergedecision d ON d.source_b = g.source AND d.ref_b = g.ref AND d.decided_by <> ''
)
SELECT c.raw_id FROM found f
JOIN raw_ingestion.clean_places c ON c.source = f.source
    AND c.ref = CASE WHEN f.ref LIKE 'site-%%' THEN substr(f.ref, 6) ELSE f.ref END
WHERE c.city = %(city)s AND NOT c.is_gone
"""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Rows to be judged together, in the order of their sources and age."""

    rows: tuple[Known, ...]
    touched: frozenset[tuple[str, str]]  # (source, ref) of these and of what they were before
    raw_ids: tuple[int, ...]  # whose waiting is over: of the rows, and of those that are gone


@dataclass
class _Search:
    """The rows found so far, and which of them are yet to be asked for their relations."""

    city: str
    ranks: Mapping[str, int]
    found: dict[int, Known] = field(default_factory=dict)
    by_key: dict[int, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def known(
        self,
        raw_id: int,
        source: str,
        draft: Mapping[str, Any],
        missing: bool,  # noqa: FBT001 - a column
        came: Mapping[str, Any],
    ) -> Known:
        rank = self.ranks.get(source, len(self.ranks))
        return Known(raw_id, (rank, raw_id), from_json(draft, came=came), missing)

    def grow(self, frontier: Sequence[Known]) -> list[Known]:
        """Return the rows related to those of the frontier that were not found before."""
        asked: dict[int, list[Known]] = defaultdict(list)
        around: dict[int, list[Known]] = defaultdict(list)
        for one in frontier:
            for face in one.faces:
                for key in asked_keys(face, city=self.city):
                    asked[key].append(one)
                for cell in asked_cells(face, city=self.city):
                    around[cell].append(one)
        keys_of = self._candidates(asked, around)
        return [
            self._add(one)
            for one in self._read(keys_of)
            if _is_wanted(one, keys_of[one.raw_id], (asked, around))
        ]

    def _candidates(
        self, asked: Mapping[int, Sequence[Known]], around: Mapping[int, Sequence[Known]]
    ) -> dict[int, list[int]]:
        """Return by row the keys through which it may be related to those who asked for them."""
        args = {
            "city": self.city,
            "keys": arrays.numbers(asked.keys() | around.keys()),
            "known": arrays.numbers(self.found),
        }
        found: dict[int, list[int]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_BY_KEY, args)
            for key, raw_id, *told in cursor:
                if key in asked or _may_matter(Neighbour(*told), around[key]):
                    found[raw_id].append(key)
        return found

    def bound(self, frontier: Iterable[Known]) -> list[Known]:
        """Return the rows that a stored place or an operator binds to the frontier."""
        drafts = [one.draft for one in frontier]
        args: dict[str, Any] = {
            "sources": arrays.texts(draft.source for draft in drafts),
            "refs": arrays.texts(draft.ref for draft in drafts),
            "city": self.city,
        }
        with connection.cursor() as cursor:
            cursor.execute(_BOUND, args)
            ids = {raw_id for (raw_id,) in cursor.fetchall()} - set(self.found)
        return self.load(ids)

    def load(self, ids: Collection[int]) -> list[Known]:
        """Add rows by id; those that are gone are not found."""
        return [self._add(one) for one in self._read(ids)]

    def _read(self, ids: Collection[int]) -> list[Known]:
        if not ids:
            return []
        with connection.cursor() as cursor:
            cursor.execute(_BY_ID, [self.city, arrays.numbers(ids)])
            rows = cursor.fetchall()
        return [
            self.known(
                raw_id, source, orjson.loads(draft), missing, orjson.loads(came) if came else {}
            )
            for raw_id, source, draft, missing, came in rows
        ]

    def _add(self, one: Known) -> Known:
        self.found[one.raw_id] = one
        return one


def _is_wanted(
    one: Known, keys: Sequence[int], asking: Sequence[Mapping[int, Sequence[Known]]]
) -> bool:
    tried: set[int] = set()
    for other in chain.from_iterable(by_key.get(key, ()) for key in keys for by_key in asking):
        if id(other) not in tried:
            tried.add(id(other))
            if are_related(one, other):
                return True
    return False


def _may_matter(neighbour: Neighbour, asking: Iterable[Known]) -> bool:
    return any(may_matter(one, neighbour) for one in asking)


def take(*, city: str, ranks: Mapping[str, int], limit: int) -> Neighbourhood | None:
    """
    Return the neighbourhood of the next rows that wait, or None where none does.

    `ranks` gives the order of the sources. Call inside a transaction that holds the city's lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [city, limit])
        waiting = cursor.fetchall()
    if not waiting:
        return None
    search = _Search(city=city, ranks=ranks)
    before = [orjson.loads(draft) for _, draft in waiting if draft is not None]
    ghosts = [search.known(0, draft["source"], draft, missing=False, came={}) for draft in before]
    frontier = [*search.load([raw_id for raw_id, _ in waiting]), *ghosts]
    while frontier:
        frontier = [*search.grow(frontier), *search.bound(frontier)]
    rows = _with_payloads(sorted(search.found.values(), key=lambda one: one.order))
    touched = {(one.draft.source, one.draft.ref) for one in (*rows, *ghosts)}
    touched |= {(source, f"site-{ref}") for source, ref in touched}
    ids = {raw_id for raw_id, _ in waiting} | set(search.found)
    return Neighbourhood(tuple(rows), frozenset(touched), tuple(sorted(ids)))


def _with_payloads(rows: Sequence[Known]) -> list[Known]:
    """Return the rows with what came of them, where the draft has nothing else."""
    bare = [one.raw_id for one in rows if not one.draft.payload]
    if not bare:
        return list(rows)
    with connection.cursor() as cursor:
        cursor.execute(_PAYLOADS, [bare])
        came = {raw_id: orjson.loads(payload) for raw_id, payload in cursor.fetchall()}
    return [
        replace(one, draft=replace(one.draft, **{PAYLOAD: came[one.raw_id]}))
        if one.raw_id in came
        else one
        for one in rows
    ]
