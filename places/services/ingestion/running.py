"""
Runs ingestion jobs: takes a lease, receives batch by batch, publishes, and says how it went.

After each batch the cursor is stored in the transaction of the batch itself, so that a run that is
killed is taken up where its last whole batch ended. Of one source and city one job runs at a time:
a constraint sees to that, and a lease that ran out lets another runner take over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import structlog
from django.db import IntegrityError, OperationalError, transaction
from uuid_utils.compat import uuid7

from common.collecting import collected_rarely
from common.errors import DomainError, Kind
from common.http import HttpFailed, OutboundHttp
from common.languages import Bilingual
from places.adapters.reading import UnreadableFile
from places.adapters.registry import SourceUnknown, find_adapter
from places.adapters.source import Feed, SourceAbsent, SourceAdapter
from places.models import ContentSource, IngestionJob, JobKind, JobStatus
from places.services.encoding import Encodings, current_encoder
from places.services.ingestion.checking import Checker
from places.services.ingestion.notices import record_failure
from places.services.ingestion.publishing import Publisher, Queue, count_new
from places.services.ingestion.recalling import list_area_names, recall
from places.services.ingestion.receiving import Received, Receiver
from places.services.ingestion.references import NoOutline, load_references
from places.services.ingestion.reparsing import reparsed
from places.services.ingestion.sifting import readable
from places.services.storing import PlaceStore
from places.services.surveying import TableSurvey
from places.services.tagging.asking import ask_to_tag
from places.services.vector_index import VectorIndex
from places.types import Refusal, Row, StoreCounts

logger = structlog.get_logger(__name__)

BATCH: Final = 5_000
LEASE: Final = timedelta(seconds=90)
PATIENCE: Final = timedelta(seconds=20)  # with a source that is slow to give its next rows
LOOK_EVERY: Final = 10  # rows between two looks at the clock
ATTEMPTS_HIGH: Final = 5
BACK_OFF: Final = timedelta(minutes=2)  # before the second attempt; doubled before each after it
# What time may mend; all else is a fault of the file or of ours, and stays failed.
PASSING: Final = (HttpFailed, OperationalError, OSError)
FORESEEN: Final = (DomainError, NoOutline, SourceAbsent, SourceUnknown, UnreadableFile)
ERROR_LENGTH: Final = 2_000


class JobNotRunnable(DomainError):
    """The job ended, or another runner holds it or its source."""

    kind = Kind.CONFLICT
    code = "places/job-not-runnable"
    detail = Bilingual(
        ko="이 작업은 지금 실행할 수 없어요. 이미 끝났거나 같은 출처의 다른 작업이 실행 중이에요.",
        en="This job cannot run now: it has ended, or another job of its source is running.",
    )


class LeaseLost(Exception):
    """Another runner took the job over: this one must not write any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is."""

    stage: str  # "receiving", "publishing", "encoding"
    done: int
    pending: int | None = None  # rows that wait to be published


@dataclass(frozen=True)
class JobRunner:
    """Runs one job to its end, or until its time is up."""

    clock: Callable[[], datetime]
    store: PlaceStore = field(default_factory=PlaceStore)
    http: OutboundHttp = field(default_factory=OutboundHttp)
    find: Callable[[str], SourceAdapter] = find_adapter
    report: Callable[[Progress], None] = lambda _: None
    batch: int = BATCH
    vectors: VectorIndex = field(default_factory=VectorIndex)
    survey: TableSurvey = field(default_factory=TableSurvey)

    def run(
        self, *, job_id: int, budget: timedelta | None = None, publishes: bool = True
    ) -> IngestionJob:
        """
        Run a job, and return it as it then stands.

        With a `budget` it stops behind the batch in which that is spent and stands queued again, to
        go on from its cursor. Without `publishes` what is received waits for another run.

        Raises:
            JobNotRunnable: it may not run now.
        """
        job = self._take(job_id)
        until = None if budget is None else self.clock() + budget
        log = logger.bind(source=job.source_id, city=job.city, job=job.pk)
        try:
            with collected_rarely():
                is_done = self._work(job, until, publishes=publishes)
        except LeaseLost:
            log.warning("ingestion_lease_lost")
            raise JobNotRunnable from None
        except (
            DomainError,
            LookupError,
            SourceAbsent,
            UnreadableFile,
            ValueError,
            *PASSING,
        ) as error:
            self._fail(job, error)
            log.warning("ingestion_failed", error=job.error, attempt=job.attempt)
            self.vectors.restore()
            return job
        status = JobStatus.SUCCEEDED if is_done else JobStatus.QUEUED
        self._end(job, status, brings_news=is_done and publishes and _has_news(job))
        self.vectors.restore()  # which takes longer than a lease: the job is let go before
        if is_done:
            self.survey.run(changed=_count_stored(job))
        log.info("ingestion_done" if is_done else "ingestion_paused", **job.counts)
        return job

    def _take(self, job_id: int) -> IngestionJob:
        """Take the lease of a job, from a runner that gave no sign of life if need be."""
        now, runner = self.clock(), uuid7()
        try:
            with transaction.atomic():
                job = IngestionJob.objects.select_for_update().get(pk=job_id)
                if not _is_free(job, now):
                    raise JobNotRunnable
                _free_source(job, now)
                job.attempt += 1
                job.status, job.runner, job.error = JobStatus.RUNNING, runner, ""
                job.heartbeat_at = now
                job.started_at = job.started_at or now
                job.finished_at = job.next_attempt_at = None
                job.save()
        except IngestionJob.DoesNotExist:
            raise JobNotRunnable from None
        except IntegrityError:  # another job of this source began meanwhile
            raise JobNotRunnable from None
        return job

    def _work(self, job: IngestionJob, until: datetime | None, *, publishes: bool) -> bool:
        """Receive and publish; return False where the time was up before the end."""
        references = load_references(city=job.city)
        adapter = self.find(job.source_id)
        checker = Checker(adapter=adapter, city=job.city, shape=references.shape)
        receiver = Receiver(checker, job.pk, is_reparse=job.kind == JobKind.REPARSE)
        if job.kind != JobKind.MERGE and job.cursor.get("stage") != "publishing":
            if not self._receive(job, receiver, until):
                return False
            self._finish_receiving(job, receiver)
        if not publishes:
            return True
        is_aside = self.vectors.is_better_made_anew(new=count_new(city=job.city))
        is_aside = is_aside and self.vectors.set_aside()
        publisher = Publisher(
            references=references, store=self.store, has_vector_index=not is_aside
        )
        queue = Queue(city=job.city)
        for counts in publisher.publish(origin=job.source_id, now=self.clock()):
            pending = queue.leave(publisher.batch)
            self._count_published(job, counts, pending)
            if pending and until is not None and self.clock() >= until:
                return False
        return self._encode(job, until)

    def _encode(self, job: IngestionJob, until: datetime | None) -> bool:
        """Make the vectors that a bulk of new places was stored without."""
        encodings, done = Encodings(self.store.encoder or current_encoder()), 0
        for count in encodings.fill(city=job.city):
            done += count
            with transaction.atomic():
                self._hold(job)
                job.save(update_fields=["heartbeat_at"])
            self.report(Progress(stage="encoding", done=done))
            if until is not None and self.clock() >= until:
                return False
        return True

    def _receive(self, job: IngestionJob, receiver: Receiver, until: datetime | None) -> bool:
        received = Received(**job.counts.get("received", {}))
        rows = self._rows(job, receiver.checker)
        while batch := self._next_batch(rows):
            with transaction.atomic():
                self._hold(job)
                received += receiver.receive(batch, now=self.clock())
                job.cursor = _cursor_behind(job.cursor, batch)
                job.counts = {**job.counts, "received": _plain(received)}
                job.save(update_fields=["cursor", "counts", "heartbeat_at"])
            self.report(Progress(stage="receiving", done=received.read))
            if until is not None and self.clock() >= until:
                return False
        return True

    def _next_batch(self, rows: Iterator[Row | Refusal]) -> list[Row | Refusal]:
        """Return the next rows: fewer where their source is slow, so that the lease is kept."""
        until, batch = self.clock() + PATIENCE, []
        for row in islice(rows, self.batch):
            batch.append(row)
            if len(batch) % LOOK_EVERY == 0 and self.clock() >= until:
                break
        return batch

    def _rows(self, job: IngestionJob, checker: Checker) -> Iterator[Row | Refusal]:
        """Return the rows that are not stored yet."""
        if job.kind == JobKind.REPARSE:
            return reparsed(
                source=job.source_id,
                city=job.city,
                version=checker.adapter.parser_version,
                is_forced=bool(job.options.get("force")),
                after=job.cursor.get("at", {}).get("id", 0),
            )
        at = job.cursor.get("at")
        rows = checker.adapter.fetch(self._feed(job, checker))
        if at:  # what lies before it was read, and stored, by an earlier run
            return readable(rows, is_begun=True)
        # A service that has nothing new may well give refusals alone; a file that does is none.
        rows = readable(rows, is_begun=not checker.adapter.files)
        return islice(rows, job.cursor.get("rows", 0), None)

    def _feed(self, job: IngestionJob, checker: Checker) -> Feed:
        folder, file = job.options.get("folder"), job.options.get("file")
        return Feed(
            city=job.city,
            folder=Path(folder) if folder else None,
            file=Path(file) if file else None,
            bounds=checker.shape.outline.extent,
            since=job.window_start,
            until=job.window_end,
            cursor=job.cursor.get("at"),
            options={key: str(value) for key, value in job.options.items()},
            areas=list_area_names(city=job.city),
            recall=partial(recall, source=job.source_id, city=job.city),
            http=self.http,
        )

    @transaction.atomic
    def _finish_receiving(self, job: IngestionJob, receiver: Receiver) -> None:
        """Find out what the listing no longer names, where it was whole."""
        self._hold(job)
        ended_early = job.counts.get("received", {}).get("ended_early", False)
        is_whole = job.kind == JobKind.FETCH and job.window_start is None
        if is_whole and receiver.checker.adapter.lists_all and not ended_early:
            grace = ContentSource.objects.values_list("grace_syncs", flat=True)
            vanished = receiver.miss(grace=grace.get(slug=job.source_id), now=self.clock())
            job.counts = {**job.counts, "vanished": _plain(vanished)}
        receiver.forget()
        job.cursor = {**job.cursor, "stage": "publishing"}
        job.save(update_fields=["cursor", "counts", "heartbeat_at"])

    def _count_published(self, job: IngestionJob, counts: StoreCounts, pending: int) -> None:
        """Count what one transaction changed, and tell how many rows still wait."""
        before = StoreCounts(**job.counts.get("published", {}))
        total = {name: value + getattr(before, name) for name, value in _plain(counts).items()}
        with transaction.atomic():
            self._hold(job)
            job.counts = {**job.counts, "published": total}
            job.save(update_fields=["counts", "heartbeat_at"])
        self.report(Progress(stage="publishing", done=sum(total.values()), pending=pending))

    def _hold(self, job: IngestionJob) -> None:
        """Make sure that the lease is still ours, and renew it. Call inside a transaction."""
        held = IngestionJob.objects.select_for_update().filter(
            pk=job.pk, runner=job.runner, status=JobStatus.RUNNING
        )
        if not held.exists():
            raise LeaseLost
        job.heartbeat_at = self.clock()

    def _fail(self, job: IngestionJob, error: Exception) -> None:
        job.error = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        if isinstance(error, PASSING) and job.attempt < ATTEMPTS_HIGH:
            job.next_attempt_at = self.clock() + BACK_OFF * 2 ** (job.attempt - 1)
        self._end(job, JobStatus.FAILED)

    @transaction.atomic
    def _end(self, job: IngestionJob, status: JobStatus, *, brings_news: bool = False) -> None:
        """Let the job go, as it then stands; one that another runner holds is left to it."""
        job.status, runner, job.runner = status, job.runner, None
        job.finished_at = None if status == JobStatus.QUEUED else self.clock()
        if status == JobStatus.QUEUED:
            job.attempt -= 1  # its time was up: that was no failure
        held = IngestionJob.objects.filter(pk=job.pk, runner=runner).update(
            status=job.status,
            runner=None,
            error=job.error,
            attempt=job.attempt,
            next_attempt_at=job.next_attempt_at,
            finished_at=job.finished_at,
        )
        if held and status == JobStatus.FAILED:
            record_failure(job)
        elif held and brings_news:
            ask_to_tag(city=job.city, now=self.clock())


def has_published(job: IngestionJob) -> bool:
    """Tell whether a place is new or another than it was: else nothing is there to be tagged."""
    return _count_stored(job) > 0


def _count_stored(job: IngestionJob) -> int:
    published = StoreCounts(**job.counts.get("published", {}))
    return published.created + published.updated


def _has_news(job: IngestionJob) -> bool:
    """Tell whether there may be more to tag: a row that makes no place may name one, as blogs do."""
    received = job.counts.get("received", {})
    return bool(received.get("new", 0) + received.get("changed", 0)) or has_published(job)


def _is_free(job: IngestionJob, now: datetime) -> bool:
    """Tell whether the job may be taken: it waits, it may be tried again, or its runner is gone."""
    if job.status == JobStatus.RUNNING:
        return job.heartbeat_at is None or job.heartbeat_at < now - LEASE
    return job.status in (JobStatus.QUEUED, JobStatus.FAILED)


def _free_source(job: IngestionJob, now: datetime) -> None:
    """Take the source from other jobs of it whose runner is gone; they may be run again."""
    IngestionJob.objects.filter(
        source__slug=job.source_id,
        city=job.city,
        status=JobStatus.RUNNING,
        heartbeat_at__lt=now - LEASE,
    ).exclude(pk=job.pk).update(
        status=JobStatus.FAILED, runner=None, error="its runner was lost", next_attempt_at=now
    )


def _cursor_behind(cursor: dict[str, Any], batch: list[Row | Refusal]) -> dict[str, Any]:
    last = next((row for row in reversed(batch) if isinstance(row, Row)), None)
    at = last.cursor if last is not None and last.cursor is not None else cursor.get("at")
    return {**cursor, "rows": cursor.get("rows", 0) + len(batch), "at": at}


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in type(value).__slots__}


def new_job(
    *,
    source: str,
    city: str,
    now: datetime,
    kind: str = JobKind.FETCH,
    options: dict[str, Any] | None = None,
    window: tuple[datetime | None, datetime | None] = (None, None),
) -> IngestionJob:
    """Record a job that waits, or return the one of the same source, city and window that does."""
    job, is_new = IngestionJob.objects.get_or_create(
        source__slug=source,
        city=city,
        kind=kind,
        status=JobStatus.QUEUED,
        window_start=window[0],
        defaults={
            "source_id": source,
            "window_end": window[1],
            "options": options or {},
            "created_at": now,
        },
    )
    if not is_new and options is not None and job.options != options:
        job.options, job.cursor, job.counts = options, {}, {}
        job.save(update_fields=["options", "cursor", "counts"])
    return job
