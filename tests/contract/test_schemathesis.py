"""
The API is what its schema says: schemathesis asks every route what the schema allows and forbids.

Requests are made from the schema (its examples, the edges of every constraint, at random, and in
sequences where one answer names what the next request is about), and every answer is judged: no 5xx,
a documented status, type and shape, nothing accepted that the schema forbids, nothing refused that it
allows, no method beside those named, nothing found after it was deleted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from schemathesis import AuthContext, BaseSchema, Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.generation.meta import TestPhase

from tests.builders.users import make_user
from tests.contract.asking import Service
from tests.contract.routes import Json, Route, list_routes, load_schema
from tests.contract.world import World, bearer, make_world, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

QUICK, DEEP = 8, 500  # examples at random of a route; those of every constraint's edges come on top
ONE_BY_ONE, IN_SEQUENCE = ("examples", "coverage", "fuzzing"), ("stateful",)


@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_every_answer_is_what_the_schema_says(route: Route) -> None:
    assert find_failures(make_schema(examples=QUICK, phases=ONE_BY_ONE), route) == []


def test_sequences_of_requests_are_answered_as_the_schema_says() -> None:
    assert find_failures(make_schema(examples=QUICK, phases=IN_SEQUENCE)) == []


@pytest.mark.promise
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_of_hundreds_every_answer_is_what_the_schema_says(route: Route) -> None:
    assert find_failures(make_schema(examples=DEEP, phases=ONE_BY_ONE), route) == []


@pytest.mark.promise
def test_hundreds_of_sequences_are_answered_as_the_schema_says() -> None:
    assert find_failures(make_schema(examples=DEEP, phases=IN_SEQUENCE)) == []


def make_schema(*, examples: int, phases: tuple[str, ...]) -> BaseSchema:
    everything = (*ONE_BY_ONE, *IN_SEQUENCE)
    config: Json = {
        # No schema can say that a text holds no NUL; tests/contract/test_hostile_inputs.py sends it.
        "generation": {"max-examples": examples, "allow-x00": False},
        "seed": 20261121,
        "suppress-health-check": ["all"],
        "continue-on-failure": True,
        "phases": {name: {"enabled": name in phases} for name in everything},
        # 422 is a rule that no schema can say (a weak password, an unknown area), 400 its violation.
        "checks": {
            # It hands werkzeug an option of requests; test_authorisation.py asks the same, as everybody.
            "ignored_auth": {"enabled": False},
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422", "428"]
            },
        },
    }
    return schemathesis.openapi.from_dict(
        narrow_schema(), config=SchemathesisConfig.from_dict(config)
    )


def narrow_schema() -> Json:
    """
    Return the schema without its catch-alls: what it does not name, no answer may have.

    Clients are told to expect any problem and new members; the tests are not that lenient.
    """
    schema = deepcopy(load_schema())
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("default")
    for name, component in schema["components"]["schemas"].items():
        if "properties" in component and name != "Problem":
            component.setdefault("additionalProperties", False)
    return schema


def find_failures(schema: BaseSchema, route: Route | None = None) -> list[str]:
    """Ask as the owner of a new world, or as somebody new where nothing is owned."""
    service, world = Service(), make_world()
    chosen = schema if route is None else schema.include(path=route.path, method=route.method)
    chosen.app = service
    ask_as_owner(chosen, service, world)

    tally: Counter[int] = Counter()
    failures = list(judge(chosen, tally))
    sys.stdout.write(
        f"{route or 'sequences'}: {tally.total()} answers {dict(sorted(tally.items()))}\n"
    )
    return failures


def judge(schema: BaseSchema, tally: Counter[int]) -> Iterator[str]:
    """Yield what was wrong; count the answers by status."""
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            yield f"{event.label}: {event.value!r}"
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            recorder = event.recorder
            tally.update(
                sent.response.status_code
                for sent in recorder.interactions.values()
                if sent.response
            )
            for checks in recorder.checks.values():
                for check in checks:
                    if check.status is Status.FAILURE and check.failure_info is not None:
                        info = check.failure_info
                        yield f"{check.name}: {info.failure.title}: {info.failure.message}\n{info.code_sample}"


def ask_as_owner(schema: BaseSchema, service: Service, world: World) -> None:
    """Let each case be asked by somebody signed in, about something that is theirs."""

    @schema.auth(refresh_interval=None)
    class _Owner:
        kept: dict[str, str] = {}

        def get(self, case: Case[Any], _: AuthContext) -> dict[str, str]:
            route = find_route(case)
            if not route.view.authentication_classes:
                return {}
            service.enter_thread()
            # What a case does may be the end of its user or session: the next one has its own.
            if not self.kept or route.method != "get":
                user = world.owner if route.path_parameters else make_user()
                self.kept = bearer(sign_in(user)["access"])
            return self.kept

        def set(self, case: Case[Any], headers: dict[str, str], _: AuthContext) -> None:
            case.headers.update(headers)
            # An address made up at random names nothing; sequences know what they are about.
            if is_made_up(case):
                route = find_route(case)
                owned = world.ids_for(route)
                case.path_parameters = {name: owned[name] for name in route.path_parameters}


def is_made_up(case: Case[Any]) -> bool:
    """Tell a valid request that stands alone from sequences, and from those meant to be refused."""
    return (
        case.meta is not None
        and case.meta.generation.mode is GenerationMode.POSITIVE
        and case.meta.phase.name is not TestPhase.STATEFUL
    )


def find_route(case: Case[Any]) -> Route:
    return next(route for route in list_routes() if str(route) == case.operation.label)
