"""
Lets what visitors reported follow the record that it was said of, when places are united or parted.

A report is of a place, and a place is what records make it. When records come to make other places,
each report of these is written down to the record that led its place when it was filed, and goes
where that record goes: with it into a united place, and out of it again when that is parted. Only
changes of this kind are looked at, so that an import without any asks one question a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from common.acting import acting_as_system
from places.services.believing import Beliefs

# The rows of sources that make other places than before. Places that are new have no number yet.
_MOVES: Final = """
SELECT ps.place_id, s.place_id, s.n, x.source_id, x.external_ref
FROM staged_sources x
JOIN staged_places s USING (n)
JOIN places_placesource ps USING (source_id, external_ref)
WHERE NOT s.is_same AND ps.place_id IS DISTINCT FROM s.place_id
"""
_PIN: Final = """
UPDATE places_placereport r SET record_source = lead.source_id, record_ref = lead.external_ref
FROM (
    SELECT DISTINCT ON (ps.place_id) ps.place_id, ps.source_id, ps.external_ref
    FROM places_placesource ps
    LEFT JOIN raw_ingestion.clean_places c
        ON c.source = ps.source_id AND c.ref = ps.external_ref AND NOT c.is_gone
    WHERE ps.place_id = ANY(%s)
    ORDER BY ps.place_id, c.role IS DISTINCT FROM 'lead', ps.id
) lead
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
class Move:
    """A record that makes another place than it did: `n` numbers that among the staged ones."""

    was: int
    goes: int | None  # None: a place that is new
    n: int
    source: str
    ref: str


@dataclass(frozen=True)
class ReportsFollow:
    """Moves the reports of places whose records are stored anew, within the transaction of that."""

    beliefs: Beliefs = field(default_factory=Beliefs)

    def pin(self, cursor: Any) -> Sequence[Move]:
        """Return which records are about to make other places, their reports written down to them."""
        cursor.execute(_MOVES)
        moves = [Move(*row) for row in cursor.fetchall()]
        places = {one.was for one in moves} | {one.goes for one in moves if one.goes is not None}
        if places:
            with acting_as_system():  # of everybody
                cursor.execute(_PIN, [sorted(places)])
        return moves

    def follow(self, cursor: Any, moves: Sequence[Move], *, now: datetime) -> None:
        """Let the reports go where their records went, and judge both places anew."""
        if not moves:
            return
        columns = zip(*((one.was, one.n, one.source, one.ref) for one in moves), strict=True)
        with acting_as_system():
            cursor.execute(_FOLLOW, [list(column) for column in columns])
            places = [place_id for (place_id,) in cursor.fetchall()]
        for place_id in places:
            self.beliefs.judge(place_id=place_id, now=now)
