"""What every route answers while PostgreSQL or Redis is away, and that it recovers by itself."""

import json
import select
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, RequestFactory
from rest_framework.test import APIClient

from tests.builders.users import PASSWORD, make_user
from tests.contract.callers import owner
from tests.contract.routes import Route, list_routes
from tests.contract.valid_requests import Ask, ask_validly
from tests.contract.world import make_world
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

# What a limit refuses while it cannot count; the others only cost time.
WRITES = [route for route in list_routes() if route.method != "get"]
FAILING_OPEN = {"recommend_trips", "recommend_trips_at_length"}


@contextmanager
def database_away() -> Iterator[None]:
    """Have nothing listen where the database is asked for."""
    found = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PORT"] = found


def ask(route: Route, what: Ask, address: str, headers: Mapping[str, str]) -> HttpResponseBase:
    answer: HttpResponseBase = APIClient(headers={**headers, **what.headers}).generic(
        route.method.upper(),
        address,
        "" if what.body is None else json.dumps(what.body),
        content_type="application/json",
        query_params=what.query,
    )
    return answer


# No client of Google's is set here, and the route says so before it asks the database.
NOT_OFFERED = "POST /api/v1/auth/google"


def test_without_the_database_every_route_says_when_to_come_back() -> None:
    world = make_world()
    asked = [
        (route, ask_validly(route, world), route.fill(world.ids_for(route)))
        for route in list_routes()
        if str(route) != NOT_OFFERED
    ]
    headers = owner(world)

    with database_away():
        answers = {str(route): ask(route, what, address, headers) for route, what, address in asked}
    after = APIClient(headers=headers).get("/api/v1/users/me/sessions")

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 503
    )
    assert {answer["Retry-After"] for answer in answers.values()} == {"5"}
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert after.status_code == 200


def test_without_the_database_the_admin_is_a_plain_page() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("operator@example.com", "a long password"))

    with database_away():
        pages = [client.get(address) for address in ("/admin/", "/admin/places/place/")]
        alive, ready = client.get("/healthz"), client.get("/readyz")
    after = client.get("/admin/")

    for page in pages:
        assert (page.status_code, page["Retry-After"]) == (503, "5")
        assert page["Content-Type"] == "text/plain; charset=utf-8"
        assert page.content.decode() == "잠시 이용할 수 없어요. 곧 다시 시도해 주세요."
    assert (alive.status_code, ready.status_code, after.status_code) == (200, 503, 200)


def test_a_connection_that_the_server_ended_costs_no_request() -> None:
    headers = owner(make_world())
    with connection.cursor() as cursor:
        cursor.execute("SET idle_session_timeout = 20")
    select.select([connection.connection], [], [], 10)

    assert ask_as_a_server_does("/api/v1/users/me/sessions", headers) == "200 OK"


def ask_as_a_server_does(address: str, headers: dict[str, str]) -> str:
    """Return the status; the client of the tests keeps connections that a server would look after."""
    request = RequestFactory(headers=headers).get(address, SERVER_NAME="testserver")
    statuses: list[str] = []

    def start(status: str, *_: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return bytes

    answer = get_wsgi_application()(request.environ, start)
    b"".join(answer)
    answer.close()
    return statuses[0]


@pytest.mark.usefixtures("_redis_away")
def test_without_redis_recommendations_answer_and_what_is_limited_does_not() -> None:
    user = make_user()
    make_world()

    read = APIClient().get("/api/v1/trips/recommendations", {"area": "홍대"})
    written = APIClient().post(
        "/api/v1/auth/token", {"email": user.email, "password": PASSWORD}, format="json"
    )

    assert (read.status_code, "RateLimit" in read) == (200, False)
    assert (written.status_code, written.json()["code"]) == (503, "limits_unavailable")
    assert written["Retry-After"] == "5"


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_no_write_of_a_limited_view_fails_open(route: Route) -> None:
    limits = getattr(route.view, "limits", {})

    open_ones = [limit.scope for limit in limits.values() if limit.fails_open]

    assert open_ones == [] or route.operation["operationId"] in FAILING_OPEN


def test_every_write_is_limited() -> None:
    free = [str(route) for route in WRITES if not getattr(route.view, "limits", {})]

    assert free == []
