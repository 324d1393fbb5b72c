"""
Bad input: hundreds of hostile lines over every route are refused, with the field named, and leave
nothing behind.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from common.errors import DomainError
from common.geo import parse_geometry
from tests.builders.users import make_user
from tests.contract.asking import forget_limits
from tests.contract.attacks import ATTACKS, Attack, list_attacks, read_lines, value_of
from tests.contract.routes import Json, Route, list_routes
from tests.contract.valid_requests import ask_validly
from tests.contract.world import World, bearer, make_world, sign_in
from tests.contract.writes import read_everything

LINES_LOW = 200
LINES_OF_A_ROUTE_LOW = 50
# A refusal is no amplifier, whatever it refuses.
ANSWER_BYTES_HIGH = 16_384
EVERY_GEOMETRY = (
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip


def test_the_corpus_is_large() -> None:
    assert sum(len(read_lines(name)) for name in (*ATTACKS, "geometries")) >= LINES_LOW


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_every_hostile_input_is_refused_and_nothing_is_written(route: Route) -> None:
    world = make_world()
    attacks = list(list_attacks(route, world))
    before = read_everything()

    wrong = [complaint for attack in attacks for complaint in judge(attack, send(route, attack))]

    assert not wrong, "\n".join(wrong)
    assert read_everything() == before
    assert len(attacks) >= LINES_OF_A_ROUTE_LOW


def send(route: Route, attack: Attack) -> Any:
    forget_limits()
    headers = {"Content-Type": "application/json", **attack.headers}
    answer: Any = Client(raise_request_exception=False).generic(
        route.method.upper(),
        f"{attack.address}?{attack.query}" if attack.query else attack.address,
        attack.body or b"",
        content_type=headers.pop("Content-Type"),
        headers=headers,
    )
    return answer


def judge(attack: Attack, answer: Any) -> Iterator[str]:
    """Yield what is wrong with the answer to an attack."""
    told = f"{attack.name} ({attack.field or attack.code or ''}): {answer.status_code}"
    if answer.status_code not in attack.statuses:
        yield f"{told}, not {sorted(attack.statuses)}: {answer.content[:300]!r}"
        return
    if answer["Content-Type"] != "application/problem+json":
        yield f"{told} as {answer['Content-Type']}"
        return
    if len(answer.content) > ANSWER_BYTES_HIGH:
        yield f"{told}, an answer of {len(answer.content)} bytes"
    problem: Json = json.loads(answer.content)
    if attack.code is not None and problem["code"] != attack.code:
        yield f"{told} {problem['code']}, not {attack.code}"
    if attack.field is not None and not names_field(problem, attack.field):
        yield f"{told} names {[error['field'] for error in problem['errors']]}"


def names_field(problem: Json, field: str) -> bool:
    named = [error["field"] for error in problem["errors"]]
    return any(name == field or name.startswith(f"{field}.") for name in named)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_a_strange_header_changes_nothing(route: Route) -> None:
    world = make_world()

    statuses = {
        line["why"]: ask_with(line["headers"], route, world) for line in read_lines("harmless")
    }

    assert {why: status for why, status in statuses.items() if not 200 <= status < 500} == {}


def ask_with(headers: Mapping[str, str], route: Route, world: World) -> int:
    """Return the status of a right request with headers beside its own."""
    # What is granted may be the end of its user or their password: the next one has their own.
    user = world.owner if route.path_parameters else make_user()
    asked = ask_validly(route, world)
    right = Attack(
        name="",
        address=route.fill(world.ids_for(route)),
        query=urlencode(asked.query, doseq=True),
        body=None if asked.body is None else json.dumps(asked.body).encode(),
        headers={**bearer(sign_in(user)["access"]), **asked.headers, **headers},
        statuses=frozenset(),
    )
    status: int = send(route, right).status_code
    return status


@pytest.mark.parametrize("line", read_lines("geometries"), ids=lambda line: line["why"])
def test_every_hostile_geometry_is_refused_with_its_field(line: Mapping[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        parse_geometry(geometry_of(line), allowed=EVERY_GEOMETRY, field="outline")

    assert (refused.value.code, refused.value.field) == (line["code"], "outline")


def geometry_of(line: Mapping[str, Any]) -> object:
    if "nested_collections" in line:
        geometry: Json = {"type": "Point", "coordinates": [127, 37]}
        for _ in range(line["nested_collections"]):
            geometry = {"type": "GeometryCollection", "geometries": [geometry]}
        return geometry
    if "vertices" in line:
        return {"type": "LineString", "coordinates": [[127, 37], [127.1, 37]] * line["vertices"]}
    return value_of(dict(line))
