"""The index of vectors out of the way of many new places: away, missed by a search, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from places.models import JobKind, JobStatus, Place
from places.search.selectors import search_places
from places.search.types import PlaceSearch
from places.services.encoding import count_outdated, current_encoder
from places.services.ingestion.publishing import queue_all
from places.services.ingestion.running import Progress
from places.services.vector_index import VectorIndex
from tests.builders.ingestion import (
    ListedPlaces,
    empty_raw_tables,
    make_job,
    make_runner,
    prepare_city,
)
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)

CAFES = [
    {"id": n, "name": name, "latitude": 37.5563 + n / 1_000}
    for n, name in enumerate(("달빛다락", "별빛다락", "햇빛다락"))
]
FEW = VectorIndex(many=3, share=0.0)


@pytest.fixture(autouse=True)
def _city(folder: Path) -> Iterator[None]:
    """Prepare the city, and leave the index and the tables that no model empties as they were."""
    prepare_city(folder, now=NOW)
    yield
    VectorIndex().restore()
    empty_raw_tables()


def test_many_new_places_have_their_vectors_at_once_and_the_index_after() -> None:
    told: list[tuple[str, bool]] = []
    source = ListedPlaces(CAFES)
    job = make_job(source, now=NOW)

    def look(progress: Progress) -> None:
        told.append((progress.stage, FEW.stands()))

    ended = replace(make_runner(source, now=NOW), vectors=FEW, report=look).run(job_id=job.pk)

    assert ended.status == JobStatus.SUCCEEDED
    assert told == [("receiving", True), ("publishing", False), ("publishing", False)]
    assert FEW.stands()
    assert count_outdated(encoder=current_encoder()) == 0


def test_while_the_index_is_away_a_text_goes_by_names_and_by_its_kind() -> None:
    source = ListedPlaces(CAFES)
    make_runner(source, now=NOW).run(job_id=make_job(source, now=NOW).pk)
    texts = ("아늑한 카페", "달빛다락")
    before = count_found(texts)

    assert FEW.set_aside()
    away = count_found(texts)
    assert FEW.restore()

    assert (before, away) == ([3, 1], [3, 1])


def count_found(texts: Sequence[str]) -> list[int]:
    return [len(search_places(search=PlaceSearch(text=text)).places) for text in texts]


def test_the_next_run_makes_the_index_that_a_killed_one_left_away() -> None:
    source = ListedPlaces(CAFES)
    FEW.set_aside()

    make_runner(source, now=NOW).run(job_id=make_job(source, now=NOW).pk)

    assert FEW.stands()


def test_a_few_new_places_leave_the_index_alone() -> None:
    source = ListedPlaces(CAFES[:2])
    job = make_job(source, now=NOW)
    seen: list[bool] = []

    def look(_: Progress) -> None:
        seen.append(FEW.stands())

    replace(make_runner(source, now=NOW), vectors=FEW, report=look).run(job_id=job.pk)

    assert all(seen)
    assert Place.objects.filter(embedding=None).count() == 0


def test_places_that_are_judged_anew_leave_the_index_alone() -> None:
    source = ListedPlaces(CAFES)
    make_runner(source, now=NOW).run(job_id=make_job(source, now=NOW).pk)
    queue_all(city="seoul")
    job = make_job(source, now=NOW, kind=JobKind.MERGE)
    seen: list[bool] = []

    def look(_: Progress) -> None:
        seen.append(FEW.stands())

    replace(make_runner(source, now=NOW), vectors=FEW, report=look).run(job_id=job.pk)

    assert seen == [True, True]


@pytest.mark.parametrize(("new", "is_better"), [(1_999, False), (2_000, True)])
def test_the_index_is_worth_making_anew_for_thousands_of_places(new: int, is_better: bool) -> None:  # noqa: FBT001 - a parameter
    assert VectorIndex().is_better_made_anew(new=new) is is_better


def test_inside_a_transaction_the_index_stays() -> None:
    with transaction.atomic():
        assert not FEW.set_aside()
        assert FEW.stands()


def test_what_is_missing_is_made_once() -> None:
    FEW.set_aside()

    assert not FEW.stands()
    assert FEW.restore()
    assert FEW.restore()  # there is nothing to do any more
    assert FEW.stands()
