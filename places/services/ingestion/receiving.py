"""
Keeps what a source gave: the raw records, and the clean rows made of them.

A batch is one transaction. Unchanged input is compared by hash and writes nothing but the note that
it was seen. What a whole listing no longer names is gone after the grace of its source, not deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from common.postgis import arrays
from places.services.ingestion.checking import Arrived, Checker, Clean, arrive
from places.types import Refusal, Row

# So large a share of a listing does not vanish overnight: then it is the listing that is wrong.
VANISHED_SHARE_HIGH: Final = 0.5
VANISHED_ROWS_LOW: Final = 100
SHOWN: Final = 240

_STAGE: Final = """
CREATE TEMP TABLE IF NOT EXISTS staged_records (
    n int, external_ref text, payload jsonb, sha256 bytea, position text,
    refusal text, refusal_text text, is_expected bool,
    ref text, name text, longitude float8, latitude float8, draft jsonb, keys bigint[], stem text,
    as_of date, raw_id bigint
) ON COMMIT DROP
"""
_COPY: Final = """
COPY staged_records (n, external_ref, payload, sha256, position, refusal, refusal_text,
    is_expected, ref, name, longitude, latitude, draft, keys, stem, as_of) FROM STDIN
"""
_KEEP: Final = """
WITH kept AS (
    INSERT INTO raw_ingestion.records AS r (source, city, external_ref, payload, sha256, position,
        fetched_at, parser_version, parsed_at, refusal, refusal_text, is_expected)
    SELECT %(source)s, %(city)s, external_ref, payload, sha256, position, %(now)s, %(version)s,
        %(now)s, refusal, refusal_text, is_expected
    FROM staged_records ORDER BY n
    ON CONFLICT (source, city, external_ref) DO UPDATE SET
        payload = EXCLUDED.payload, sha256 = EXCLUDED.sha256, position = EXCLUDED.position,
        fetched_at = CASE WHEN r.sha256 = EXCLUDED.sha256 THEN r.fetched_at
            ELSE EXCLUDED.fetched_at END,
        parser_version = EXCLUDED.parser_version, parsed_at = EXCLUDED.parsed_at,
        refusal = EXCLUDED.refusal, refusal_text = EXCLUDED.refusal_text,
        is_expected = EXCLUDED.is_expected, gone_at = NULL,
        missing_syncs = CASE WHEN %(is_reparse)s THEN r.missing_syncs ELSE 0 END
    WHERE r.sha256 <> EXCLUDED.sha256 OR r.parser_version <> EXCLUDED.parser_version
        OR r.missing_syncs > 0 OR r.gone_at IS NOT NULL OR %(is_reparse)s
    RETURNING id, external_ref
)
UPDATE staged_records s SET raw_id = k.id FROM kept k WHERE k.external_ref = s.external_ref
"""
_CLEAN: Final = """
WITH before AS (
    SELECT c.raw_id, c.draft FROM raw_ingestion.clean_places c
    JOIN staged_records s ON s.raw_id = c.raw_id WHERE NOT c.is_gone
), clean AS (
    INSERT INTO raw_ingestion.clean_places AS c (raw_id, source, city, ref, name, location, draft,
        sha256, keys, stem, as_of, cleaned_at)
    SELECT raw_id, %(source)s, %(city)s, ref, name,
        ST_SetSRID(ST_MakePoint(longitude, latitude), 4326), draft, sha256, keys, stem, as_of,
        %(now)s
    FROM staged_records WHERE raw_id IS NOT NULL AND ref IS NOT NULL
    ON CONFLICT (raw_id) DO UPDATE SET
        ref = EXCLUDED.ref, name = EXCLUDED.name, location = EXCLUDED.location,
        draft = EXCLUDED.draft, sha256 = EXCLUDED.sha256, keys = EXCLUDED.keys,
        stem = EXCLUDED.stem, as_of = EXCLUDED.as_of, cleaned_at = EXCLUDED.cleaned_at,
        is_gone = false
    WHERE c.sha256 <> EXCLUDED.sha256 OR c.draft <> EXCLUDED.draft OR c.keys <> EXCLUDED.keys
        OR c.is_gone
    RETURNING raw_id
), refused AS (
    UPDATE raw_ingestion.clean_places c SET is_gone = true
    FROM staged_records s
    WHERE c.raw_id = s.raw_id AND s.ref IS NULL AND NOT c.is_gone
    RETURNING c.raw_id
)
INSERT INTO raw_ingestion.pending (raw_id, city, before)
SELECT raw_id, %(city)s, b.draft
FROM (SELECT raw_id FROM clean UNION ALL SELECT raw_id FROM refused) AS touched
LEFT JOIN before b USING (raw_id)
ON CONFLICT (raw_id) DO NOTHING
"""
_SEEN: Final = """
INSERT INTO raw_ingestion.seen (job_id, raw_id) SELECT %s, unnest(%s::bigint[])
ON CONFLICT DO NOTHING
"""
_KNOWN: Final = """
SELECT external_ref, id, sha256, parser_version, missing_syncs
FROM raw_ingestion.records WHERE source = %s AND city = %s AND external_ref = ANY(%s::text[])
"""
_SEEN_BEFORE: Final = """
SELECT r.external_ref FROM raw_ingestion.records r
JOIN raw_ingestion.seen s ON s.raw_id = r.id AND s.job_id = %s
WHERE r.source = %s AND r.city = %s AND r.external_ref = ANY(%s)
"""
_UNSEEN: Final = """
FROM raw_ingestion.records r
WHERE r.source = %(source)s AND r.city = %(city)s AND r.gone_at IS NULL
    AND NOT EXISTS (
        SELECT FROM raw_ingestion.seen s WHERE s.job_id = %(job)s AND s.raw_id = r.id)
