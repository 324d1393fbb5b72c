"""Decisions about pairs of records: what the rules found, and what operators rule, which wins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Final

import orjson
from django.db import connection, transaction

from common.postgis import arrays
from places.adapters.cleaning import road_address
from places.models import MergeDecision, Verdict
from places.services.grouping import Judged, Rulings
from places.services.likeness import folded
from places.services.locating import metres
from places.types import Draft

Key = tuple[str, str]  # source, reference

_ABOUT: Final = """
SELECT d.source_a, d.ref_a, d.source_b, d.ref_b, d.verdict
FROM unnest(%s::text[], %s::text[]) AS g(source, ref)
JOIN places_mergedecision d ON d.source_a = g.source AND d.ref_a = g.ref
WHERE d.decided_by <> ''
"""
_STALE: Final = """
DELETE FROM places_mergedecision d USING unnest(%(sources)s::text[], %(refs)s::text[]) AS g(source, ref)
WHERE d.source_a = g.source AND d.ref_a = g.ref AND d.decided_by = ''
    AND NOT EXISTS (
        SELECT FROM unnest(%(a_sources)s::text[], %(a_refs)s::text[], %(b_sources)s::text[],
            %(b_refs)s::text[]) AS n(source_a, ref_a, source_b, ref_b)
        WHERE n.source_a = d.source_a AND n.ref_a = d.ref_a AND n.source_b = d.source_b
            AND n.ref_b = d.ref_b)
"""
_KEEP: Final = """
INSERT INTO places_mergedecision AS d
    (source_a, ref_a, source_b, ref_b, verdict, rule, scores, decided_by, decided_at)
SELECT n.*, '', %s FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::text[], %s::jsonb[]) AS n(source_a, ref_a, source_b, ref_b, verdict, rule, scores)
ON CONFLICT (source_a, ref_a, source_b, ref_b) DO UPDATE
SET verdict = EXCLUDED.verdict, rule = EXCLUDED.rule, scores = EXCLUDED.scores,
    decided_at = EXCLUDED.decided_at
WHERE d.decided_by = ''
    AND (d.verdict, d.rule, d.scores) IS DISTINCT FROM (EXCLUDED.verdict, EXCLUDED.rule, EXCLUDED.scores)
"""


def rulings_about(keys: Sequence[Key]) -> Rulings:
    """Return what operators ruled of pairs among these records."""
    found: dict[str, set[tuple[str, str]]] = {Verdict.SAME: set(), Verdict.DIFFERENT: set()}
    with connection.cursor() as cursor:
        cursor.execute(
            _ABOUT,
            [arrays.texts(source for source, _ in keys), arrays.texts(ref for _, ref in keys)],
        )
        for source_a, ref_a, source_b, ref_b, verdict in cursor.fetchall():
            a, b = sorted((f"{source_a}:{ref_a}", f"{source_b}:{ref_b}"))
            found[verdict].add((a, b))
    return Rulings(
        same=frozenset(found[Verdict.SAME]), different=frozenset(found[Verdict.DIFFERENT])
    )


def keep(judged: Iterable[Judged], *, among: Collection[Key], now: datetime) -> None:
    """Keep what the rules found among these records, in place of what they found before."""
    rows: dict[tuple[str, str, str, str], tuple[str, str, str]] = {}
    for one in judged:
        if one.rule != "operator":
            verdict = Verdict.SAME if one.is_same else Verdict.DIFFERENT
            told = (verdict.value, one.rule, orjson.dumps(scores_of(one.a, one.b)).decode())
            # The rule that was asked first is the strongest.
            rows.setdefault(_pair(_key(one.a), _key(one.b)), told)
    pairs = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    told_columns = [list(column) for column in zip(*rows.values(), strict=True)] or [[], [], []]
    stale: dict[str, Any] = {
        "sources": arrays.texts(source for source, _ in among),
        "refs": arrays.texts(ref for _, ref in among),
        **dict(zip(("a_sources", "a_refs", "b_sources", "b_refs"), pairs, strict=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STALE, stale)
        if rows:
            cursor.execute(_KEEP, [now, *pairs, *told_columns])


def scores_of(a: Draft, b: Draft) -> dict[str, Any]:
    """Return what two records are judged by, each part in [0, 1] or in its unit."""
    road = road_address(a.address)
    shared = set(a.identifiers.items()) & set(b.identifiers.items())
    return {
        "names": round(SequenceMatcher(None, folded(a.name), folded(b.name)).ratio(), 3),
        "metres": round(metres(a, b), 1),
        "categories": [a.category, b.category],
        "same_address": bool(road) and road == road_address(b.address),
        "identifiers": sorted(kind for kind, _ in shared),
    }


@dataclass(frozen=True)
class Rulership:
    """Takes in what operators decide; the next publishing follows it."""

    @transaction.atomic
    def rule(self, *, a: Key, b: Key, verdict: Verdict, operator: str, now: datetime) -> None:
        """
        Decide whether two records are of one place, for good.

        Raises:
            ValueError: the two are one record, or nobody decides.
        """
        if a == b or not operator:
            raise ValueError("Two records and a name are needed.")
        source_a, ref_a, source_b, ref_b = _pair(a, b)
        MergeDecision.objects.update_or_create(
            source_a=source_a,
            ref_a=ref_a,
            source_b=source_b,
            ref_b=ref_b,
            defaults={
                "verdict": verdict,
                "rule": "operator",
                "decided_by": operator,
                "decided_at": now,
            },
        )
        _queue([a, b])

    @transaction.atomic
    def take_back(self, *, a: Key, b: Key) -> None:
        """Leave it to the rules again."""
        source_a, ref_a, source_b, ref_b = _pair(a, b)
        MergeDecision.objects.filter(
            source_a=source_a, ref_a=ref_a, source_b=source_b, ref_b=ref_b
        ).exclude(decided_by="").delete()
        _queue([a, b])


def _queue(keys: Sequence[Key]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO raw_ingestion.pending (raw_id, city)
            SELECT c.raw_id, c.city FROM unnest(%s::text[], %s::text[]) AS g(source, ref)
            JOIN raw_ingestion.clean_places c
                ON c.source = g.source AND g.ref IN (c.ref, 'site-' || c.ref) AND NOT c.is_gone
            ON CONFLICT (raw_id) DO NOTHING
            """,
            [[source for source, _ in keys], [ref for _, ref in keys]],
        )


def _key(draft: Draft) -> Key:
    return draft.source, draft.ref


def _pair(a: Key, b: Key) -> tuple[str, str, str, str]:
    return (*a, *b) if a < b else (*b, *a)
