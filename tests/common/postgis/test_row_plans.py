"""What row security adds to the plans of statements that are asked often: a filter, and no other way to rows."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.acting import acting_as
from tests.builders.belongings import make_stop, make_trip
from tests.builders.users import make_session, make_user
from trips import selectors as trips
from users import selectors

pytestmark = pytest.mark.django_db


def explain(statement: str) -> list[dict[str, Any]]:
    """Return the nodes of a plan, tables so small that an index is not worth it left aside."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        ((found,),) = cursor.fetchall()
    plan = json.loads(found) if isinstance(found, str) else found
    return list(nodes_of(plan[0]["Plan"]))


def nodes_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    below = [node for child in plan.get("Plans", ()) for node in nodes_of(child)]
    return [plan, *below]


def scans_of(nodes: list[dict[str, Any]]) -> dict[str, str]:
    """Return by which condition of an index each table is read."""
    return {
        node["Relation Name"]: node.get("Index Cond", node["Node Type"])
        for node in nodes
        if "Relation Name" in node
    }


def asked_once(nodes: list[dict[str, Any]]) -> bool:
    """Tell whether the settings are read beside the rows and not for each of them."""
    return "current_setting" not in json.dumps([node.get("Filter") for node in nodes])


def test_the_question_who_is_asking_reads_two_indexes() -> None:
    session = make_session()

    with CaptureQueriesContext(connection) as asked:
        selectors.find_user_of_session(
            public_id=session.user.public_id, session_id=session.public_id
        )

    assert len(asked) == 1
    nodes = explain(asked[0]["sql"])
    assert scans_of(nodes).keys() == {"users_tokenfamily", "users_user"}
    assert f"(public_id = '{session.public_id}'::uuid)" in scans_of(nodes).values()
    assert "Seq Scan" not in scans_of(nodes).values()
    assert asked_once(nodes)


def test_a_trip_and_its_stops_are_found_by_their_indexes() -> None:
    trip = make_trip(traveller=make_user())
    make_stop(trip=trip)

    with acting_as(trip.traveller_id):
        with CaptureQueriesContext(connection) as asked:
            trips.get_trip(
                public_id=trip.public_id, traveller_id=trip.traveller_id, now=timezone.now()
            )
        plans = [explain(query["sql"].rpartition(";\n")[2]) for query in asked][:2]

    found = [scans_of(nodes) for nodes in plans]
    # Of one row, by whichever of the two.
    assert found[0]["trips_trip"] in (
        f"(public_id = '{trip.public_id}'::uuid)",
        f"(traveller_id = {trip.traveller_id})",
    )
    assert "trip_id" in found[1]["trips_tripnode"]
    assert found[1]["trips_trip"] == "(id = trips_tripnode.trip_id)"
    assert all(asked_once(nodes) for nodes in plans)


def test_the_trips_of_a_traveller_are_found_by_theirs() -> None:
    traveller = make_user()

    with acting_as(traveller.pk):
        nodes = explain(f"SELECT * FROM trips_trip WHERE traveller_id = {traveller.pk}")

    assert scans_of(nodes) == {"trips_trip": f"(traveller_id = {traveller.pk})"}
    assert asked_once(nodes)
