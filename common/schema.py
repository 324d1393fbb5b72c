"""What every operation of the OpenAPI schema has in common."""

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Members beside these depend on `code`; see docs/problems.md.",
    "required": [
        "type", "title", "status", "code", "detail", "instance", "request_id", "errors",
    ],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "detail": {"type": "string", "description": "A sentence in the caller's language."},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "A dotted path into the input."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}  # fmt: skip
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def add_problems(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Let every operation answer with a problem: a postprocessing hook of drf-spectacular."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components.setdefault("responses", {})["Problem"] = {
        "description": "Something was refused or failed.",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in METHODS:
                operation["responses"].setdefault(
                    "default", {"$ref": "#/components/responses/Problem"}
                )
    return result
