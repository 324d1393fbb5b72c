"""What the planner knows of the tables behind a bulk of places, and behind a few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection, transaction

from places.services.surveying import TableSurvey
from tests.builders.ingestion import (
    ListedPlaces,
    empty_raw_tables,
    make_job,
    make_runner,
    prepare_city,
)
from tests.builders.places import make_place
from tests.database.owning import as_owner
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ALWAYS = TableSurvey(many=1, share=0.0)
PLACES = [
    {"id": n, "name": name, "latitude": 37.5563 + n / 1_000}
    for n, name in enumerate(("달빛다락", "별빛다락", "햇빛다락"))
]


@pytest.fixture(autouse=True)
def _unknown(folder: Path) -> Iterator[None]:
    """Have the planner know of no place, and leave the tables that no model empties as they were."""
    with as_owner() as owner:
        owner.execute("ANALYZE places_placelisting, places_nameword")
    prepare_city(folder, now=NOW)
    yield
    empty_raw_tables()


def count_known(table: str) -> int:
    """Return how many rows the planner takes a table to have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        (known,) = cursor.fetchone()
    return int(known)


def test_a_job_has_the_planner_know_what_it_stored() -> None:
    source = ListedPlaces(PLACES)
    job = make_job(source, now=NOW)

    replace(make_runner(source, now=NOW), survey=ALWAYS).run(job_id=job.pk)

    assert count_known("places_placelisting") == 3
    assert count_known("places_nameword") > 0


def test_a_job_that_stores_nothing_leaves_the_tables_alone() -> None:
    source = ListedPlaces(PLACES)
    make_runner(source, now=NOW).run(job_id=make_job(source, now=NOW).pk)
    again = make_job(source, now=NOW)

    replace(make_runner(source, now=NOW), survey=ALWAYS).run(job_id=again.pk)

    assert count_known("places_placelisting") == 0


def test_few_changes_beside_many_places_are_left_to_the_database() -> None:
    for n in range(10):
        make_place(name=f"구름 {n}")
    assert ALWAYS.run(changed=1)

    done = [TableSurvey(many=1, share=0.5).run(changed=changed) for changed in (0, 4, 5)]

    assert done == [False, False, True]
    assert [TableSurvey().run(changed=changed) for changed in (999, 1_000)] == [False, True]


def test_inside_a_transaction_nothing_is_surveyed() -> None:
    make_place()

    with transaction.atomic():
        assert not ALWAYS.run(changed=1)

    assert count_known("places_placelisting") == 0
