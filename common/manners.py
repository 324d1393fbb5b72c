"""What holds for every answer and every route, whatever its view does."""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from .errors import FieldError
from .parameters import UNKNOWN
from .problems import render_problem

Answer = Callable[[HttpRequest], HttpResponseBase]

API = "/api/"
ROUTES = "/api/v1/"
TAG_BYTES = 12
NAMES_SHOWN = 5
NAME_LENGTH = 64

# For every answer: a page here uses no sensor of its reader, and nobody embeds what is not theirs.
HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not the name and version of the server that somebody might know a hole in.
    "Server": "dongne",
}
# JSON loads nothing, and is embedded nowhere.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"


class AnswerHeaders:
    """
    Give every answer its headers.

    What the API answers is somebody's own or of its moment, so nothing may keep it, unless its view
    says otherwise by a Cache-Control of its own.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if request.path.startswith(API):
            headers.setdefault("Cache-Control", "no-store")
            patch_vary_headers(response, ["Authorization"])
            if not headers.get("Content-Type", "").startswith("text/html"):
                headers.setdefault("Content-Security-Policy", DATA_POLICY)
        return response


class PagePolicy(CSPMiddleware):
    """The policy of pages. Composing it takes time, so what has one of its own, as data does, is passed by."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "Content-Security-Policy" in response:
            return response
        return super().process_response(request, response)


class EntityTags:
    """
    Let a reader who has an answer already ask whether it is still good: `ETag`, `If-None-Match`.

    A view whose answers are of their moment says `has_entity_tag = False`; one whose resource may
    be edited tags it by its state (`common/conditions.py`).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            request.method in {"GET", "HEAD"}
            and request.path.startswith(ROUTES)
            and response.status_code == HTTPStatus.OK
            and isinstance(response, HttpResponse)
        ):
            return _tag(request, response)
        return response


def _tag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if "ETag" not in response:
        view = getattr(request.resolver_match and request.resolver_match.func, "cls", None)
        if not getattr(view, "has_entity_tag", True):
            return response
        digest = blake2b(response.content, digest_size=TAG_BYTES).hexdigest()
        response["ETag"] = f'"{digest}"'
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known is None or not _is_among(response["ETag"], parse_etags(known)):
        return response
    unchanged = HttpResponseNotModified()
    for name, value in response.items():
        if not name.lower().startswith("content-"):
            unchanged[name] = value
    return unchanged


def _is_among(tag: str, known: list[str]) -> bool:
    # A reader's copy is good even if a proxy that compressed it made its tag a weak one.
    return "*" in known or tag.removeprefix("W/") in {one.removeprefix("W/") for one in known}


class StrictRoutes:
    """
    Answer OPTIONS for every route, and refuse a query that its view did not read.

    A view that takes one reads it by `read_query`, which refuses unknown names; a view that changes
    something refuses one by `read_body` or `read_nothing` before it does.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            request.META.get("QUERY_STRING")
            and request.path.startswith(ROUTES)
            and response.status_code < HTTPStatus.BAD_REQUEST
            and not getattr(request, "query_was_read", False)
        ):
            return _refuse_query(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        cls = getattr(view, "cls", None)
        if request.method != "OPTIONS" or cls is None or not request.path.startswith(ROUTES):
            return None
        actions = getattr(view, "actions", None)
        methods = actions or [name for name in cls.http_method_names if hasattr(cls, name)]
        request.query_was_read = True  # type: ignore[attr-defined] # nothing is asked
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": _list_methods(methods)})


def _list_methods(methods: Iterable[str]) -> str:
    names = {name.upper() for name in methods} | {"OPTIONS"}
    if "GET" in names:
        names.add("HEAD")
    return ", ".join(sorted(names))


def _refuse_query(request: HttpRequest) -> HttpResponse:
    return render_problem(
        request,
        status=HTTPStatus.BAD_REQUEST,
        code="malformed",
        errors=[
            FieldError(field=name[:NAME_LENGTH], code="unknown", detail=str(UNKNOWN))
            for name in list(request.GET)[:NAMES_SHOWN]
        ],
    )
