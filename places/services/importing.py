"""Imports a folder of open data into one city: every source found in it, then one publishing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from places.adapters.registry import Sources, list_sources
from places.adapters.source import Feed, SourceAdapter
from places.models import City, JobKind, JobStatus, Place
from places.services.cities import areas_version, store_city
from places.services.encoding import Encodings, current_encoder
from places.services.ingestion.publishing import Publisher, queue_all
from places.services.ingestion.references import (
    CityReferences,
    NoOutline,
    keep_references,
    load_references,
)
from places.services.ingestion.reporting import report_of
from places.services.ingestion.running import JobRunner, Progress, new_job
from places.services.judging import read_priors
from places.services.storing import PlaceStore, store_terms
from places.services.surveying import TableSurvey
from places.services.tagging.asking import ask_to_tag
from places.types import SourceReport, StoreCounts

IMPORTED: Final = "import-"  # how the data version of an imported city begins

__all__ = ["IMPORTED", "CityImport", "ImportReport", "NoOutline", "NothingToImport"]


class NothingToImport(ValueError):
    """The folder holds no file of any source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import read and changed."""

    sources: tuple[SourceReport, ...]
    absent: tuple[str, ...]
    faulty: tuple[str, ...]  # what is wrong with each mapping that was left out
    places: int
    counts: StoreCounts | None  # None: a dry run


@dataclass(frozen=True)
class CityImport:
    """Imports one folder: of each source in it a job, and one publishing for all."""

    known: Sources = field(default_factory=list_sources)
    store: PlaceStore = field(default_factory=PlaceStore)
    survey: TableSurvey = field(default_factory=TableSurvey)
    report: Callable[[Progress], None] = lambda _: None

    def run(
        self, *, folder: Path, city: str, now: datetime, is_dry_run: bool = False
    ) -> ImportReport:
        """
        Import `folder` as the places of `city`. A dry run leaves nothing behind.

        Raises:
            NoOutline: no district outlines are found for the city.
            NothingToImport: no source finds a file.
        """
        if not is_dry_run:
            return self._run(folder, city, now)
        with transaction.atomic():
            report = self._run(folder, city, now)
            transaction.set_rollback(True)
        return ImportReport(
            sources=report.sources,
            absent=report.absent,
            faulty=report.faulty,
            places=report.places,
            counts=None,
        )

    def _run(self, folder: Path, city: str, now: datetime) -> ImportReport:
        feed = Feed(city=city, folder=folder)
        found = [one for one in self.known.adapters if one.is_found(feed)]
        if not found:
            load_references(city=city)
            raise NothingToImport(str(folder))
        is_changed = keep_references(city=city, folder=folder, now=now)
        references = load_references(city=city)
        store_city(slug=city, facts=read_priors(city).city, outline=references.shape.outline)
        store_terms([adapter.terms for adapter in found])
        errors = {one.terms.slug: self._receive(one, folder, city, now) for one in found}
        counts = self._publish(references, now, everything=is_changed)
        with transaction.atomic():
            _set_version(city)
            # Though nothing changed now: an import that was killed before this has left its places.
            ask_to_tag(city=city, now=now)
        self.survey.run(changed=counts.created + counts.updated)
        places = Place.objects.active().of_city(city).exclude(content_hash="").count()
        return ImportReport(
            sources=tuple(report_of(one, feed=feed, error=errors[one.terms.slug]) for one in found),
            absent=tuple(
                one.terms.slug for one in self.known.adapters if one.files and one not in found
            ),
            faulty=self.known.faults,
            places=places,
            # What no change concerns is not even judged.
            counts=replace(counts, unchanged=places - counts.created - counts.updated),
        )

    def _receive(self, adapter: SourceAdapter, folder: Path, city: str, now: datetime) -> str:
        """Receive one source; return what failed, or ""."""
        options: dict[str, Any] = {"folder": str(folder)}
        job = new_job(
            source=adapter.terms.slug, city=city, now=now, kind=JobKind.FETCH, options=options
        )
        runner = JobRunner(clock=lambda: now, store=self.store, find=self._find, report=self.report)
        job = runner.run(job_id=job.pk, publishes=False)
        return "" if job.status == JobStatus.SUCCEEDED else job.error

    def _find(self, slug: str) -> SourceAdapter:
        return next(adapter for adapter in self.known.adapters if adapter.terms.slug == slug)

    def _publish(
        self, references: CityReferences, now: datetime, *, everything: bool
    ) -> StoreCounts:
        if everything:
            queue_all(city=references.city)
        total = StoreCounts()
        done = 0
        for counts in Publisher(references=references, store=self.store).publish(
            origin="import", now=now
        ):
            total += counts
            done += counts.created + counts.updated + counts.unchanged
            self.report(Progress(stage="publishing", done=done))
        encodings, done = Encodings(self.store.encoder or current_encoder()), 0
        for count in encodings.fill(city=references.city):
            done += count
            self.report(Progress(stage="encoding", done=done))
        return total


def _set_version(city: str) -> None:
    """Name the city's data by what its places hold and which areas it has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(string_agg(content_hash, '' ORDER BY content_hash), '')
            FROM places_place WHERE city_id = %s AND is_active AND content_hash <> ''
            """,
            [city],
        )
        (hashes,) = cursor.fetchone()
    digest = hashlib.sha256(hashes.encode()).hexdigest()[:12]
    version = f"{IMPORTED}{digest}-{areas_version(city)}"
    City.objects.filter(slug=city).exclude(data_version=version).update(data_version=version)
