from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from places.adapters.source import Feed
from places.models import CleanPlace, IngestionJob, JobStatus, Place, RawRecord
from places.services.encoding import count_outdated, current_encoder
from places.services.ingestion.running import ATTEMPTS_HIGH, LEASE, JobNotRunnable, Progress
from places.services.storing import PlaceStore
from places.types import Draft, Refusal, Row
from tests.builders.ingestion import (
    ListedPlaces,
    ingest,
    make_job,
    make_runner,
    prepare_city,
    versions,
)
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db

CAFES: list[dict[str, Any]] = [
    {"id": 1, "name": "달빛다락", "latitude": 37.5563},
    {"id": 2, "name": "별빛다락", "latitude": 37.5573},
    {"id": 3, "name": "햇빛다락", "latitude": 37.5583},
]


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


def test_what_a_source_lists_is_kept_raw_cleaned_and_live() -> None:
    job = ingest(ListedPlaces(CAFES), now=NOW)

    assert job.status == JobStatus.SUCCEEDED
    assert job.counts["received"]["new"] == 3
    assert job.counts["published"]["created"] == 3
    assert [raw.payload for raw in RawRecord.objects.order_by("id")] == CAFES
    assert set(CleanPlace.objects.values_list("role", flat=True)) == {"lead"}
    assert set(Place.objects.values_list("name", flat=True)) == {"달빛다락", "별빛다락", "햇빛다락"}


def test_the_same_again_writes_no_row() -> None:
    ingest(ListedPlaces(CAFES), now=NOW)
    before = versions()

    job = ingest(ListedPlaces(CAFES), now=NOW + timedelta(days=1))

    assert job.counts["received"] == {
        "read": 3, "new": 0, "changed": 0, "unchanged": 3, "refused": 0, "ended_early": False,
    }  # fmt: skip
    assert versions() == before


def test_a_run_that_fails_goes_on_behind_its_last_whole_batch() -> None:
    dead = ListedPlaces(CAFES, fails_behind=2)
    job = make_job(dead, now=NOW)
    job = make_runner(dead, now=NOW, batch=1).run(job_id=job.pk)
    failed = (job.status, job.error, job.cursor["rows"], job.next_attempt_at)

    well = ListedPlaces(CAFES)
    job = make_runner(well, now=NOW, batch=1).run(job_id=job.pk)

    assert failed == (
        JobStatus.FAILED, "OSError: the line is dead", 2, NOW + timedelta(minutes=2),
    )  # fmt: skip
    assert (job.status, job.attempt) == (JobStatus.SUCCEEDED, 2)
    assert job.counts["received"]["read"] == 3
    assert Place.objects.count() == 3


def test_a_paging_source_is_asked_from_its_own_cursor() -> None:
    dead = ListedPlaces(CAFES, fails_behind=2, has_cursor=True)
    job = make_job(dead, now=NOW)
    make_runner(dead, now=NOW, batch=1).run(job_id=job.pk)
    well = ListedPlaces(CAFES, has_cursor=True)

    make_runner(well, now=NOW, batch=1).run(job_id=job.pk)

    assert well.asked[0].cursor == {"at": 2}
    assert RawRecord.objects.count() == 3


def test_pauses_between_attempts_grow_until_nobody_tries_any_more() -> None:
    dead = ListedPlaces(CAFES, fails_behind=0)
    job = make_job(dead, now=NOW)

    pauses = []
    for _ in range(ATTEMPTS_HIGH):
        job = make_runner(dead, now=NOW).run(job_id=job.pk)
        pauses.append(job.next_attempt_at and (job.next_attempt_at - NOW).total_seconds() / 60)

    assert pauses == [2.0, 4.0, 8.0, 16.0, None]


def test_of_one_source_and_city_one_job_runs_at_a_time() -> None:
    adapter = ListedPlaces(CAFES)
    running = make_job(adapter, now=NOW)
    IngestionJob.objects.filter(pk=running.pk).update(
        status=JobStatus.RUNNING, heartbeat_at=NOW, runner="0" * 32
    )
    waiting = make_job(adapter, now=NOW)

    with pytest.raises(JobNotRunnable):
        make_runner(adapter, now=NOW).run(job_id=waiting.pk)

    assert RawRecord.objects.count() == 0


