"""Recommendations that are kept: cached, stored and limited."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import polyline
import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.users import make_client, make_user
from tests.trips.api.asking import SENTENCE, URL, ask, next_saturday
from trips.models import CachedAnswer, Trip, TripNode

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_question_is_cached_with_the_same_ids_and_says_so() -> None:
    make_neighbourhood()
    client = make_client(user=make_user())

    first = ask(client, q=SENTENCE).json()
    second = ask(client, q=f"  {SENTENCE} ").json()

    assert (first["cached"], second["cached"]) == (False, True)
    assert second["context_hash"] == first["context_hash"]
    assert second["cards"] == first["cards"]
    assert Trip.objects.count() == 3


@pytest.mark.parametrize(
    "change",
    [
        {"budget": "15000"},
        {"time_budget_min": "150"},
        {"mode": "bike"},
        {"weather": "rain"},
        {"seed": "1"},
        {"exclude": "museum"},
        {"end_lat": "37.557", "end_lon": "126.925"},
    ],
)
def test_whatever_changes_the_answer_changes_its_context(change: dict[str, str]) -> None:
    make_neighbourhood()
    client = make_client()

    plain = ask(client, q=SENTENCE).json()
    changed = ask(client, q=SENTENCE, **change).json()

    assert changed["cached"] is False
    assert changed["context_hash"] != plain["context_hash"]


def test_the_same_question_in_parallel_has_one_answer() -> None:
    make_neighbourhood()
    user = make_user()
    ask(make_client(user=user), area="홍대")  # what a process reads once is read by now
    clients = [make_client(user=user) for _ in range(4)]

    def ask_alone(client: APIClient) -> Any:
        try:
            return ask(client, q=SENTENCE).json()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as threads:
        bodies = list(threads.map(ask_alone, clients))

    ids = {card["id"] for body in bodies for card in body["cards"]}
    assert len(ids) == 3
    assert sum(not body["cached"] for body in bodies) == 1
    assert Trip.objects.filter(context_hash=bodies[0]["context_hash"]).count() == 3


def test_nobody_gets_the_answer_of_somebody_else() -> None:
    make_neighbourhood()
    owner, other = make_client(user=make_user()), make_client(user=make_user())

    mine = ask(owner, q=SENTENCE).json()
    theirs = ask(other, q=SENTENCE).json()

    assert theirs["cached"] is False
    assert not {card["id"] for card in mine["cards"]} & {card["id"] for card in theirs["cards"]}


def test_what_a_traveller_is_shown_is_stored_as_suggested_trips() -> None:
    make_neighbourhood()
    traveller = make_user()

    body = ask(make_client(user=traveller), q=SENTENCE).json()

    trips = {trip.public_id: trip for trip in Trip.objects.filter(traveller=traveller)}
    assert {UUID(card["id"]) for card in body["cards"]} == set(trips)
    for card in body["cards"]:
        trip = trips[UUID(card["id"])]
        nodes = list(trip.nodes.order_by("sequence"))
        assert (trip.status, trip.variant, trip.cost_high) == (
            "suggested",
            card["kind"],
            card["cost_high"],
        )
        assert [str(node.place.public_id) for node in nodes] == [
            node["place"]["id"] for node in card["nodes"]
        ]
        assert [node.arrives_at for node in nodes] == [
            datetime.fromisoformat(node["arrive"]) for node in card["nodes"]
        ]


def test_an_anonymous_answer_leaves_nothing_behind() -> None:
    make_neighbourhood()

    response = ask(make_client(), q=SENTENCE)

    assert response.status_code == 200
    assert (Trip.objects.count(), TripNode.objects.count(), CachedAnswer.objects.count()) == (
        0,
        0,
        0,
    )


def test_who_stands_and_asks_nearby_shares_an_answer_that_shows_nobody() -> None:
    make_neighbourhood()
    minute_later = datetime.fromisoformat(next_saturday(13)) + timedelta(minutes=1)
    first = {"lat": "37.556301", "lon": "126.923601", "start_at": minute_later.isoformat()}
    second = {
        "lat": "37.556305",
        "lon": "126.923605",
        "start_at": (minute_later + timedelta(minutes=3)).isoformat(),
    }

    mine = make_client().get(URL, first).json()
    theirs = make_client().get(URL, second).json()

    assert (mine["cached"], theirs["cached"]) == (False, True)
    assert theirs["cards"] == mine["cards"]
    assert mine["cards"][0]["starts_at"] == next_saturday(13)[:14] + "05:00+09:00"
    start = polyline.decode(mine["cards"][0]["polyline"])[0]
    assert start not in [(37.5563, 126.9236), (37.55631, 126.92361)]


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_the_database_keeps_the_answer() -> None:
    make_neighbourhood()
    client = make_client(user=make_user())

    first = ask(client, q=SENTENCE).json()
    second = ask(client, q=SENTENCE).json()

    assert (first["cached"], second["cached"]) == (False, True)
    assert second["cards"] == first["cards"]


def test_a_signed_in_traveller_may_ask_ten_times_a_minute() -> None:
    make_neighbourhood()
    client = make_client(user=make_user())

    statuses = [ask(client, q=SENTENCE).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_an_address_may_ask_five_times_a_minute() -> None:
    make_neighbourhood()
    client = make_client()

    responses = [ask(client, q=SENTENCE) for _ in range(6)]

    assert [response.status_code for response in responses] == [200] * 5 + [429]
    assert responses[-1].json()["code"] == "rate_limited"
    assert int(responses[-1]["Retry-After"]) >= 1
