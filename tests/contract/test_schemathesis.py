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
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from schemathesis import AuthContext, BaseSchema, Case, GenerationMode
from schemathesis.auths import AuthProvider
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from schemathesis.generation.meta import TestPhase

from common.acting import acting_as_system
from tests.builders.users import make_pair, make_session, make_user
from tests.contract.asking import Service
from tests.contract.routes import Json, Route, list_routes, load_schema
from tests.contract.world import World, bearer

pytestmark = pytest.mark.django_db

QUICK, DEEP = 8, 500  # examples at random of a route; those of every constraint's edges come on top
ONE_BY_ONE, IN_SEQUENCE = ("examples", "coverage", "fuzzing"), ("stateful",)


@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_every_answer_is_what_the_schema_says(route: Route, world: World) -> None:
    assert find_failures(make_schema(examples=QUICK, phases=ONE_BY_ONE), world, route) == []


def test_sequences_of_requests_are_answered_as_the_schema_says(world: World) -> None:
    assert find_failures(make_schema(examples=QUICK, phases=IN_SEQUENCE), world) == []


@pytest.mark.promise
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_of_hundreds_every_answer_is_what_the_schema_says(route: Route, world: World) -> None:
    assert find_failures(make_schema(examples=DEEP, phases=ONE_BY_ONE), world, route) == []


@pytest.mark.promise
def test_hundreds_of_sequences_are_answered_as_the_schema_says(world: World) -> None:
    assert find_failures(make_schema(examples=DEEP, phases=IN_SEQUENCE), world) == []


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
            # RFC 6585 has a status of its own for an edit that names no state.
            "missing_required_header": {"expected-statuses": ["400", "401", "422", "428"]},
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


def find_failures(schema: BaseSchema, world: World, route: Route | None = None) -> list[str]:
    """Ask one route, each time as if for the first; or all of them in sequences."""
    service = Service(standing_alone=route is not None)
    chosen = schema if route is None else schema.include(path=route.path, method=route.method)
    chosen.app = service
    chosen.auth(refresh_interval=None)(as_owner(service, world))

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


def as_owner(service: Service, world: World) -> type[AuthProvider[dict[str, str]]]:
    """Return the class that schemathesis makes one of."""

    class _OwnerHere(Owner):
        def __init__(self) -> None:
            super().__init__(service, world)

    return _OwnerHere


@dataclass
class Owner:
    """Signs each case as somebody signed in, and has it ask about something that is theirs."""

    service: Service
    world: World

    def __post_init__(self) -> None:
        self.user = self.world.owner
        self.kept = self._sign_in()

    def get(self, case: Case[Any], _: AuthContext) -> dict[str, str]:
        self.service.enter_thread()
        if not find_route(case).view.authentication_classes:
            return {}
        if not self.service.standing_alone:
            # What went before may have been the end of the session, or of its user. A thread acts
            # for nobody until it says for whom.
            with acting_as_system():
                self.user.refresh_from_db()
                self.user = self.user if self.user.is_active else make_user()
                self.kept = self._sign_in()
        return self.kept

    def set(self, case: Case[Any], headers: dict[str, str], _: AuthContext) -> None:
        case.headers.update(headers)
        meta = case.meta
        if meta is None or meta.generation.mode is not GenerationMode.POSITIVE:
            return
        # What is made up at random names nothing; sequences know what they are about.
        case.query.pop("cursor", None)
        if meta.phase.name is not TestPhase.STATEFUL:
            route = find_route(case)
            owned = self.world.ids_for(route)
            case.path_parameters = {name: owned[name] for name in route.path_parameters}

    def _sign_in(self) -> dict[str, str]:
        return bearer(make_pair(session=make_session(user=self.user)).access)


def find_route(case: Case[Any]) -> Route:
    return next(route for route in list_routes() if str(route) == case.operation.label)
