"""
Keeps where the id of a place leads once its records make another one, and gives it back.

An id that was given out stays good: a place without any record left has become the one that the
record which led it makes now. When that record makes a place of its own again, it is the former one
that comes back, with all that is kept under its id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

# A staged place that no stored one claims, and that the record of a former one makes, is that one.
REVIVE: Final = """
UPDATE staged_places s SET place_id = f.place_id
FROM (
    SELECT DISTINCT ON (x.n) x.n, f.place_id
    FROM staged_sources x JOIN places_formerplace f
        ON f.record_source = x.source_id AND f.record_ref = x.external_ref
    ORDER BY x.n, f.place_id
) f
WHERE f.n = s.n AND s.place_id IS NULL
"""
_BRING_BACK: Final = """
DELETE FROM places_formerplace f USING staged_places s
WHERE s.place_id = f.place_id AND NOT s.is_same RETURNING f.place_id, f.became_id
"""
# A former place goes with the record that led it.
_ALONG: Final = """
UPDATE places_formerplace f SET became_id = s.place_id
FROM unnest(%(ns)s::int[], %(sources)s::text[], %(refs)s::text[]) AS m(n, source, ref)
JOIN staged_places s USING (n)
WHERE f.record_source = m.source AND f.record_ref = m.ref
"""
# What has no record left became what its leading record makes, or what most of them do.
_BECAME: Final = """
WITH moved AS (
    SELECT m.*, s.place_id AS goes, count(*) OVER (PARTITION BY m.was, m.n) AS together
    FROM unnest(%(was)s::bigint[], %(ns)s::int[], %(sources)s::text[], %(refs)s::text[],
                %(leads)s::bool[]) AS m(was, n, source, ref, leads)
    JOIN staged_places s USING (n)
    JOIN places_place p ON p.id = m.was AND NOT p.is_active
    WHERE NOT EXISTS (SELECT FROM places_placesource ps WHERE ps.place_id = m.was)
)
INSERT INTO places_formerplace (place_id, became_id, record_source, record_ref, since)
SELECT DISTINCT ON (was) was, goes, source, ref, %(now)s FROM moved
ORDER BY was, leads DESC, together DESC, n, source, ref
RETURNING place_id, became_id
"""
# Nobody is sent on twice.
_SEND_ON: Final = """
UPDATE places_formerplace f SET became_id = next.became_id
FROM places_formerplace next WHERE next.place_id = f.became_id
"""


@dataclass(frozen=True, slots=True)
class Move:
    """A record that makes another place than it did: `n` numbers that among the staged ones."""

    was: int
    goes: int | None  # None: a place that is new
    n: int
    source: str
    ref: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A place and the one that it became."""

    was: int
    goes: int


@dataclass(frozen=True)
class Succession:
    """Writes down what places became, within the transaction that stores their records."""

    def bring_back(self, cursor: Any) -> list[Passed]:
        """Forget that the staged places were former ones; return what they had become."""
        cursor.execute(_BRING_BACK)
        return [Passed(*row) for row in cursor.fetchall()]

    def pass_on(
        self,
        cursor: Any,
        moves: Sequence[Move],
        *,
        leads: Mapping[int, tuple[str, str]],
        now: datetime,
    ) -> list[Passed]:
        """Write down what became of the places that `moves` left without a record; return these."""
        if not moves:
            return []
        said = {
            "was": [one.was for one in moves],
            "ns": [one.n for one in moves],
            "sources": [one.source for one in moves],
            "refs": [one.ref for one in moves],
            "leads": [leads.get(one.was) == (one.source, one.ref) for one in moves],
            "now": now,
        }
        cursor.execute(_ALONG, said)
        cursor.execute(_BECAME, said)
        passed = [Passed(*row) for row in cursor.fetchall()]
        if passed:
            cursor.execute(_SEND_ON)
        return passed
