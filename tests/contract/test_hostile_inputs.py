"""
Bad input: hundreds of hostile lines over every route are refused, with the field named, and leave
nothing behind.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from common.errors import DomainError
from common.geo import parse_geometry
from tests.contract.asking import forget_limits
from tests.contract.attacks import ATTACKS, OF_NO_ROUTE, Attack, list_attacks, read_lines, value_of
from tests.contract.routes import Json, Route, list_routes
from tests.contract.valid_requests import ask_validly
from tests.contract.world import World, bearer, sign_in
from tests.contract.writes import find_writes, taking_back

LINES_LOW = 200
LINES_OF_A_ROUTE_LOW = 20
# Of so many routes each is asked another part of the lines that concern no route by itself.
TURNS = 5
ROUTES_OF_A_LINE_LOW = 3
# A refusal is no amplifier, whatever it refuses.
ANSWER_BYTES_HIGH = 16_384
EVERY_GEOMETRY = (
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip


def test_the_corpus_is_large() -> None:
    assert sum(len(read_lines(name)) for name in (*ATTACKS, "geometries")) >= LINES_LOW


@pytest.mark.django_db
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_every_hostile_input_is_refused_and_nothing_is_written(route: Route, world: World) -> None:
    assert find_unrefused(route, list_attacks(route, world, turns=TURNS)) == []


@pytest.mark.promise
@pytest.mark.django_db
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_every_route_refuses_every_hostile_input(route: Route, world: World) -> None:
    assert find_unrefused(route, list_attacks(route, world)) == []


@pytest.mark.django_db
def test_by_turns_every_line_is_asked_of_many_routes(world: World) -> None:
    asked = Counter(
        attack.name
        for route in list_routes()
        for attack in list_attacks(route, world, turns=TURNS)
        if attack.name.partition(":")[0] in OF_NO_ROUTE
    )

    lines = sum(len(read_lines(name)) for name in OF_NO_ROUTE)

    assert len(asked) == lines
    assert min(asked.values()) >= ROUTES_OF_A_LINE_LOW


def find_unrefused(route: Route, attacks: Sequence[Attack]) -> list[str]:
    """Return what is wrong with the answers, and which attack had something written."""
    assert len(attacks) >= LINES_OF_A_ROUTE_LOW
    answers, writes = find_writes(lambda: [send(route, attack) for attack in attacks])
    wrong = [
        complaint
        for attack, answer in zip(attacks, answers, strict=True)
        for complaint in judge(attack, answer)
    ]
    return wrong if not writes else [*wrong, *find_writers(route, attacks), str(writes)]


def find_writers(route: Route, attacks: Sequence[Attack]) -> Iterator[str]:
    for attack in attacks:
        _, writes = find_writes(partial(send, route, attack))
        if writes:
            yield f"{attack.name} wrote {writes}"


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


@pytest.mark.django_db
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_a_strange_header_changes_nothing(route: Route, world: World) -> None:
    assert find_changed(route, world, turns=TURNS) == {}


@pytest.mark.promise
@pytest.mark.django_db
@pytest.mark.parametrize("route", list_routes(), ids=str)
def test_no_strange_header_changes_any_route(route: Route, world: World) -> None:
    assert find_changed(route, world, turns=1) == {}


def find_changed(route: Route, world: World, *, turns: int) -> Mapping[str, int]:
    """Return the headers with which a right request is no request, or breaks the service."""
    signed_in = bearer(sign_in(world.owner)["access"])
    statuses = {
        line["why"]: taking_back(partial(ask_with, {**signed_in, **line["headers"]}, route, world))
        for line in read_lines("harmless")[list_routes().index(route) % turns :: turns]
    }
    return {why: status for why, status in statuses.items() if not 200 <= status < 500}


def ask_with(headers: Mapping[str, str], route: Route, world: World) -> int:
    """Return the status of a right request with these headers beside its own."""
    asked = ask_validly(route, world)
    right = Attack(
        name="",
        address=route.fill(world.ids_for(route)),
        query=urlencode(asked.query, doseq=True),
        body=None if asked.body is None else json.dumps(asked.body).encode(),
        headers={**asked.headers, **headers},
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
