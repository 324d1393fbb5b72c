"""Suggested trips: stored in one message, swept after a day."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from uuid_utils.compat import uuid7

from common.acting import acting_as
from tests.builders.places import make_place
from tests.builders.users import make_user
from trips import selectors
from trips.models import CachedAnswer, Trip, TripNode, TripStatus
from trips.services.storing import Suggestions

pytestmark = pytest.mark.django_db(transaction=True)


def make_card(*, place_id: int, **fields: Any) -> dict[str, Any]:
    node = {
        "place_id": place_id,
        "sequence": 1,
        "arrives_at": "2026-11-21T13:05:00+09:00",
        "planned_stay_min": 50,
        "transition_mode": "walk",
        "travel_min": 5.0,
        "travel_m": 350.0,
        "cost_low": 5000,
        "cost_high": 8000,
        "reasons": ["가까워요."],
    }
    defaults = {
        "public_id": str(uuid7()),
        "variant": "best_match",
        "title": "카페 하나",
        "starts_at": "2026-11-21T13:00:00+09:00",
        "duration_min": 55,
        "cost_low": 5000,
        "cost_high": 8000,
        "currency": "KRW",
        "mode": "walk",
        "scores": {"score": 1.5},
        "nodes": [node],
    }
    return defaults | fields


def store(*cards: dict[str, Any], traveller_id: int, context_hash: str = "c" * 64) -> None:
    now = timezone.now()
    Suggestions().store(
        traveller_id=traveller_id,
        context={"city": "seoul"},
        context_hash=context_hash,
        cards=cards,
        payload=b"{}",
        now=now,
        valid_until=now + timedelta(seconds=30),
    )


def test_trips_stops_and_answer_take_one_message() -> None:
    user, place = make_user(), make_place()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        store(make_card(place_id=place.pk), make_card(place_id=place.pk), traveller_id=user.pk)

    statements = [query["sql"] for query in queries if "INSERT" in query["sql"]]
    assert len(statements) == 1
    assert (Trip.objects.count(), TripNode.objects.count()) == (2, 2)
    node = TripNode.objects.order_by("pk").first()
    assert node is not None
    assert (node.place_id, node.planned_stay_min, node.reasons) == (place.pk, 50, ["가까워요."])
    assert selectors.find_cached_answer(context_hash="c" * 64, now=timezone.now()) == b"{}"


def test_a_traveller_stores_what_is_theirs_and_nobody_stores_it_for_them() -> None:
    user, other, place = make_user(), make_user(), make_place()

    with acting_as(user.pk):
        store(make_card(place_id=place.pk), traveller_id=user.pk)
    with acting_as(other.pk), pytest.raises(ProgrammingError, match="row-level security"):
        store(make_card(place_id=place.pk), traveller_id=user.pk)

    assert list(TripNode.objects.values_list("trip__traveller", flat=True)) == [user.pk]


def test_a_card_that_breaks_a_rule_leaves_nothing_behind() -> None:
    user, place = make_user(), make_place()
    broken = make_card(place_id=place.pk, cost_low=9000)

    with pytest.raises(Exception, match="trip_costs_in_order"):
        store(make_card(place_id=place.pk), broken, traveller_id=user.pk)

    assert (Trip.objects.count(), TripNode.objects.count(), CachedAnswer.objects.count()) == (
        0,
        0,
        0,
    )


def test_an_answer_is_not_found_once_its_time_is_over() -> None:
    user, place = make_user(), make_place()
    store(make_card(place_id=place.pk), traveller_id=user.pk)

    later = timezone.now() + timedelta(seconds=31)

    assert selectors.find_cached_answer(context_hash="c" * 64, now=later) is None


def test_a_suggestion_of_yesterday_is_gone_though_nothing_sweeps() -> None:
    user, place = make_user(), make_place()
    store(*(make_card(place_id=place.pk) for _ in range(2)), traveller_id=user.pk)
    kept, gone = Trip.objects.order_by("pk")
    made_at = gone.created_at
    Trip.objects.filter(pk=kept.pk).update(status=TripStatus.SAVED)
    day = timedelta(hours=24)

    def find(trip: Trip, *, now: datetime) -> int:
        return selectors.get_trip(public_id=trip.public_id, traveller_id=user.pk, now=now).pk

    assert find(gone, now=made_at + day - timedelta(microseconds=1)) == gone.pk
    with pytest.raises(selectors.TripNotFound):
        find(gone, now=made_at + day)
    assert find(kept, now=made_at + day) == kept.pk


def test_suggestions_of_yesterday_are_swept_and_saved_trips_stay() -> None:
    user, place = make_user(), make_place()
    store(*(make_card(place_id=place.pk) for _ in range(3)), traveller_id=user.pk)
    saved = Trip.objects.order_by("pk").first()
    assert saved is not None
    saved.status = TripStatus.SAVED
    saved.save()

    too_early = Suggestions().sweep(now=timezone.now() + timedelta(hours=23))
    swept = Suggestions().sweep(now=timezone.now() + timedelta(hours=25))

    assert (too_early, swept) == (0, 2)
    assert list(Trip.objects.values_list("pk", flat=True)) == [saved.pk]
    assert not CachedAnswer.objects.exists()
