"""What operators ask of jobs: to begin, to be tried again, to be given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from common import outbox
from common.errors import DomainError, Kind
from common.languages import Bilingual
from common.outbox import Effect, OutboxHandler, outbox_handlers
from places.models import ContentSource, IngestionJob, JobKind, JobStatus
from places.services.ingestion.running import new_job
from places.services.ingestion.scheduling import queue_run

ASKED: Final = "places.ingestion_asked"
RESTING: Final = (JobStatus.FAILED, JobStatus.CANCELLED)
OPEN: Final = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED)


class SourceHasNoCity(DomainError):
    """Nobody said for which cities the source is asked."""

    kind = Kind.CONFLICT
    code = "places/source-has-no-city"
    detail = Bilingual(
        ko="이 출처를 가져올 도시가 정해지지 않았어요. cities를 먼저 채워 주세요.",
        en="No city is set for this source: fill in its cities first.",
    )


class JobNotRestartable(DomainError):
    """The job has not failed, or another one like it waits already."""

    kind = Kind.CONFLICT
    code = "places/job-not-restartable"
    detail = Bilingual(
        ko="실패하거나 취소된 작업만 다시 시도할 수 있고, 같은 작업이 이미 기다리면 그럴 필요가 없어요.",
        en="Only a job that failed or was cancelled is tried again, unless one like it waits already.",
    )


class JobHasEnded(DomainError):
    """There is nothing left of the job that could be cancelled."""

    kind = Kind.CONFLICT
    code = "places/job-has-ended"
    detail = Bilingual(ko="이미 끝난 작업이에요.", en="The job has ended already.")


@dataclass(frozen=True)
class JobDesk:
    """Takes in what operators ask of jobs; a worker does it."""

    @transaction.atomic
    def fetch(self, *, source: str, now: datetime) -> Sequence[int]:
        """
        Ask a source now, for each of its cities; return the ids of the jobs.

        Raises:
            SourceHasNoCity: nobody said for which.
        """
        cities = ContentSource.objects.values_list("cities", flat=True).get(slug=source)
        if not cities:
            raise SourceHasNoCity
        jobs = [new_job(source=source, city=city, now=now).pk for city in cities]
        for job_id in jobs:
            ask_to_run(job_id=job_id, now=now)
        return jobs

    @transaction.atomic
    def merge(self, *, source: str, city: str, now: datetime) -> int:
        """Have what waits to be judged in a city judged now; return the id of the job."""
        job = new_job(source=source, city=city, now=now, kind=JobKind.MERGE)
        ask_to_run(job_id=job.pk, now=now)
        return int(job.pk)

    @transaction.atomic
    def retry(self, *, job_id: int, now: datetime) -> None:
        """
        Let a job that failed or was cancelled go on from where it stopped.

        Raises:
            JobNotRestartable: it has not, or one like it waits already.
        """
        try:
            with transaction.atomic():
                restarted = IngestionJob.objects.filter(pk=job_id, status__in=RESTING).update(
                    status=JobStatus.QUEUED, attempt=0, next_attempt_at=None, finished_at=None
                )
        except IntegrityError:  # of the same source, city and window one waits at a time
            raise JobNotRestartable from None
        if not restarted:
            raise JobNotRestartable
        ask_to_run(job_id=job_id, now=now)

    def cancel(self, *, job_id: int, now: datetime) -> None:
        """
        Give a job up. One that runs stops at its next batch: its lease is gone.

        Raises:
            JobHasEnded: it succeeded, or was cancelled before.
        """
        cancelled = IngestionJob.objects.filter(pk=job_id, status__in=OPEN).update(
            status=JobStatus.CANCELLED, runner=None, next_attempt_at=None, finished_at=now
        )
        if not cancelled:
            raise JobHasEnded


def ask_to_run(*, job_id: int, now: datetime) -> None:
    """Have a worker run the job once the open transaction commits, though the broker be away now."""
    outbox.record(kind=ASKED, payload={"job": job_id}, dedupe_key=f"{job_id}/{now.isoformat()}")


def deliver_to_worker(effect: Effect) -> None:
    queue_run(effect.payload["job"])


def register_asking() -> None:
    """Let the outbox know how a job that an operator asked for reaches a worker."""
    outbox_handlers.add(OutboxHandler(name=ASKED, deliver=deliver_to_worker, is_in_database=False))
