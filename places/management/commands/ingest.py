"""`manage.py ingest SOURCE --city seoul`: ask one source, or clean or merge anew what is kept of it."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from places.adapters.registry import SOURCES, SourceUnknown, find_adapter
from places.models import IngestionJob, JobKind, JobStatus
from places.services.cities import store_city
from places.services.ingestion.publishing import queue_all
from places.services.ingestion.references import NoOutline, keep_references, load_references
from places.services.ingestion.running import (
    LEASE,
    JobNotRunnable,
    JobRunner,
    Progress,
    has_published,
    new_job,
)
from places.services.judging import known_cities, read_priors
from places.services.storing import store_terms
from places.services.tagging.asking import tags_follow

LOOK_EVERY_S: Final = 10.0  # at a job that another runner may still hold


class Command(BaseCommand):
    help = "Run one ingestion job to its end, from where an earlier one was cut off if need be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(adapter.terms.slug for adapter in SOURCES)
        parser.add_argument("source", help=f"one of {names}, or a table that has a mapping")
        parser.add_argument("--city", required=True, choices=known_cities())
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--file", type=Path, help="the source's file")
        where.add_argument("--folder", type=Path, help="the folder that holds the source's files")
        parser.add_argument(
            "--window", nargs=2, metavar=("START", "END"), help="ISO 8601; only what changed in it"
        )
        parser.add_argument(
            "--option", action="append", default=[], metavar="NAME=VALUE", help="for the adapter"
        )
        parser.add_argument("--resume", action="store_true", help="go on with the last job")
        again = parser.add_mutually_exclusive_group()
        again.add_argument(
            "--reparse", action="store_true", help="clean anew what another parser version cleaned"
        )
        again.add_argument("--merge", action="store_true", help="judge and compose the city anew")
        parser.add_argument("--force", action="store_true", help="with --reparse: all of it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            adapter = find_adapter(options["source"])
        except SourceUnknown as error:
            raise CommandError(f"No adapter reads a source {error}.") from None
        now, city = timezone.now(), options["city"]
        try:
            if options["folder"]:
                keep_references(city=city, folder=options["folder"], now=now)
            references = load_references(city=city)
        except NoOutline:
            raise CommandError(
                f"No district outlines of {city}: name a folder with {city}_districts.geojson."
            ) from None
        store_city(slug=city, facts=read_priors(city).city, outline=references.shape.outline)
        store_terms([adapter.terms])
        job = self._resumed(options) if options["resume"] else self._new(options, now)
        if options["resume"]:
            self._await_lease(job)
        if job.kind == JobKind.MERGE:
            queue_all(city=city)
        self._run(job)

    def _new(self, options: dict[str, Any], now: datetime) -> IngestionJob:
        kind = JobKind.FETCH
        if options["reparse"] or options["merge"]:
            kind = JobKind.REPARSE if options["reparse"] else JobKind.MERGE
        told = {
            name: str(options[name].resolve())
            for name in ("file", "folder")
            if options[name] is not None
        }
        told |= dict(_option(pair) for pair in options["option"])
        if options["force"]:
            told["force"] = "yes"
        start, end = (_moment(text) for text in options["window"] or (None, None))
        return new_job(
            source=options["source"],
            city=options["city"],
            now=now,
            kind=kind,
            options=told,
            window=(start, end),
        )

    def _resumed(self, options: dict[str, Any]) -> IngestionJob:
        """Return the newest job that was cut off on its way, else the newest that did not begin."""
        jobs = (
            IngestionJob.objects.filter(source__slug=options["source"], city=options["city"])
            .exclude(status__in=[JobStatus.SUCCEEDED, JobStatus.CANCELLED])
            .order_by("-created_at", "-pk")
        )
        job = jobs.exclude(cursor={}).first() or jobs.first()
        if job is None:
            raise CommandError("No job of this source was cut off.")
        return job

    def _await_lease(self, job: IngestionJob) -> None:
        """Wait for the lease of a runner that was killed; one that gives a sign of life keeps it."""
        held = job.heartbeat_at
        if job.status != JobStatus.RUNNING or held is None:
            return
        while (left := held + LEASE - timezone.now()) >= timedelta():
            self.stderr.write(
                f"Its last runner may still be at it: asked again in {left.seconds + 1} s."
            )
            sleep(min(left.total_seconds() + 0.1, LOOK_EVERY_S))
            job.refresh_from_db()
            if job.status != JobStatus.RUNNING or job.heartbeat_at != held:
                raise CommandError("The job is running: its runner gave a sign of life.")

    def _run(self, job: IngestionJob) -> None:
        with follow() as show:
            try:
                job = JobRunner(clock=timezone.now, report=show).run(job_id=job.pk)
            except JobNotRunnable as error:
                raise CommandError(str(error)) from None
        if job.status != JobStatus.SUCCEEDED:
            raise CommandError(f"Job {job.pk} failed: {job.error}")
        for stage, counts in job.counts.items():
            self.stdout.write(f"{stage}: {', '.join(_told(counts))}")
        if has_published(job):
            self.stdout.write(tags_follow(job.city))


@contextmanager
def follow() -> Iterator[Callable[[Progress], None]]:
    """Draw how far a job is, on a terminal only; each stage counts from nought."""
    with tqdm(unit=" rows", disable=None, mininterval=0.5) as bar:

        def show(progress: Progress) -> None:
            if progress.done < bar.n:
                bar.reset()
            bar.set_description_str(progress.stage, refresh=False)
            if progress.pending is not None:
                bar.total = progress.done + progress.pending
            bar.update(progress.done - bar.n)

        yield show


def _told(counts: Mapping[str, int | bool]) -> Iterator[str]:
    """Yield each count with its name, and the name alone of what is true: "2 read", "ended early"."""
    for name, value in counts.items():
        if not isinstance(value, bool):
            yield f"{value:,} {name}"
        elif value:
            yield name.replace("_", " ")


def _option(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    if not name or not value:
        raise CommandError(f"{pair} is no NAME=VALUE.")
    return name, value


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parse_datetime(text if "T" in text else f"{text}T00:00:00")
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{text} is no time such as 2026-11-21 or 2026-11-21T09:00:00+09:00.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
