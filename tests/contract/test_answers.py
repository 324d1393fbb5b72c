"""What the owner is answered to a valid request: what the schema says, member by member."""

from functools import partial

import pytest
from jsonschema import Draft202012Validator

from tests.contract.routes import Route, list_routes
from tests.contract.test_schemathesis import narrow_schema
from tests.contract.valid_requests import ask_validly, send
from tests.contract.world import World, bearer, sign_in
from tests.contract.writes import taking_back

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_a_valid_request_is_answered_as_the_schema_says(route: Route, world: World) -> None:
    headers = bearer(sign_in(world.owner)["access"])
    asked, address = ask_validly(route, world), route.fill(world.ids_for(route))

    answer = taking_back(partial(send, route, address, asked, headers))

    described = route.operation["responses"][str(answer.status_code)].get("content", {})
    kind = answer.get("Content-Type", "").partition(";")[0]
    assert kind in described or (kind, described) == ("", {})
    if kind == "application/json":
        schema = {**described[kind]["schema"], "components": narrow_schema()["components"]}
        faults = Draft202012Validator(schema).iter_errors(answer.json())
        assert [(fault.json_path, fault.message) for fault in faults] == []
