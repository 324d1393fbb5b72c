"""
Limits hold: of many requests at once exactly as many pass as each limit of each route allows.

The requests are ones that the route refuses for a name it does not know: that is judged after the
limits are, and costs little.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from rest_framework.permissions import AllowAny

from common.limits import Rate, ViewLimit
from tests import routes
from tests.builders.users import make_user
from tests.contract.asking import forget_limits
from tests.contract.world import bearer, sign_in

AT_ONCE = 40
TOO_MANY = 429


@dataclass(frozen=True)
class Case:
    """One limit of one scope, and how to run into it."""

    route: routes.Route
    by: str
    rate: Rate
    account_field: str = ""

    def __str__(self) -> str:
        return f"{limit_of(self.route).scope} by {self.by}"


def limit_of(route: routes.Route) -> ViewLimit:
    limits: dict[str, ViewLimit] = getattr(route.view, "limits", {})
    return limits[route.action]


def list_cases() -> Iterator[Case]:
    seen: set[str] = set()
    for route in routes.list_routes():
        if route.action not in getattr(route.view, "limits", {}):
            continue
        limit = limit_of(route)
        if limit.scope in seen:
            continue
        seen.add(limit.scope)
        # Where one must be signed in, nobody gets as far as being counted by an address.
        if AllowAny in route.view.permission_classes:
            yield Case(route, "address", limit.address)
        if route.view.authentication_classes:
            yield Case(route, "user", limit.user)
        if limit.account is not None:
            yield Case(route, "account", limit.account.rate, limit.account.field)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", list(list_cases()), ids=str)
def test_of_many_at_once_exactly_as_many_pass_as_the_limit_allows(case: Case) -> None:
    ask = ASKERS[case.by](case)
    forget_limits()
    asked = max(AT_ONCE, case.rate.limit + AT_ONCE // 2)

    statuses = ask_at_once(ask, times=asked)

    assert sum(status != TOO_MANY for status in statuses) == case.rate.limit
    assert statuses.count(TOO_MANY) == asked - case.rate.limit


def ask_at_once(ask: Callable[[int], int], *, times: int) -> list[int]:
    together = min(times, AT_ONCE)
    start = Barrier(together)

    def ask_alone(number: int) -> int:
        if number < together:
            start.wait()
        try:
            return ask(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=together) as threads:
        return list(threads.map(ask_alone, range(times)))


def ask_from_one_address(case: Case) -> Callable[[int], int]:
    return lambda _: send(case, {}, {}, address="192.0.2.1")


def ask_as_one_user(case: Case) -> Callable[[int], int]:
    headers = bearer(sign_in(make_user())["access"])
    return lambda number: send(case, headers, {}, address=f"192.0.2.{number}")


def ask_for_one_account(case: Case) -> Callable[[int], int]:
    body = {case.account_field: "somebody@example.com"}
    return lambda number: send(case, {}, body, address=f"192.0.2.{number}")


ASKERS: dict[str, Callable[[Case], Callable[[int], int]]] = {
    "address": ask_from_one_address,
    "user": ask_as_one_user,
    "account": ask_for_one_account,
}


def send(case: Case, headers: dict[str, str], body: dict[str, str], *, address: str) -> int:
    answer = Client().generic(
        case.route.method,
        f"{case.route.address()}?colour=red",
        data=json.dumps(body).encode() if body else b"",
        content_type="application/json",
        headers=headers,
        REMOTE_ADDR=address,
    )
    return answer.status_code
