from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from places.adapters.registry import SourceUnknown
from places.adapters.source import SourceAdapter
from places.models import ContentSource, IngestionJob, JobStatus
from places.services.ingestion.running import ATTEMPTS_HIGH, LEASE
from places.services.ingestion.scheduling import CATCH_UP, Schedule
from places.services.storing import store_terms
from tests.builders.ingestion import ListedPlaces

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_source(
    *, lists_all: bool, has_windows: bool = True, every_min: int | None = 60, **fields: object
) -> ListedPlaces:
    adapter = ListedPlaces(lists_all=lists_all, has_windows=has_windows)
    store_terms([adapter.terms])
    told = {"every_min": every_min, "cities": ["seoul"], **fields}
    ContentSource.objects.filter(slug=adapter.slug).update(**told)
    return adapter


def start(adapter: ListedPlaces, *, now: datetime = NOW) -> list[int]:
    """Start what is due, and check that it was queued in the order told."""

    def find(slug: str) -> SourceAdapter:
        if slug != adapter.slug:
            raise SourceUnknown(slug)
        return adapter

    queued: list[int] = []
    ids = Schedule(queue=queued.append, find=find).start_due(now=now)
    assert queued == ids
    return ids


def windows() -> Sequence[tuple[datetime | None, datetime | None]]:
    return list(
        IngestionJob.objects.order_by("window_start").values_list("window_start", "window_end")
    )


def end(status: str = JobStatus.SUCCEEDED, **fields: object) -> None:
    IngestionJob.objects.filter(status=JobStatus.QUEUED).update(status=status, **fields)


def test_the_last_window_that_is_over_is_served_once() -> None:
    adapter = make_source(lists_all=False)

    first = start(adapter)
    end()
    again = start(adapter, now=NOW + timedelta(minutes=30))

    assert windows() == [(NOW.replace(hour=8, minute=0), NOW.replace(hour=9, minute=0))]
    assert (len(first), again) == (1, [])


def test_windows_missed_while_nothing_ran_are_caught_up_the_oldest_first() -> None:
    adapter = make_source(lists_all=False)
    start(adapter)
    end()

    ids = start(adapter, now=NOW + 3 * HOUR)

    starts = [job.window_start for job in IngestionJob.objects.filter(pk__in=ids).order_by("pk")]
    assert starts == [NOW.replace(hour=hour, minute=0) for hour in (9, 10, 11)]


def test_what_was_missed_longer_ago_than_the_catch_up_is_left() -> None:
    adapter = make_source(lists_all=False, every_min=24 * 60)
    start(adapter)
    end()

    start(adapter, now=NOW + timedelta(days=40))

    first = IngestionJob.objects.exclude(status=JobStatus.SUCCEEDED).earliest("window_start")
    assert first.window_start == datetime(2026, 12, 17, tzinfo=UTC)
    assert first.window_start == NOW.replace(hour=0, minute=0) + timedelta(days=40) - CATCH_UP


def test_a_whole_listing_is_asked_once_for_all_that_was_missed() -> None:
    adapter = make_source(lists_all=True)
    start(adapter)
    end()

    ids = start(adapter, now=NOW + 5 * HOUR)
    again = start(adapter, now=NOW + 5 * HOUR + timedelta(minutes=10))

    assert (len(ids), again) == (1, ids)  # still waiting: asked for again, not made again
    assert windows() == [(None, None), (None, None)]


def test_a_search_without_windows_is_asked_anew_and_catches_nothing_up() -> None:
    adapter = make_source(lists_all=False, has_windows=False)
    start(adapter)
    end()

    ids = start(adapter, now=NOW + 5 * HOUR)

    assert len(ids) == 1
    assert windows() == [(None, None), (None, None)]


def test_a_failed_job_comes_back_when_its_time_is_there_and_not_for_ever() -> None:
    adapter = make_source(lists_all=False)
    (job,) = start(adapter)
    end(JobStatus.FAILED, next_attempt_at=NOW + timedelta(minutes=4), attempt=1)

    early = start(adapter, now=NOW + timedelta(minutes=3))
    due = start(adapter, now=NOW + timedelta(minutes=4))
    IngestionJob.objects.update(attempt=ATTEMPTS_HIGH)
    given_up = start(adapter, now=NOW + timedelta(minutes=5))

    assert (early, due, given_up) == ([], [job], [])


def test_a_job_whose_runner_is_gone_is_queued_again() -> None:
    adapter = make_source(lists_all=False)
    (job,) = start(adapter)
    end(JobStatus.RUNNING, heartbeat_at=NOW, runner="0" * 32)

    alive = start(adapter, now=NOW + LEASE)
    lost = start(adapter, now=NOW + LEASE + timedelta(seconds=1))

    assert (alive, lost) == ([], [job])


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"every_min": None}, {"cities": []}, {"slug": "unheard-of"}]
)
def test_what_nobody_scheduled_is_not_started(fields: dict[str, object]) -> None:
    adapter = make_source(lists_all=False, **fields)  # type: ignore[arg-type] # any of its columns

    assert start(adapter) == []
    assert IngestionJob.objects.count() == 0
