"""
The API is what its schema says: schemathesis asks every route what the schema allows and forbids.

Requests are made from the schema (its examples, the edges of every constraint, and at random), and
every answer is judged: no 5xx, a documented status, type and shape, nothing accepted that the schema
forbids, nothing refused that it allows, no method beside those named, no way around signing in.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig

from tests.contract.asking import Service
from tests.contract.routes import load_schema
from tests.contract.world import World, bearer, make_world

pytestmark = pytest.mark.django_db(transaction=True)

CONFIG = {
    "generation": {"max-examples": 15, "deterministic": True},
    "suppress-health-check": ["all"],
    "continue-on-failure": True,
    # 422 is a rule that no schema can say (a weak password, an unknown area); 400 is its violation.
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422", "428"]
        }
    },
}

schema = schemathesis.openapi.from_dict(load_schema(), config=SchemathesisConfig.from_dict(CONFIG))


@pytest.fixture
def world() -> World:
    return make_world()


@schema.parametrize()
def test_every_answer_is_what_the_schema_says(case: Case[Any], world: World) -> None:
    headers = bearer(world.sign_in(world.owner)["access"])
    case.call_and_validate(app=Service(), headers=headers)
