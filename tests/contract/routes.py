"""Every route of the API, as its OpenAPI schema tells it: what the tests of this package go through."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.views import APIView

METHODS = ("get", "post", "put", "patch", "delete")
ANY_ID = "01932c07-30a0-7bd8-bf9c-6f3e2a2b5a11"

Json = dict[str, Any]


@dataclass(frozen=True)
class Route:
    """One operation of the schema."""

    method: str
    path: str
    operation: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def path_parameters(self) -> Sequence[str]:
        return [one["name"] for one in self._in_path]

    @property
    def _in_path(self) -> Sequence[Json]:
        return [one for one in self.parameters if one["in"] == "path"]

    @property
    def parameters(self) -> Sequence[Json]:
        found: Sequence[Json] = self.operation.get("parameters", [])
        return found

    @property
    def body_schema(self) -> Json | None:
        """Return the schema of the JSON body, or None where no JSON is taken."""
        content = self.operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else resolve_reference(schema)

    @property
    def view(self) -> type[APIView]:
        """Return the view that answers."""
        match = resolve(self.fill({one["name"]: _any(one) for one in self._in_path}))
        found: type[APIView] = getattr(match.func, "cls", None) or vars(match.func)["view_class"]
        return found

    def fill(self, ids: Mapping[str, str]) -> str:
        """Return the address with its parameters filled in."""
        return self.path.format_map(ids)


def _any(parameter: Json) -> str:
    return "1" if parameter["schema"].get("type") == "integer" else ANY_ID


@cache
def load_schema() -> Json:
    """Return the schema that the code says, not the file: they are compared elsewhere."""
    generated = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # untyped library
    schema: Json = json.loads(OpenApiJsonRenderer().render(generated))
    return schema


@cache
def list_routes() -> Sequence[Route]:
    """Return every operation, in the order of the schema."""
    return [
        Route(method=method, path=path, operation=operations[method])
        for path, operations in load_schema()["paths"].items()
        for method in METHODS
        if method in operations
    ]


def resolve_reference(schema: Json) -> Json:
    """Return what a `$ref` points to."""
    while "$ref" in schema:
        target: Any = load_schema()
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        schema = target
    return schema
