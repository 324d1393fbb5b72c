"""
The corpus of hostile inputs, turned on every route.

`tests/data/hostile/` holds lines of JSON, each an input and what it must be answered. A line is not
about one route: it replaces the body, a member of its kind, the query, an id in the address, a header
or the token of a request that is otherwise right, wherever a route has such a thing.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from jsonschema import Draft202012Validator

from tests.contract.forging import forge, read_claims
from tests.contract.routes import (
    ANY_ID,
    Json,
    Route,
    list_routes,
    load_schema,
    resolve_reference,
)
from tests.contract.valid_requests import Ask, ask_validly, sample
from tests.contract.world import World, bearer, sign_in

CORPUS = Path(__file__).resolve().parents[1] / "data" / "hostile"


@dataclass(frozen=True)
class Attack:
    """One request that must be refused, and how."""

    name: str
    address: str
    query: str
    body: bytes | None
    headers: Mapping[str, str]
    statuses: frozenset[int]
    code: str | None = None
    field: str | None = None


@cache
def read_lines(name: str) -> Sequence[Json]:
    """Return the lines of one file of the corpus."""
    text = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def list_attacks(route: Route, world: World, *, turns: int = 1) -> Sequence[Attack]:
    """
    Return the lines of the corpus that a route has a place for.

    What is answered alike whatever the view is asked of the routes by turns: of so many neighbours
    in the schema, with a body or without, each has another part of the lines, and together they have them all.
    """
    asked = ask_validly(route, world)
    right = Attack(
        name="",
        address=route.fill(world.ids_for(route)),
        query=urlencode(asked.query, doseq=True),
        body=None if asked.body is None else json.dumps(asked.body).encode(),
        headers={**bearer(sign_in(world.owner)["access"]), **asked.headers},
        statuses=frozenset(),
    )
    alike = [one for one in list_routes() if bool(one.body_schema) == bool(route.body_schema)]
    number = alike.index(route)
    return [
        _judged(found, name, line)
        for name, attack in ATTACKS.items()
        for line in _lines_for(number, name, turns=turns)
        for found in attack(line, right, route, asked)
    ]


def _lines_for(number: int, name: str, *, turns: int) -> Sequence[Json]:
    lines = read_lines(name)
    return lines[number % turns :: turns] if name in OF_NO_ROUTE else lines


def _judged(found: Attack, name: str, line: Json) -> Attack:
    """Add to an attack what its line says that must be answered."""
    said = line["status"]
    return replace(
        found,
        name=f"{name}: {line.get('kind', '')} {line['why']}",
        statuses=frozenset(said if isinstance(said, list) else [said]),
        code=line.get("code"),
        field=found.field or line.get("field"),
    )


def value_of(line: Json) -> Any:
    """Return what a line says, or what it tells to build: a megabyte is no line."""
    if "build" in line:
        return "".join(text * times for text, times in line["build"])
    return line["value"]


def _replace_body(line: Json, right: Attack, _: Route, asked: Ask) -> Iterator[Attack]:
    if asked.body is not None:
        yield replace(right, body=_raw_body(line))


def _raw_body(line: Json) -> bytes:
    if "hex" in line:
        return bytes.fromhex(line["hex"])
    if "build_names" in line:
        names = [f'"a{number}":1' for number in range(line["build_names"])]
        return f"{{{','.join(names + names[-1:] if 'twice' in line else names)}}}".encode()
    text: str = line["text"] if "text" in line else value_of(line)
    return text.encode()


def _replace_member(line: Json, right: Attack, route: Route, asked: Ask) -> Iterator[Attack]:
    for name, schema in _members(route.body_schema or {}):
        if kind_of(schema) == line["kind"] and _is_forbidden(line, schema):
            body = json.dumps({**(asked.body or {}), name: _hostile(line, schema)})
            # A number that no program reads exactly makes the whole body none.
            yield replace(right, body=body.encode(), field=None if "whole" in line else name)
    for parameter in route.parameters:
        name, schema = parameter["name"], resolve_reference(parameter["schema"])
        if parameter["in"] != "query" or "in_body" in line or kind_of(schema) != line["kind"]:
            continue
        # A query has nothing but texts, so what JSON would have of another type is none there.
        if isinstance(spelt := _hostile(line, schema), str) and _is_forbidden(line, schema):
            query = urlencode({**asked.query, name: spelt}, doseq=True)
            yield replace(right, query=query, field=name)


def _members(schema: Json) -> Iterator[tuple[str, Json]]:
    for name, member in schema.get("properties", {}).items():
        yield name, resolve_reference(member)


def kind_of(schema: Json) -> str:
    """Return what lines call a member: its format, `enum`, or its type."""
    if "enum" in schema:
        return "enum"
    said = schema.get("type", "")
    kind = said if isinstance(said, str) else next(one for one in said if one != "null")
    shape = schema.get("format") if kind == "string" else None
    return shape if shape in {"email", "uuid", "date-time"} else kind


def _hostile(line: Json, schema: Json) -> Any:
    if "repeat_item" in line:
        return [sample(schema["items"])] * line["repeat_item"]
    return value_of(line)


def _is_forbidden(line: Json, schema: Json) -> bool:
    """Tell whether the schema forbids what the line says; `forced` is what none can forbid."""
    if "forced" in line or kind_of(schema) in {"email", "uuid", "date-time"}:
        return not (line.get("value", "") is None and "null" in schema.get("type", []))
    whole = {**schema, "components": load_schema()["components"]}
    hostile = _hostile(line, schema)
    return not Draft202012Validator(whole).is_valid(hostile)


def _replace_query(line: Json, right: Attack, *_: object) -> Iterator[Attack]:
    yield replace(right, query="&".join(part for part in (right.query, line["query"]) if part))


def _replace_id(line: Json, right: Attack, route: Route, _: Ask) -> Iterator[Attack]:
    for name in route.path_parameters:
        ids = dict.fromkeys(route.path_parameters, ANY_ID) | {name: line["id"]}
        yield replace(right, address=route.fill(ids))


def _add_member(line: Json, right: Attack, _: Route, asked: Ask) -> Iterator[Attack]:
    if asked.body is not None:
        body = json.dumps({**asked.body, line["name"]: line["value"]})
        yield replace(right, body=body.encode())


def _replace_header(line: Json, right: Attack, route: Route, asked: Ask) -> Iterator[Attack]:
    if "body" in line and asked.body is None:
        return
    if "token" in line and not route.view.authentication_classes:
        return
    yield replace(right, headers={**right.headers, **line["headers"]})


def _replace_token(line: Json, right: Attack, route: Route, _: Ask) -> Iterator[Attack]:
    if route.view.authentication_classes:
        genuine = read_claims(right.headers["Authorization"].removeprefix("Bearer "))
        claims = genuine | {
            name: int(time.time()) + said["now"]
            if isinstance(said, dict) and "now" in said
            else said
            for name, said in line.get("claims", {}).items()
        }
        claims.pop(line.get("without", ""), None)
        token = forge(
            claims=line.get("payload", claims),
            key=line.get("key", settings.SECRET_KEY),
            algorithm=line.get("algorithm", "HS256"),
            header=line.get("header"),
        )
        yield replace(right, headers={**right.headers, **bearer(token)})


def _ask_strangely(line: Json, right: Attack, route: Route, _: Ask) -> Iterator[Attack]:
    if line["route"] != str(route):
        return
    if route.body_schema is None:
        yield replace(right, query=urlencode(line["said"], doseq=True))
    else:
        yield replace(right, body=json.dumps(line["said"]).encode())


ATTACKS: Mapping[str, Callable[[Json, Attack, Route, Ask], Iterator[Attack]]] = {
    "bodies": _replace_body,
    "members": _replace_member,
    "queries": _replace_query,
    "paths": _replace_id,
    "extras": _add_member,
    "headers": _replace_header,
    "tokens": _replace_token,
    "questions": _ask_strangely,
}
# What all views share answers these, before what is said is looked at.
OF_NO_ROUTE = frozenset({"queries", "headers", "tokens"})
