"""What happens around every HTTP request."""

import time
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve, reverse

from .acting import NOBODY, Acting, Mode, acting
from .addresses import client_address, set_current_address
from .problems import render_problem
from .request_ids import HEADER, choose_request_id, set_request_id

logger = structlog.get_logger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]

# What a probe asks every few seconds would drown what people ask.
QUIET_ROUTES = frozenset({"healthz", "readyz"})
PROBES = frozenset(f"/{route}" for route in QUIET_ROUTES)


class RequestIds:
    """Give every request an id, return it, and write one access line: no query, no address."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started_s = time.perf_counter()
        request_id = choose_request_id(offered=request.headers.get(HEADER))
        set_request_id(request_id)
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            self._log(request, response, took_s=time.perf_counter() - started_s)
        finally:
            # Threads are used again; a line outside of a request must not carry this id.
            set_request_id("")
        return response

    def _log(self, request: HttpRequest, response: HttpResponseBase, *, took_s: float) -> None:
        # The pattern of the route, since a path may hold what is private: a share token, a tile.
        route = request.resolver_match.route if request.resolver_match else "(none)"
        if route in QUIET_ROUTES or request.path.startswith(settings.STATIC_URL):
            return
        logger.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            ms=round(took_s * 1000, 1),
            user_id=_find_user_id(request),
        )


def _find_user_id(request: HttpRequest) -> str | None:
    user = getattr(request, "user", None)
    try:
        # A session is read from the database at its first use, and that may be here.
        return str(user.public_id) if user is not None and user.is_authenticated else None
    except DatabaseError:
        return None


@cache
def _admin_path() -> str:
    return reverse("admin:index")


class Callers:
    """
    Handle every request for nobody until it is known who asks, and forget who it was at its end.

    The admin acts for its operators from the start: its own permissions decide, and its audit log
    keeps what they do.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_admin = request.path.startswith(_admin_path())
        set_current_address(client_address(request))
        try:
            # Threads are used again; the next request must not act for this one's user.
            with acting(Acting(Mode.OPERATOR) if is_admin else NOBODY):
                return self.get_response(request)
        finally:
            set_current_address("")


class Probes:
    """
    Answer probes before the host is looked at.

    Whoever watches over processes asks each by its address, which no list of hosts names.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PROBES:
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)
        answer: HttpResponseBase = request.resolver_match.func(request)
        return answer


class RequestLimit:
    """
    Refuse what is too large, or not text, before it is read.

    A body of undeclared length would be read as none, since a WSGI server hands over what
    Content-Length says: it is refused too. So is a query with more names than Django reads, or with
    bytes that are no UTF-8, which Django would replace by other characters.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit: int = settings.API_BODY_LIMIT_BYTES
        query = request.META.get("QUERY_STRING", "")
        if not _is_readable(query):
            return render_problem(request, status=HTTPStatus.BAD_REQUEST, code="malformed_query")
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return render_problem(
                request, status=HTTPStatus.LENGTH_REQUIRED, code="length_required"
            )
        if _declared_bytes(request) > limit:
            return render_problem(
                request,
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                code="too_large",
                values={"limit_bytes": limit},
                extras={"limit_bytes": limit},
            )
        return self.get_response(request)


def _is_readable(query: str) -> bool:
    if query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        return False
    try:
        # WSGI hands a query over as Latin-1, whatever its bytes mean.
        unquote_to_bytes(query.encode("latin-1", "replace")).decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared_bytes(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isascii() and declared.isdigit() else 0
