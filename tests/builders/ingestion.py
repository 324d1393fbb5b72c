"""Makes sources of places, jobs and what they leave behind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from places.adapters.source import Feed, SourceAdapter
from places.models import IngestionJob
from places.services.ingestion.references import keep_references
from places.services.ingestion.running import JobRunner, new_job
from places.services.storing import store_terms
from places.types import Draft, Refusal, Row, SourceTerms
from tests.builders.places import make_city

WRITTEN = (
    "places_place", "places_placesource", "places_placesynclog", "places_mergedecision",
    "raw_ingestion.records", "raw_ingestion.clean_places", "raw_ingestion.pending",
    "raw_ingestion.city_references", "places_city",
)  # fmt: skip


def empty_raw_tables() -> None:
    """Empty what no model empties, behind a test whose transactions commit."""
    with connection.cursor() as cursor:
        for table in ("records", "clean_places", "pending", "seen", "city_references"):
            cursor.execute(f"DELETE FROM raw_ingestion.{table}")


@dataclass
class ListedPlaces(SourceAdapter):
    """A source whose rows are given: a name and where it lies, and what else a draft may say."""

    rows: Sequence[dict[str, Any] | Refusal] = ()
    slug: str = "listed"
    parser_version: int = 1
    lists_all: bool = True
    has_windows: bool = True
    grace_syncs: int = 1
    fails_behind: int | None = None  # raises OSError after so many rows
    has_cursor: bool = False
    asked: list[Feed] = field(default_factory=list)

    @property
    def terms(self) -> SourceTerms:  # type: ignore[override] # made of the fields above
        return SourceTerms(
            slug=self.slug,
            name=f"Places that {self.slug} lists",
            kind="public_data",
            licence="CC0",
            attribution=self.slug,
            may_ship=True,
            grace_syncs=self.grace_syncs,
        )

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        self.asked.append(feed)
        first = feed.cursor["at"] if feed.cursor else 0
        for at, row in enumerate(self.rows[first:], start=first):
            if self.fails_behind is not None and at >= self.fails_behind:
                raise OSError("the line is dead")
            if isinstance(row, Refusal):
                yield row
            else:
                cursor = {"at": at + 1} if self.has_cursor else None
                yield Row(f"row {at + 1}", row, ref=str(row.get("id", "")), cursor=cursor)

    def clean(self, row: Row) -> Draft | Refusal:
        if "name" not in row.values:
            return Refusal(row.where, "unnamed")
        said = {name: value for name, value in row.values.items() if name != "id"}
        defaults: dict[str, Any] = {
            "category": "cafe",
            "source_class": "cafe",
            "latitude": 37.5563,
            "longitude": 126.9236,
        }
        ref = row.ref or str(row.values["name"])
        values = defaults | said
        return Draft(source=self.slug, ref=ref, where=row.where, payload=row.values, **values)


def prepare_city(folder: Path, *, now: datetime) -> None:
    """Keep the folder's references and store the city, without its areas."""
    keep_references(city="seoul", folder=folder, now=now)
    make_city()


def make_job(adapter: SourceAdapter, *, now: datetime, **fields: Any) -> IngestionJob:
    """Return a job of the adapter that waits."""
    store_terms([adapter.terms])
    return new_job(source=adapter.terms.slug, city="seoul", now=now, **fields)


def ingest(
    adapter: SourceAdapter, *, now: datetime, batch: int = 5_000, **fields: Any
) -> IngestionJob:
    """Run a new job of the adapter to its end."""
    job = make_job(adapter, now=now, **fields)
    return make_runner(adapter, now=now, batch=batch).run(job_id=job.pk)


def make_runner(adapter: SourceAdapter, *, now: datetime, batch: int = 5_000) -> JobRunner:
    """Return a runner that knows this adapter alone and reads a clock that stands."""
    return JobRunner(clock=lambda: now, find=lambda _: adapter, batch=batch)


def versions() -> dict[str, list[tuple[Any, ...]]]:
    """Return table → the version of each of its rows: whoever writes a row changes it."""
    found = {}
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"SELECT ctid::text, xmin::text FROM {table} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found
