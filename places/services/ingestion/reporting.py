"""Says what became of each source's rows, from what is stored of them."""

from __future__ import annotations

from typing import Final

import orjson
from django.db import connection

from places.adapters.source import Feed, SourceAdapter
from places.services.ingestion.checking import UNREADABLE
from places.services.ingestion.coding import hours_from_json
from places.services.ingestion.judging_rows import HOURS_READ
from places.types import Refusal, SourceReport

_ROWS: Final = """
SELECT r.position, r.external_ref LIKE %s, r.refusal, r.refusal_text, r.is_expected,
    coalesce(c.role, ''), coalesce(c.refusal, ''), coalesce(c.refusal_text, ''),
    coalesce(c.is_expected, false), coalesce(c.hours, ''), (c.draft -> 'hours')::text
FROM raw_ingestion.records r
LEFT JOIN raw_ingestion.clean_places c ON c.raw_id = r.id AND NOT c.is_gone
WHERE r.source = %s AND r.city = %s AND r.gone_at IS NULL ORDER BY r.id
"""


def report_of(adapter: SourceAdapter, *, feed: Feed, error: str = "") -> SourceReport:
    """Return what became of the rows of one source in one city."""
    slug = adapter.terms.slug
    files = [name for name in adapter.files if feed.find(adapter.files, name)]
    report = SourceReport(source=slug, files=files)
    if error:
        report.refusals.append(Refusal("the source", "failed", error))
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [f"{UNREADABLE}-%", slug, feed.city])
        for row in cursor.fetchall():
            _count(report, row)
    return report


def _count(report: SourceReport, row: tuple[object, ...]) -> None:
    where, is_unreadable, reason, text, expected, role, refused, said, by_design, hours, told = row
    report.read += 1
    if is_unreadable or reason:
        report.refusals.append(Refusal(str(where), str(reason), str(text), bool(expected)))
        return
    if role == "refused":
        report.refusals.append(Refusal(str(where), str(refused), str(said), bool(by_design)))
    report.kept += role == "lead"
    report.merged += role == "merged"
    report.attached += role == "attached"
    if hours == HOURS_READ:
        report.hours_parsed += 1
    elif hours:
        text = hours_from_json(orjson.loads(str(told))).text
        report.hours_refused.append(Refusal(str(where), str(hours), text))
    report.hours_said += bool(hours)
