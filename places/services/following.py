"""
Lets what people said and did follow the record that it was said of, when places are united or parted.

A place is what records make it. When records come to make other places, a report of these is
written down to the record that led its place when it was filed, and goes where that record goes:
with it into a united place, and out of it again when that is parted. Everything else stays with the
id that it was said of, which leads to the place that this became (`succeeding`). Only changes of this
kind are looked at, so that an import without any asks one question a batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from common.acting import acting_as_system
from places.services.believing import Beliefs
from places.services.succeeding import Move, Succession
from places.services.tagging.inheriting import DecisionsFollow

# The rows of sources that make other places than before. Places that are new have no number yet.
_MOVES: Final = """
SELECT ps.place_id, s.place_id, s.n, x.source_id, x.external_ref
FROM staged_sources x
JOIN staged_places s USING (n)
JOIN places_placesource ps USING (source_id, external_ref)
WHERE NOT s.is_same AND ps.place_id IS DISTINCT FROM s.place_id
"""
# Whoever says something of them meanwhile waits, and then finds what became of them.
_LOCK: Final = """
SELECT id FROM places_place WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_LEADS: Final = """
SELECT DISTINCT ON (ps.place_id) ps.place_id, ps.source_id, ps.external_ref
FROM places_placesource ps
LEFT JOIN raw_ingestion.clean_places c
    ON c.source = ps.source_id AND c.ref = ps.external_ref AND NOT c.is_gone
WHERE ps.place_id = ANY(%s)
ORDER BY ps.place_id, c.role IS DISTINCT FROM 'lead', ps.id
"""
_PIN: Final = """
UPDATE places_placereport r SET record_source = lead.source, record_ref = lead.ref
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS lead(place_id, source, ref)
WHERE r.place_id = lead.place_id AND r.record_ref = ''
"""
# Of one person one report of a kind is open at a place: a second one stays behind, and counts for
# nothing there, until its record makes a place of its own again.
_FOLLOW: Final = """
WITH coming AS (
    SELECT r.id, r.place_id AS was, s.place_id AS goes, r.status = 'open' AND r.user_id IS NOT NULL
            AS is_alone,
        row_number() OVER (PARTITION BY s.place_id, r.user_id, r.kind, r.status
            ORDER BY r.said_at DESC, r.id) AS nth
    FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[]) AS m(was, n, source, ref)
    JOIN staged_places s USING (n)
    JOIN places_placereport r
        ON r.place_id = m.was AND r.record_source = m.source AND r.record_ref = m.ref
), followed AS (
    UPDATE places_placereport r SET place_id = c.goes FROM coming c
    WHERE r.id = c.id AND (NOT c.is_alone OR c.nth = 1 AND NOT EXISTS (
        SELECT FROM places_placereport o
        WHERE o.place_id = c.goes AND o.user_id = r.user_id AND o.kind = r.kind
            AND o.status = 'open'))
    RETURNING c.was, c.goes
)
SELECT was FROM followed UNION SELECT goes FROM followed ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Moves:
    """The records that make other places than they did, and the record that led each of these places."""

    records: Sequence[Move] = ()
    leads: Mapping[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Following:
    """Moves what is said of places whose records are stored anew, within the transaction of that."""

    beliefs: Beliefs = field(default_factory=Beliefs)
    succession: Succession = field(default_factory=Succession)
    decisions: DecisionsFollow = field(default_factory=DecisionsFollow)

    def pin(self, cursor: Any) -> Moves:
        """Return which records are about to make other places, their reports written down to them."""
        cursor.execute(_MOVES)
        moves = [Move(*row) for row in cursor.fetchall()]
        places = {one.was for one in moves} | {one.goes for one in moves if one.goes is not None}
        if not places:
            return Moves()
        cursor.execute(_LOCK, [sorted(places)])
        cursor.execute(_LEADS, [sorted(places)])
        leads = {place_id: (source, ref) for place_id, source, ref in cursor.fetchall()}
        with acting_as_system():  # of everybody
            columns = zip(*((place_id, *lead) for place_id, lead in leads.items()), strict=True)
            cursor.execute(_PIN, [list(column) for column in columns])
        return Moves(moves, leads)

    def follow(self, cursor: Any, moves: Moves, *, now: datetime) -> None:
        """Let all that is said go where its record went, and judge the places anew."""
        if moves.records:
            columns = zip(*((m.was, m.n, m.source, m.ref) for m in moves.records), strict=True)
            with acting_as_system():
                cursor.execute(_FOLLOW, [list(column) for column in columns])
                places = [place_id for (place_id,) in cursor.fetchall()]
            for place_id in places:
                self.beliefs.judge(place_id=place_id, now=now)
        returned = self.succession.bring_back(cursor)
        passed = self.succession.pass_on(cursor, moves.records, leads=moves.leads, now=now)
        self.decisions.follow(passed=passed, returned=returned, now=now)