def test_a_runner_that_gives_no_sign_of_life_loses_its_source() -> None:
    adapter = ListedPlaces(CAFES)
    lost = make_job(adapter, now=NOW)
    IngestionJob.objects.filter(pk=lost.pk).update(
        status=JobStatus.RUNNING, heartbeat_at=NOW, runner="0" * 32
    )
    later = NOW + LEASE + timedelta(seconds=1)
    waiting = make_job(adapter, now=later)

    make_runner(adapter, now=later).run(job_id=waiting.pk)

    lost.refresh_from_db()
    assert (lost.status, lost.error) == (JobStatus.FAILED, "its runner was lost")
    assert Place.objects.count() == 3


def test_a_job_whose_time_is_up_waits_and_goes_on() -> None:
    adapter = ListedPlaces(CAFES)
    job = make_job(adapter, now=NOW)
    runner = make_runner(adapter, now=NOW, batch=1)

    job = runner.run(job_id=job.pk, budget=timedelta(0))
    first = (job.status, job.cursor["rows"], job.attempt)
    while job.status == JobStatus.QUEUED:
        job = runner.run(job_id=job.pk, budget=timedelta(0))

    assert first == (JobStatus.QUEUED, 1, 0)
    assert job.status == JobStatus.SUCCEEDED
    assert Place.objects.count() == 3


class Knowing(ListedPlaces):
    """Knows that all of them are cafés; nobody may ask it for rows."""

    def fetch(self, _feed: Feed) -> Iterator[Row | Refusal]:
        raise AssertionError

    def clean(self, row: Row) -> Draft | Refusal:
        draft = super().clean(row)
        return replace(draft, name=f"{draft.name} 카페") if isinstance(draft, Draft) else draft


def test_a_parser_that_has_learnt_something_works_from_raw_alone() -> None:
    ingest(ListedPlaces(CAFES), now=NOW)
    ids = set(Place.objects.values_list("public_id", flat=True))

    job = ingest(Knowing(CAFES, parser_version=2), now=NOW, kind="reparse")

    assert job.counts["received"]["changed"] == 3
    assert set(Place.objects.values_list("name", flat=True)) == {
        "달빛다락 카페", "별빛다락 카페", "햇빛다락 카페",
    }  # fmt: skip
    assert set(Place.objects.values_list("public_id", flat=True)) == ids


def test_a_listing_that_ends_early_closes_nothing() -> None:
    ingest(ListedPlaces(CAFES), now=NOW)
    cut: list[dict[str, Any] | Refusal] = [
        CAFES[0],
        Refusal("row 2", "file ends early", ends_early=True),
    ]

    job = ingest(ListedPlaces(cut), now=NOW)

    assert "vanished" not in job.counts
    assert Place.objects.active().count() == 3


def test_what_is_listed_no_more_is_closed_after_its_grace_and_comes_back() -> None:
    ingest(ListedPlaces(CAFES, grace_syncs=2), now=NOW)
    fewer = ListedPlaces(CAFES[1:], grace_syncs=2)

    ingest(fewer, now=NOW)
    after_one = Place.objects.active().count()
    ingest(fewer, now=NOW + timedelta(days=1))
    closed = Place.objects.get(is_active=False)
    ingest(ListedPlaces(CAFES, grace_syncs=2), now=NOW + timedelta(days=2))
    back = Place.objects.get(pk=closed.pk)

    assert after_one == 3
    assert (closed.name, closed.closed_at) == ("달빛다락", NOW + timedelta(days=1))
    assert (back.is_active, back.closed_at) == (True, None)
    assert [log.diff["is_active"] for log in back.sync_logs.order_by("at")] == [
        [True, False], [False, True],
    ]  # fmt: skip


def test_a_listing_that_lost_most_of_its_rows_is_not_believed() -> None:
    many = [{"id": n, "name": f"다락{n}", "latitude": 37.55 + n / 10_000} for n in range(120)]
    ingest(ListedPlaces(many), now=NOW)

    job = ingest(ListedPlaces(many[:10]), now=NOW)

    assert job.counts["vanished"] == {"missing": 110, "gone": 0, "is_held_back": True}
    assert Place.objects.active().count() == 120


def test_a_bulk_of_places_stands_first_and_has_its_vectors_at_the_end_of_the_job() -> None:
    told: list[tuple[str, int]] = []
    source = ListedPlaces(CAFES)
    job = make_job(source, now=NOW)

    def look(progress: Progress) -> None:
        told.append((progress.stage, Place.objects.filter(embedding=None, encoder="").count()))

    runner = replace(
        make_runner(source, now=NOW), store=PlaceStore(encodes_later=True), report=look
    )
    job = runner.run(job_id=job.pk)

    assert job.status == JobStatus.SUCCEEDED
    assert told == [("receiving", 0), ("publishing", 3), ("publishing", 3), ("encoding", 0)]
    assert count_outdated(encoder=current_encoder()) == 0
