"""
Finds the jobs that are due: of each active source, every window that no job has served yet.

A window is `every_min` long and begins at a multiple of that since 1970, so that it needs no memory
which windows were missed while nothing ran: those behind the last one served, up to CATCH_UP. A
source that lists everything each time is asked once for all that was missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from celery import current_app
from django.db.models import Q

from places.adapters.registry import SourceUnknown, find_adapter
from places.adapters.source import SourceAdapter
from places.models import ContentSource, IngestionJob, JobKind, JobStatus
from places.services.ingestion.running import ATTEMPTS_HIGH, LEASE, new_job

CATCH_UP: Final = timedelta(days=14)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Window = tuple[datetime, datetime]


def queue_run(job_id: int) -> None:
    """Ask a worker to run a job."""
    current_app.send_task("places.tasks.run_ingestion", kwargs={"job_id": job_id})


@dataclass(frozen=True)
class Schedule:
    """Queues what is due."""

    queue: Callable[[int], None] = queue_run
    find: Callable[[str], SourceAdapter] = find_adapter

    def start_due(self, *, now: datetime) -> list[int]:
        """Queue the jobs that are due and those to be tried again; return their ids in order."""
        self._make_due(now)
        ids = list(
            IngestionJob.objects.filter(
                Q(status=JobStatus.QUEUED)
                | Q(status=JobStatus.FAILED, next_attempt_at__lte=now, attempt__lt=ATTEMPTS_HIGH)
                | Q(status=JobStatus.RUNNING, heartbeat_at__lt=now - LEASE),
                source__is_active=True,
                source__every_min__isnull=False,
            )
            .order_by("window_start", "pk")
            .values_list("pk", flat=True)
        )
        for job_id in ids:
            self.queue(job_id)
        return ids

    def _make_due(self, now: datetime) -> None:
        sources = ContentSource.objects.filter(is_active=True, every_min__isnull=False)
        for source in sources.order_by("slug"):
            try:
                adapter = self.find(source.slug)
            except SourceUnknown:
                continue
            for city in source.cities:
                for window in due_windows(source, adapter, city=city, now=now):
                    self._make(source, adapter, city, window, now)

    def _make(
        self,
        source: ContentSource,
        adapter: SourceAdapter,
        city: str,
        window: Window,
        now: datetime,
    ) -> None:
        # A whole listing has no window of its own, but the job still says when it was due.
        options = {} if _asks_by_window(adapter) else {"due": window[0].isoformat()}
        bounds = window if _asks_by_window(adapter) else (None, None)
        new_job(source=source.slug, city=city, now=now, options=options, window=bounds)


def due_windows(
    source: ContentSource, adapter: SourceAdapter, *, city: str, now: datetime
) -> list[Window]:
    """Return the windows that are over and that no job stands for, the oldest first."""
    every = timedelta(minutes=source.every_min or 0)
    jobs = IngestionJob.objects.filter(
        source__slug=source.slug, city=city, kind=JobKind.FETCH
    ).exclude(status=JobStatus.CANCELLED)
    if not _asks_by_window(adapter):
        end = _floor(now, every)
        if jobs.filter(created_at__gte=end).exists():
            return []
        return [(end - every, end)]
    starts = jobs.values_list("window_start", flat=True)
    served = {start for start in starts if start is not None}
    first = min(served, default=_floor(now, every) - every)
    return [
        window
        for window in _windows(max(first, _floor(now - CATCH_UP, every)), now, every)
        if window[0] not in served
    ]


def _asks_by_window(adapter: SourceAdapter) -> bool:
    return adapter.has_windows and not adapter.lists_all


def _floor(at: datetime, every: timedelta) -> datetime:
    return EPOCH + (at - EPOCH) // every * every


def _windows(first: datetime, now: datetime, every: timedelta) -> Iterator[Window]:
    start = first
    while start + every <= now:
        yield start, start + every
        start += every
