"""
Brings what is clean to life: judges the rows that wait, and stores the places they make.

A neighbourhood is one transaction, so that a crash leaves whole places and a queue to go on with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction

from common.postgis import arrays
from places.adapters.registry import rank_of_sources
from places.services.composing import DISTANT_PAST, Composer
from places.services.holding import hold_city
from places.services.ingestion import deciding
from places.services.ingestion.gathering import Neighbourhood, take
from places.services.ingestion.judging_rows import Outcome, RowJudge
from places.services.ingestion.receiving import is_too_many
from places.services.ingestion.references import COMPOSED, CityReferences, get_all, put
from places.services.judging import read_priors
from places.services.merging import bare_key
from places.services.storing import PlaceStore
from places.types import StoreCounts

logger = structlog.get_logger(__name__)

BATCH: Final = 1_000  # rows taken at a time; their neighbours come on top
BRANCHES_LOW: Final = 3
BULK_LOW: Final = 5_000  # where so many are new, places come first and their vectors after

_NEWEST: Final = """
SELECT max(as_of) FROM raw_ingestion.clean_places WHERE city = %s AND NOT is_gone AND as_of <= %s
"""
_BRANCHED: Final = """
SELECT stem FROM raw_ingestion.clean_places
WHERE city = %s AND stem <> '' AND NOT is_gone
GROUP BY stem HAVING count(*) >= %s ORDER BY stem
"""
_SOURCES: Final = """
SELECT slug FROM places_contentsource s WHERE EXISTS (
    SELECT FROM raw_ingestion.records r WHERE r.source = s.slug AND r.city = %s)
"""
_QUEUE_STEMS: Final = """
INSERT INTO raw_ingestion.pending (raw_id, city)
SELECT raw_id, city FROM raw_ingestion.clean_places
WHERE city = %s AND stem = ANY(%s) AND NOT is_gone ON CONFLICT (raw_id) DO NOTHING
"""
_QUEUE_ALL: Final = """
INSERT INTO raw_ingestion.pending (raw_id, city)
SELECT raw_id, city FROM raw_ingestion.clean_places
WHERE city = %s AND NOT is_gone ON CONFLICT (raw_id) DO NOTHING
"""
_OUTCOMES: Final = """
UPDATE raw_ingestion.clean_places c SET role = o.role, refusal = o.refusal,
    refusal_text = o.refusal_text, is_expected = o.is_expected, hours = o.hours
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bool[], %s::text[])
    AS o(raw_id, role, refusal, refusal_text, is_expected, hours)
WHERE c.raw_id = o.raw_id AND (c.role, c.refusal, c.refusal_text, c.is_expected, c.hours)
    IS DISTINCT FROM (o.role, o.refusal, o.refusal_text, o.is_expected, o.hours)
"""
_GONE: Final = """
UPDATE raw_ingestion.clean_places SET role = 'gone', refusal = '', refusal_text = '', hours = ''
WHERE raw_id = ANY(%s::bigint[]) AND is_gone AND role <> 'gone'
"""
_NEW: Final = """
SELECT count(*) FROM raw_ingestion.pending p
JOIN raw_ingestion.clean_places c ON c.raw_id = p.raw_id AND c.role = '' AND NOT c.is_gone
WHERE p.city = %s
"""
_DONE: Final = "DELETE FROM raw_ingestion.pending WHERE raw_id = ANY(%s::bigint[])"
# Places of the city that rest on rows of these sources alone, none of which is there any more. OFFSET has
# this looked up for each place: right after a bulk, when nobody has counted the rows yet, the planner
# would compare all of a source with all.
_ORPHANS: Final = """
SELECT ps.source_id, ps.external_ref, p.id
FROM places_place p JOIN places_placesource ps ON ps.place_id = p.id
WHERE p.city_id = %(city)s AND p.is_active AND p.content_hash <> ''
    AND NOT EXISTS (
        SELECT FROM places_placesource s
        LEFT JOIN raw_ingestion.clean_places c ON c.source = s.source_id
            AND c.city IS NOT DISTINCT FROM %(city)s
            AND c.ref = ANY(ARRAY[s.external_ref, substring(s.external_ref FROM '^site-(.*)')])
            AND NOT c.is_gone
        WHERE s.place_id = p.id AND (c.raw_id IS NOT NULL OR NOT s.source_id = ANY(%(sources)s))
        OFFSET 0)
"""


_RESTING: Final = """
SELECT count(*) FROM places_place p
WHERE p.city_id = %(city)s AND p.is_active AND p.content_hash <> ''
    AND NOT EXISTS (SELECT FROM places_placesource s
        WHERE s.place_id = p.id AND NOT s.source_id = ANY(%(sources)s))
