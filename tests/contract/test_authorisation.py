"""
Nobody reads another's: every route of the schema is asked as everybody.

`docs/security.md` declares who may ask what; it is compared with the views' own permissions, and
with what every caller is answered. A route that is not declared fails.
"""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from common.acting import acting_as_system
from tests import routes
from tests.contract import callers
from tests.contract.callers import CALLERS, PEOPLE, PRETENDERS, Caller
from tests.contract.routes import Route, list_routes
from tests.contract.valid_requests import ask_validly, send
from tests.contract.world import World
from tests.contract.writes import find_writes, taking_back

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "security.md"
ROW = re.compile(r"^\| `(?P<route>[A-Z]+ /api/v1/\S+)` \| (?P<who>[a-z-]+) \|", re.M)

# The permission class of a view → what the document may call its routes.
DECLARED_BY = {
    "AllowAny": {"public"},
    "IsAuthenticated": {"signed-in", "owner"},
    "IsSignedIn": {"signed-in", "owner"},
    "IsOperator": {"operator"},
    "IsAnalyst": {"analyst"},
}
GRANTED, UNKNOWN, UNSIGNED, FORBIDDEN = "granted", 404, 401, 403
# Who is let in, and what the other people are told.
ENTITLED: Mapping[str, tuple[frozenset[Caller], int]] = {
    "public": (frozenset({*PEOPLE, callers.nobody}), UNKNOWN),
    "signed-in": (frozenset(PEOPLE), UNKNOWN),
    "owner": (frozenset({callers.owner}), UNKNOWN),
    "operator": (frozenset({callers.operator}), FORBIDDEN),
    "analyst": (frozenset({callers.analyst}), FORBIDDEN),
}


def read_table() -> Mapping[str, str]:
    return {row["route"]: row["who"] for row in ROW.finditer(DOCUMENT.read_text(encoding="utf-8"))}


def test_the_document_names_every_route_and_no_other() -> None:
    declared = set(read_table())

    described = {str(route) for route in list_routes()}

    assert declared == described, "docs/security.md, Routes: one row for each route of the schema"


@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_the_view_grants_what_the_document_says(route: Route) -> None:
    (permission,) = (type(one).__name__ for one in route.view().get_permissions())

    assert read_table()[str(route)] in DECLARED_BY[permission]


def test_no_route_of_the_api_is_missing_in_the_schema() -> None:
    described = {(route.method.upper(), route.path) for route in list_routes()}

    answered = {
        (route.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern))
        for route in routes.list_routes()
    }

    assert answered == described


@pytest.fixture(scope="module")
def everybody(world: World, django_db_blocker: DjangoDbBlocker) -> Mapping[Caller, dict[str, str]]:
    """Return what each caller sends to say who they are."""
    with django_db_blocker.unblock(), acting_as_system():
        return {caller: caller(world) for caller in CALLERS}


@pytest.mark.django_db
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_everybody_is_answered_as_the_document_says(
    route: Route, world: World, everybody: Mapping[Caller, dict[str, str]]
) -> None:
    who = read_table()[str(route)]

    answers = {
        caller.__name__: taking_back(partial(answer_as, caller, headers, route, world))
        for caller, headers in everybody.items()
    }

    assert answers == {caller.__name__: expected(caller, who, route) for caller in CALLERS}


def expected(caller: Caller, who: str, route: Route) -> object:
    entitled, refusal = ENTITLED[who]
    reads_tokens = bool(route.view.authentication_classes)
    if caller in entitled or (caller in PRETENDERS and who == "public" and not reads_tokens):
        return GRANTED
    return UNSIGNED if caller in {*PRETENDERS, callers.nobody} else refusal


def answer_as(caller: Caller, headers: Mapping[str, str], route: Route, world: World) -> object:
    """Return GRANTED, or the status of a refusal that wrote nothing."""
    asked = ask_validly(route, world)
    address = route.fill(world.ids_for(route))
    response, writes = find_writes(lambda: send(route, address, asked, headers))
    if response.status_code < 300:
        return GRANTED
    assert response["Content-Type"] == "application/problem+json", response.content
    assert response.status_code in {401, 403, 404}, (
        f"{route} as {caller.__name__}: {response.content.decode()}: "
        "enter a valid request in tests/contract/valid_requests.py, MADE"
    )
    assert writes == [], f"{route} as {caller.__name__}: {response.status_code}"
    return response.status_code
