"""What people did stays at the id they did it at, and that id leads to the place it became."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.test import Client

from common.acting import acting_as_system
from places.former_selectors import list_kin, resolve_ids
from places.models import CongestionProfile, FormerPlace, Place, PlaceReport, PlaceTag, TagReview
from places.services.folding_visits import VisitFolding
from places.services.ingestion.uniting import PlaceRulings
from places.services.tagging.reviewing import TagReviews
from places.services.visiting import CountVisits
from places.visits.types import Visit
from tests.builders.ingestion import ListedPlaces, empty_raw_tables, ingest, prepare_city
from tests.builders.open_data import write_districts
from tests.builders.reports import make_reporter
from tests.builders.tagging import make_place_tag, make_review
from tests.builders.users import make_user
from tests.builders.visits import SATURDAY, make_day
from tests.places.candidates import find, names
from tests.places.services.conftest import NOW
from tests.places.services.ingestion.test_publishing import museum, publish
from tests.places.services.test_following import file, part, two_places, unite

SOMEWHERE = UUID(int=7)


@pytest.fixture(autouse=True)
def _city(db: None, tmp_path: Path) -> Iterator[None]:
    write_districts(tmp_path)
    prepare_city(tmp_path, now=NOW)
    yield
    empty_raw_tables()


def shown(place: Place) -> tuple[UUID, str | None]:
    """Ask for a place by its id; return whose answer came, and the address it gives."""
    answer = Client().get(f"/api/v1/places/{place.public_id}")
    assert answer.status_code == 200
    return UUID(answer.json()["id"]), answer.headers.get("Content-Location")


def visit(place: Place, operation_id: str = "node 1") -> Visit:
    return Visit(place_id=place.pk, arrived_at=NOW, left_at=None, operation_id=operation_id)


def visits_of_profiles() -> dict[int, int]:
    VisitFolding().fold(now=NOW)
    return dict(CongestionProfile.objects.values_list("place_id", "visits"))


def test_an_id_that_was_given_out_leads_to_the_place_it_became_and_back() -> None:
    first, second = two_places()

    united = unite(first, second)
    together = [shown(first), shown(second)]
    part(united, "two")

    address = f"/api/v1/places/{first.public_id}"
    assert together == [(first.public_id, None), (first.public_id, address)]
    assert [shown(first), shown(second)] == [(first.public_id, None), (second.public_id, None)]
    assert not FormerPlace.objects.exists()


@pytest.mark.parametrize("slug", ["one", "two"])
def test_each_id_is_of_its_own_record_again_whichever_was_parted(slug: str) -> None:
    first, second = two_places()

    part(unite(first, second), slug)

    names = dict(Place.objects.active().values_list("pk", "name"))
    assert names == {first.pk: first.name, second.pk: second.name}


def test_what_a_former_place_became_may_become_another() -> None:
    first, second = two_places()
    ingest(ListedPlaces([museum(name="별빛전시관", latitude=37.575)], slug="three"), now=NOW)
    third = Place.objects.get(name="별빛전시관")
    ids = sorted(place.pk for place in (first, second, third))

    for pair in ([second.pk, third.pk], [first.pk, second.pk]):
        PlaceRulings().unite(place_ids=pair, operator="kim", now=NOW)
        publish()

    became = dict(FormerPlace.objects.values_list("place_id", "became_id"))
    (stands,) = Place.objects.active()
    assert became == dict.fromkeys(set(ids) - {stands.pk}, stands.pk)
    assert dict(list_kin(place_ids=ids)) == dict.fromkeys(ids, ids)
    assert part(stands, "three").pk == third.pk
    assert dict(list_kin(place_ids=ids)) == {
        first.pk: [first.pk, second.pk], second.pk: [first.pk, second.pk], third.pk: [third.pk],
    }  # fmt: skip


def test_visits_to_both_say_how_full_the_one_is_and_part_with_it() -> None:
    first, second = two_places()
    for week in range(5):
        day = SATURDAY - timedelta(weeks=week)
        make_day(place=first, hours={15: 10}, day=day)
        make_day(place=second, hours={15: 20, 16: 4}, day=day)
    make_day(place=second, hours={11: 9}, day=SATURDAY - timedelta(days=1))
    apart = visits_of_profiles()

    united = unite(first, second)
    together = visits_of_profiles()
    part(united, "two")

    assert apart == {first.pk: 50, second.pk: 120}
    assert together == {united.pk: 170}
    assert visits_of_profiles() == apart


def test_days_of_both_are_no_more_days_than_there_were() -> None:
    first, second = two_places()
    for week in range(4):
        for place in (first, second):
            make_day(place=place, hours={15: 20}, day=SATURDAY - timedelta(weeks=week))

    unite(first, second)

    assert visits_of_profiles() == {}


def test_a_visit_counts_once_by_whichever_id_it_comes_again() -> None:
    first, second = two_places()
    counting = CountVisits()
    before = counting.count(visits=[visit(second)], now=NOW)

    united = unite(first, second)
    together = counting.count(
        visits=[visit(united), visit(second), visit(united, "node 2"), visit(second, "node 2")],
        now=NOW,
    )
    part(united, "two")
    after = counting.count(visits=[visit(second, "node 2"), visit(first)], now=NOW)

    assert before.counted == 1
    assert (together.counted, together.repeated) == (1, 3)
    assert (after.counted, after.repeated) == (0, 2)


def test_what_was_left_out_stays_out_as_what_it_became() -> None:
    first, second = two_places()

    united = unite(first, second)

    assert names(find(excluded=(second.public_id,))) == []
    assert names(find(excluded=(SOMEWHERE,))) == [united.names["ko"]]
    assert resolve_ids(public_ids=[second.public_id, united.public_id]) == {
        second.public_id: united.public_id
    }


def decide(review: TagReview, *, is_right: bool, minutes: int = 0) -> None:
    TagReviews().decide(
        review_id=review.pk,
        is_right=is_right,
        operator=make_user(is_staff=True),
        now=NOW + timedelta(minutes=minutes),
    )


def tags(place: Place) -> tuple[list[str], list[str]]:
    """Return the moods of a place, and what is decided or asked of its tags."""
    place.refresh_from_db()
    reviews = TagReview.objects.filter(place=place).order_by("tag_id")
    return sorted(place.mood_scores), [f"{one.tag_id} {one.decision}" for one in reviews]


def test_what_operators_decided_of_tags_holds_for_the_one_until_they_are_parted() -> None:
    first, second = two_places()
    decide(make_review(second, tag="quiet"), is_right=True)
    decide(make_review(second, tag="lively"), is_right=False)
    decide(make_review(second, tag="cozy"), is_right=False)
    decide(make_review(first, tag="cozy"), is_right=True)
    make_review(first, tag="lively")
    make_place_tag(first, tag="lively")
    apart = tags(second)

    united = unite(first, second)
    together = tags(united)
    part(united, "two")

    assert united == first
    assert together == (
        ["cozy", "quiet"], ["cozy accepted", "lively rejected", "quiet accepted"],
    )  # fmt: skip
    assert tags(first) == (["cozy"], ["cozy accepted"])
    assert tags(second) == apart
    assert PlaceTag.objects.filter(place=second, source="operator").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_said_while_places_become_one_is_of_the_one() -> None:
    first, second = two_places()
    user = make_reporter(now=NOW)
    many = [visit(second, f"node {number}") for number in range(20)]

    def act(told: Any) -> Any:
        try:
            with acting_as_system():
                return told()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            united = unite(first, second)  # nobody else sees that yet
            filing = pool.submit(act, lambda: file(second, user))
            counting = pool.submit(act, lambda: CountVisits().count(visits=many, now=NOW))
            counted = counting.result(timeout=10).counted
            assert not filing.done()
        filing.result(timeout=10)
    again = CountVisits().count(visits=[visit(united, one.operation_id) for one in many], now=NOW)

    assert (counted, again.counted, again.repeated) == (20, 0, 20)
    assert PlaceReport.objects.get().place_id == united.pk