"""
_MISS: Final = f"""
WITH missed AS (
    UPDATE raw_ingestion.records u SET missing_syncs = u.missing_syncs + 1,
        gone_at = CASE WHEN u.missing_syncs + 1 >= %(grace)s THEN %(now)s END
    WHERE u.id IN (SELECT r.id {_UNSEEN})
    RETURNING u.id, u.gone_at
), gone AS (
    UPDATE raw_ingestion.clean_places c SET is_gone = true
    FROM missed m WHERE m.id = c.raw_id AND m.gone_at IS NOT NULL AND NOT c.is_gone
    RETURNING c.raw_id, c.draft
), queued AS (
    INSERT INTO raw_ingestion.pending (raw_id, city, before)
    SELECT raw_id, %(city)s, draft FROM gone
    ON CONFLICT (raw_id) DO NOTHING
)
SELECT count(*), count(gone_at) FROM missed
"""  # noqa: S608 - built from the constants above


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of one batch, or of all so far."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0  # of those that are new or changed
    ended_early: bool = False

    def __add__(self, other: Received) -> Received:
        return Received(
            read=self.read + other.read,
            new=self.new + other.new,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            refused=self.refused + other.refused,
            ended_early=self.ended_early or other.ended_early,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """What a whole listing no longer named; `is_held_back` where that was too much to believe."""

    missing: int = 0
    gone: int = 0
    is_held_back: bool = False


@dataclass(frozen=True)
class Receiver:
    """Receives the rows of one source for one city, for one job."""

    checker: Checker
    job_id: int
    is_reparse: bool = False

    def receive(self, rows: Sequence[Row | Refusal], *, now: datetime) -> Received:
        """Keep one batch. Call inside a transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            batch, seen = self._news(cursor, [arrive(row) for row in rows])
            results = [self._result(one) for one, _ in batch]
            if batch:
                self._write(cursor, batch, results, now)
                cursor.execute("SELECT raw_id FROM staged_records WHERE raw_id IS NOT NULL")
                seen += [raw_id for (raw_id,) in cursor.fetchall()]
                cursor.execute("DROP TABLE staged_records")
            if not self.is_reparse:
                cursor.execute(_SEEN, [self.job_id, seen])
        new = sum(is_new for _, is_new in batch)
        return Received(
            read=len(rows),
            new=new,
            changed=len(batch) - new,
            unchanged=len(rows) - len(batch),
            refused=sum(isinstance(result, Refusal) for result in results),
            ended_early=any(isinstance(row, Refusal) and row.ends_early for row in rows),
        )

    def _result(self, one: Arrived) -> Clean | Refusal:
        return one.refusal or self.checker.check(one.row)

    def _news(
        self, cursor: Any, arrived: Sequence[Arrived]
    ) -> tuple[list[tuple[Arrived, bool]], list[int]]:
        """Return what is new (True) or changed (False), and the ids of what is known already."""
        named = _apart(self._renamed(cursor, arrived))
        known = self._known(cursor, named)
        news: list[tuple[Arrived, bool]] = []
        seen: list[int] = []
        for ref, one in named.items():
            if ref not in known:
                news.append((one, True))
                continue
            raw_id, digest, version, missing = known[ref]
            same = digest == one.digest and version == self.checker.adapter.parser_version
            if same and not missing and not self.is_reparse:
                seen.append(raw_id)
            else:
                news.append((one, False))
        return news, seen

    def _known(self, cursor: Any, refs: Iterable[str]) -> Mapping[str, tuple[int, bytes, int, int]]:
        adapter = self.checker.adapter
        cursor.execute(_KNOWN, [adapter.terms.slug, self.checker.city, arrays.texts(refs)])
        return {ref: (n, bytes(sha), version, gone) for ref, n, sha, version, gone in cursor}

    def _renamed(self, cursor: Any, arrived: Sequence[Arrived]) -> Sequence[Arrived]:
        """
        Return the batch, each row under a name of its own.

        Where a source gives one name to two rows, the second that comes is named by its content
        too, so that neither overwrites the other in every run.
        """
        if self.is_reparse:
            return arrived
        known = self._known(cursor, [one.ref for one in arrived])
        differing = [one for one in arrived if one.ref in known and known[one.ref][1] != one.digest]
        if not differing:
            return arrived
        refs = [one.ref for one in differing]
        twins = self._known(cursor, [_twin(one) for one in differing])
        args = [self.job_id, self.checker.adapter.terms.slug, self.checker.city, refs]
        cursor.execute(_SEEN_BEFORE, args)
        taken = {ref for (ref,) in cursor.fetchall()}
        here = {one.ref for one in arrived if one.ref in known and known[one.ref][1] == one.digest}
        repeats = {id(one) for one in differing if one.ref in taken | here or _twin(one) in twins}
        return [replace(one, ref=_twin(one)) if id(one) in repeats else one for one in arrived]

    def _write(
        self,
        cursor: Any,
        batch: Sequence[tuple[Arrived, bool]],
        results: Sequence[Clean | Refusal],
        now: datetime,
    ) -> None:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for n, ((one, _), result) in enumerate(zip(batch, results, strict=True)):
                copy.write_row(
                    (n, one.ref, one.payload.decode(), one.digest, one.where, *_columns(result))
                )
        adapter = self.checker.adapter
        args = {
            "source": adapter.terms.slug,
            "city": self.checker.city,
            "version": adapter.parser_version,
            "now": now,
            "is_reparse": self.is_reparse,
        }
        cursor.execute(_KEEP, args)
        cursor.execute(_CLEAN, args)

    def miss(self, *, grace: int, now: datetime) -> Vanished:
        """
        Count what the whole listing of this job did not name; what was missing often enough is gone.

        Where most of what is known would be missing, nothing is believed. Call in a transaction.
        """
        args: dict[str, Any] = {
            "source": self.checker.adapter.terms.slug,
            "city": self.checker.city,
            "job": self.job_id,
            "grace": grace,
            "now": now,
        }
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {_UNSEEN}", args)
            (missing,) = cursor.fetchone()
            if not missing:
                return Vanished()
            cursor.execute(
                "SELECT count(*) FROM raw_ingestion.records WHERE source = %(source)s"
                " AND city = %(city)s AND gone_at IS NULL",
                args,
            )
            (known,) = cursor.fetchone()
            if is_too_many(missing, known=known):
                return Vanished(missing=missing, is_held_back=True)
            cursor.execute(_MISS, args)
            missed, gone = cursor.fetchone()
        return Vanished(missing=missed, gone=gone)

    def forget(self) -> None:
        """Drop the notes of what this job saw."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM raw_ingestion.seen WHERE job_id = %s", [self.job_id])


def is_too_many(missing: int, *, known: int) -> bool:
    """Tell whether so much is missing that it is the listing that is wrong."""
    return missing >= VANISHED_ROWS_LOW and missing > known * VANISHED_SHARE_HIGH


def _apart(arrived: Iterable[Arrived]) -> dict[str, Arrived]:
    """Return the rows of a batch by reference; one that another has too is named by its content."""
    named: dict[str, Arrived] = {}
    for one in arrived:
        before = named.get(one.ref)
        if before is None:
            named[one.ref] = one
        elif before.digest != one.digest:
            twin = replace(one, ref=_twin(one))
            named.setdefault(twin.ref, twin)
    return named


def _twin(one: Arrived) -> str:
    return f"{one.ref[:100]}#{one.digest.hex()[:16]}"


def _columns(result: Clean | Refusal) -> tuple[Any, ...]:
    if isinstance(result, Refusal):
        text = result.text.encode("utf-8", "replace").decode().replace("\0", "")[:SHOWN]
        return (result.reason, text, result.expected, *(None,) * 8)
    draft = result.draft
    return (
        "", "", False, draft.ref, draft.name, draft.longitude, draft.latitude, result.said.decode(),
        result.keys, result.stem, draft.as_of,
    )  # fmt: skip
