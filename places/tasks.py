"""Background work of places. Each is safe to deliver twice."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from places.services.believing import Beliefs
from places.services.closing_events import PastEvents
from places.services.folding_visits import VisitFolding
from places.services.ingestion.running import JobNotRunnable, JobRunner
from places.services.ingestion.scheduling import Schedule, queue_run
from places.services.refreshing_conditions import ConditionsRefresh
from places.services.settling_reports import ReportDesk
from places.services.tagging.mentions import BlogMentions
from places.services.tagging.reading import TextTagging

# Well within the hard limit of a task: what is not done by then goes on in another one.
INGESTION_BUDGET = timedelta(minutes=6)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def refresh_weather(**_: object) -> None:
    """Fetch the forecasts of every cell that has places."""
    ConditionsRefresh().refresh_weather(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def refresh_areas(**_: object) -> None:
    """Ask Seoul how full its busy areas are and how their roads flow."""
    ConditionsRefresh().refresh_areas(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_conditions(**_: object) -> None:
    """Delete the conditions whose time is over."""
    ConditionsRefresh().sweep(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def close_past_events(**_: object) -> None:
    """Close the events whose last day is over."""
    PastEvents().close(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def judge_reports(**_: object) -> None:
    """Let what visitors reported fade, and delete what is too old."""
    now = timezone.now()
    ReportDesk().sweep(now=now)
    Beliefs().judge_all(now=now)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def fold_visits(**_: object) -> None:
    """Make the profiles of places from the visits that were counted, and drop what is too old."""
    VisitFolding().fold(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def start_due_ingestions(**_: object) -> None:
    """Queue the jobs of the sources that are due, and those that are to be tried again."""
    Schedule().start_due(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def run_ingestion(*, job_id: int, **_: object) -> None:
    """Run a job for as long as a task may; a second delivery finds it taken or done."""
    with suppress(JobNotRunnable):
        job = JobRunner(clock=timezone.now).run(job_id=job_id, budget=INGESTION_BUDGET)
        if job.status == "queued":
            queue_run(job.pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def tag_places(*, city: str, after: int = 0, **_: object) -> None:
    """Tag what is new or changed of a city, for as long as a task may; then go on in another."""
    until = timezone.now() + INGESTION_BUDGET
    for tagged in TextTagging().run(city=city, now=timezone.now(), after=after):
        if timezone.now() >= until:
            tag_places.delay(city=city, after=tagged.last)
            return
    BlogMentions().hear(city=city, now=timezone.now())