"""


@dataclass(frozen=True)
class Publisher:
    """Judges and stores what waits in one city."""

    references: CityReferences
    store: PlaceStore = field(default_factory=PlaceStore)
    batch: int = BATCH
    has_vector_index: bool = True  # without it vectors are written with the rows, at no cost

    def publish(self, *, origin: str, now: datetime) -> Iterator[StoreCounts]:
        """
        Judge all that waits, and yield what each transaction changed.

        `origin` names the run in the sync log of each place.
        """
        composer = self._prepare(now)
        sources = self._sources()
        is_bulk = self.has_vector_index and count_new(city=self.references.city) >= BULK_LOW
        store = replace(self.store, encodes_later=True) if is_bulk else self.store
        while True:
            counts = self._step(composer, store, sources, origin, now)
            if counts is None:
                break
            yield counts
        yield self._close_orphans(sources, origin, now)

    @transaction.atomic
    def _step(
        self,
        composer: Composer,
        store: PlaceStore,
        sources: Sequence[str],
        origin: str,
        now: datetime,
    ) -> StoreCounts | None:
        hold_city(city=self.references.city)
        taken = take(city=self.references.city, ranks=rank_of_sources(), limit=self.batch)
        if taken is None:
            return None
        rulings = deciding.rulings_about([(d.source, d.ref) for d in _drafts(taken)])
        judgement = RowJudge(composer, rulings).judge(taken.rows)
        counts = store.merge(
            records=judgement.records,
            touched=taken.touched,
            sources=sources,
            origin=origin,
            now=now,
        )
        deciding.keep(judgement.judged, among=taken.touched, now=now)
        _keep_outcomes(judgement.outcomes, taken)
        return counts

    def _prepare(self, now: datetime) -> Composer:
        """Return what composes the city, and queue what is composed otherwise than it was."""
        city, references = self.references.city, self.references
        with transaction.atomic(), connection.cursor() as cursor:
            hold_city(city=city)
            cursor.execute(_NEWEST, [city, now.date()])
            (newest,) = cursor.fetchone()
            cursor.execute(_BRANCHED, [city, BRANCHES_LOW])
            branched = [stem for (stem,) in cursor.fetchall()]
            # By the month: else each new day would make every place of the city a little older.
            since = newest.replace(day=1) if newest else DISTANT_PAST
            rests_on = {
                "since": since.isoformat(),
                "branched": branched,
                "stations": references.stations,
                "hotspots": references.hotspots,
            }
            self._queue_changed(cursor, get_all(city).get(COMPOSED, {}), rests_on)
            put(city, COMPOSED, rests_on, now)
        priors = read_priors(city)
        return Composer(
            city=city,
            priors=priors,
            hotspots=frozenset(bare_key(name) for name in references.hotspots),
            stations=references.stations,
            branched=frozenset(branched),
            newest=since,
            today=now.astimezone(ZoneInfo(priors.city["time_zone"])).date(),
        )

    def _queue_changed(
        self, cursor: Any, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        if not before:
            return
        stations = [list(point) for point in after["stations"]]
        same = (
            before["since"] == after["since"]
            and before["stations"] == stations
            and before["hotspots"] == list(after["hotspots"])
        )
        if not same:
            cursor.execute(_QUEUE_ALL, [self.references.city])
            return
        stems = set(before["branched"]) ^ set(after["branched"])
        if stems:
            cursor.execute(_QUEUE_STEMS, [self.references.city, sorted(stems)])

    def _sources(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(_SOURCES, [self.references.city])
            return [slug for (slug,) in cursor.fetchall()]

    @transaction.atomic
    def _close_orphans(self, sources: Sequence[str], origin: str, now: datetime) -> StoreCounts:
        """
        Close what rests on rows that were never received here and are listed no more.

        Where that is most of what rests on these sources, a part of a city was imported over a
        whole one, and nothing is believed.
        """
        hold_city(city=self.references.city)
        asked: dict[str, Any] = {"city": self.references.city, "sources": list(sources)}
        with connection.cursor() as cursor:
            cursor.execute(_ORPHANS, asked)
            found = cursor.fetchall()
            if not found:
                return StoreCounts()
            cursor.execute(_RESTING, asked)
            (resting,) = cursor.fetchone()
        orphans = len({place_id for *_, place_id in found})
        if is_too_many(orphans, known=resting):
            logger.warning("orphans_held_back", city=asked["city"], orphans=orphans, known=resting)
            return StoreCounts()
        touched = [(source, ref) for source, ref, _ in found]
        return self.store.merge(
            records=[], touched=touched, sources=sources, origin=origin, now=now
        )


def queue_all(*, city: str) -> int:
    """Let every clean row of the city be judged and composed anew; return how many wait now."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE_ALL, [city])
        cursor.execute("SELECT count(*) FROM raw_ingestion.pending WHERE city = %s", [city])
        (count,) = cursor.fetchone()
    return int(count)


def count_pending(*, city: str) -> int:
    """Return how many rows of the city wait to be judged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM raw_ingestion.pending WHERE city = %s", [city])
        (count,) = cursor.fetchone()
    return int(count)


def count_new(*, city: str) -> int:
    """Return how many rows of the city wait that were never judged before."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, [city])
        (count,) = cursor.fetchone()
    return int(count)


@dataclass
class Queue:
    """
    How many rows of a city wait to be judged, counted once and reckoned from then on.

    To count a million behind every thousand would take as long as to publish hundreds.
    """

    city: str
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = count_pending(city=self.city)

    def leave(self, rows: int) -> int:
        """Return how many wait after so many were taken; near the end it is counted."""
        self.left = self.left - rows if self.left > rows else count_pending(city=self.city)
        return self.left


def _drafts(taken: Neighbourhood) -> list[Any]:
    return [one.draft for one in taken.rows]


def _keep_outcomes(outcomes: Mapping[int, Outcome], taken: Neighbourhood) -> None:
    rows = [
        (
            raw_id,
            one.role,
            one.refusal.reason if one.refusal else "",
            one.refusal.text if one.refusal else "",
            "true" if one.refusal and one.refusal.expected else "false",
            one.hours,
        )
        for raw_id, one in outcomes.items()
    ]
    with connection.cursor() as cursor:
        if rows:
            raw_ids, *told = zip(*rows, strict=True)
            cursor.execute(_OUTCOMES, [arrays.numbers(raw_ids), *map(arrays.texts, told)])
        cursor.execute(_GONE, [arrays.numbers(taken.raw_ids)])
        cursor.execute(_DONE, [arrays.numbers(taken.raw_ids)])
