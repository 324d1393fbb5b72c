"""The routes of the API, found in the URL conf: for tests that hold for each of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

PLACEHOLDERS = {
    "uuid": "00000000-0000-7000-8000-000000000000",
    "int": "1",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """One method of one address; `pattern` is as the URL conf writes it."""

    pattern: str
    name: str
    method: str
    view: type[APIView]
    action: str

    def address(self) -> str:
        """Return an address that the route matches, with ids of nothing."""
        return re.sub(r"<(\w+):\w+>", lambda found: PLACEHOLDERS[found[1]], self.pattern)

    @property
    def handler(self) -> Callable[..., Any]:
        handler: Callable[..., Any] = getattr(self.view, self.action)
        return handler


def list_routes() -> list[Route]:
    """Return every method of every address under /api/v1/."""
    return list(_walk(get_resolver().url_patterns, prefix=""))


def _walk(patterns: list[URLPattern | URLResolver], *, prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, prefix=path)
        elif path.startswith("api/v1/"):
            yield from _methods_of(pattern, path=path)


def _methods_of(pattern: URLPattern, *, path: str) -> Iterator[Route]:
    view = pattern.callback.cls  # type: ignore[attr-defined] # DRF's mark on each of its views
    actions: dict[str, str] | None = getattr(pattern.callback, "actions", None)
    for method in METHODS:
        action = actions.get(method.lower()) if actions is not None else method.lower()
        if action is not None and hasattr(view, action):
            yield Route(f"/{path}", pattern.name or "", method, view, action)
