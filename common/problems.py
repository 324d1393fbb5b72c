"""
Errors as answers: RFC 9457 `application/problem+json`. The one module that turns them into HTTP.

Every problem has `type`, `title`, `status`, a stable `code`, a `detail` in the caller's language,
`instance`, `request_id` and `errors[]` (`field`, `code`, `detail`); a domain error may add members.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request
from django.views import defaults
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rest_framework import exceptions
from rest_framework.request import Request

from .errors import DomainError, FieldError, Kind
from .languages import Bilingual
from .rendering import write_json
from .request_ids import current_request_id

logger = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
API_PREFIXES = ("/api/", "/healthz", "/readyz")

STATUS_OF_KIND = {
    Kind.MALFORMED: HTTPStatus.BAD_REQUEST,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.OUTDATED: HTTPStatus.PRECONDITION_FAILED,
    Kind.UNCONDITIONAL: HTTPStatus.PRECONDITION_REQUIRED,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}

# What was understood, and lies outside its bounds or lacks its counterpart, is invalid; anything else
# is malformed.
UNDERSTOOD = frozenset({"min_value", "max_value", "out_of_bounds", "incomplete", "unknown_zone"})

# The database or Redis is away, was restarted meanwhile, or cut off a question that took too long.
AWAY = (OperationalError, InterfaceError, RedisConnectionError, RedisTimeoutError)

# Nobody reads more, and a refusal must not be larger than what it refuses.
ERRORS_HIGH = 50

# When a dependency is away; long enough for a restart, short enough for a person to wait.
RETRY_AFTER_S = 5

DETAILS = {
    "malformed": Bilingual(
        ko="요청을 이해할 수 없어요. errors를 확인해 주세요.",
        en="The request could not be understood; see errors.",
    ),
    "malformed_body": Bilingual(
        ko="본문을 JSON으로 읽을 수 없어요.", en="The body could not be read as JSON."
    ),
    "malformed_query": Bilingual(
        ko="주소의 매개변수가 너무 많거나 UTF-8이 아니에요.",
        en="The query has too many names, or is not UTF-8.",
    ),
    "length_required": Bilingual(
        ko="본문의 길이를 Content-Length로 알려 주세요.",
        en="Say how long the body is by Content-Length.",
    ),
    "invalid": Bilingual(
        ko="허용 범위를 벗어난 값이 있어요. errors를 확인해 주세요.",
        en="A value is out of bounds; see errors.",
    ),
    "unauthenticated": Bilingual(
        ko="로그인이 필요하거나 토큰이 유효하지 않아요.",
        en="Sign in first: the token is missing or not valid.",
    ),
    "forbidden": Bilingual(ko="권한이 없어요.", en="You may not do this."),
    "not_found": Bilingual(ko="찾을 수 없어요.", en="There is nothing here."),
    "method_not_allowed": Bilingual(
        ko="이 주소에서 쓸 수 없는 메서드예요.", en="This method is not allowed here."
    ),
    "not_acceptable": Bilingual(
        ko="요청한 형식으로 답할 수 없어요.", en="The answer is not offered in the form asked for."
    ),
    "unsupported_media_type": Bilingual(
        ko="지원하지 않는 본문 형식이에요. application/json으로 보내 주세요.",
        en="This kind of body is not supported; send application/json.",
    ),
    "too_large": Bilingual(
        ko="본문이 너무 커요. 최대 {limit_bytes}바이트예요.",
        en="The body is too large: at most {limit_bytes} bytes.",
    ),
    "unavailable": Bilingual(
        ko="잠시 이용할 수 없어요. 곧 다시 시도해 주세요.",
        en="Not available right now: try again shortly.",
    ),
    "internal": Bilingual(
        ko="서버에 문제가 생겼어요. request_id를 알려 주시면 찾아볼게요.",
        en="Something went wrong on our side; tell us the request_id.",
    ),
}


def render_problem(
    request: HttpRequest,
    *,
    status: HTTPStatus,
    code: str,
    detail: str | None = None,
    errors: Sequence[FieldError] = (),
    extras: Mapping[str, object] | None = None,
    retry_after_s: int | None = None,
    values: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Render one problem; without a `detail` its sentence is the one that DETAILS has for `code`."""
    if detail is None:
        sentence = DETAILS[code].in_language(get_language_from_request(request))
        detail = sentence.format(**(values or {}))
    body: dict[str, object] = {
        **(extras or {}),
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": detail,
        "instance": request.path,
        "request_id": current_request_id(),
        "errors": list(errors[:ERRORS_HIGH]),
    }
    response = HttpResponse(write_json(body), status=status.value, content_type=CONTENT_TYPE)
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    return response


def render_domain_error(request: HttpRequest, error: DomainError, /) -> HttpResponse:
    language = get_language_from_request(request)
    detail = error.detail.in_language(language).format(**error.values)
    errors = error.errors
    if error.field is not None:
        errors = (FieldError(field=error.field, code=error.code, detail=detail), *errors)
    retry_after_s = error.retry_after_s
    if retry_after_s is None and error.kind is Kind.UNAVAILABLE:
        retry_after_s = RETRY_AFTER_S
    return render_problem(
        request,
        status=STATUS_OF_KIND[error.kind],
        code=error.code,
        detail=detail,
        errors=errors,
        extras=error.extras,
        retry_after_s=retry_after_s,
    )


def _render_page_unavailable(request: HttpRequest) -> HttpResponse:
    """Answer people who read pages, in plain text: a template might ask the database."""
    sentence = DETAILS["unavailable"].in_language(get_language_from_request(request))
    return HttpResponse(
        sentence,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"},
    )


def list_field_errors(detail: Any, *, path: str = "") -> Iterator[FieldError]:
    """Flatten what DRF found wrong into dotted paths, in the order of the fields."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            # DRF's key for what concerns the whole object.
            below = path if key == "non_field_errors" else f"{path}.{key}".lstrip(".")
            yield from list_field_errors(value, path=below)
    elif isinstance(detail, list | tuple):
        nested = any(isinstance(item, Mapping | list) for item in detail)
        for index, item in enumerate(detail):
            below = f"{path}.{index}".lstrip(".") if nested else path
            yield from list_field_errors(item, path=below)
    else:
        code = getattr(detail, "code", None) or "invalid"
        yield FieldError(field=path, code=code, detail=str(detail))


def _render_validation_error(
    request: HttpRequest, error: exceptions.ValidationError
) -> HttpResponse:
    errors = tuple(list_field_errors(error.detail))
    if errors and all(found.code in UNDERSTOOD for found in errors):
        return render_problem(
            request, status=HTTPStatus.UNPROCESSABLE_ENTITY, code="invalid", errors=errors
        )
    return render_problem(request, status=HTTPStatus.BAD_REQUEST, code="malformed", errors=errors)


_CODE_OF_API_EXCEPTION: tuple[tuple[type[exceptions.APIException], str], ...] = (
    (exceptions.ParseError, "malformed_body"),
    (exceptions.NotAuthenticated, "unauthenticated"),
    (exceptions.AuthenticationFailed, "unauthenticated"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
)


def _render_api_exception(
    request: HttpRequest, error: exceptions.APIException
) -> HttpResponse | None:
    if isinstance(error, exceptions.ValidationError):
        return _render_validation_error(request, error)
    for kind, code in _CODE_OF_API_EXCEPTION:
        if isinstance(error, kind):
            return render_problem(request, status=HTTPStatus(error.status_code), code=code)
    return None


def _render_unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("dependency_away", error=type(error).__name__)
    if not _is_api(request):
        return _render_page_unavailable(request)
    return render_problem(
        request,
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        code="unavailable",
        retry_after_s=RETRY_AFTER_S,
    )


def render_exception(request: HttpRequest, error: Exception, /) -> HttpResponse | None:
    """Render a foreseen failure; return None for a bug, which becomes a logged 500."""
    if isinstance(error, DomainError):
        return render_domain_error(request, error)
    if isinstance(error, Http404):
        return not_found(request, error)
    if isinstance(error, PermissionDenied):
        return permission_denied(request, error)
    if isinstance(error, AWAY):
        return _render_unavailable(request, error)
    if isinstance(error, exceptions.APIException):
        return _render_api_exception(request, error)
    return None


def handle_exception(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer an exception of a DRF view: the REST_FRAMEWORK setting EXCEPTION_HANDLER."""
    request: Request = context["request"]
    response = render_exception(request._request, error)  # noqa: SLF001 - DRF has no public name
    if response is None:
        return None
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIXES)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses: handler400."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    return render_problem(request, status=HTTPStatus.BAD_REQUEST, code="malformed")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer handler403."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return render_problem(request, status=HTTPStatus.FORBIDDEN, code="forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer handler404."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return render_problem(request, status=HTTPStatus.NOT_FOUND, code="not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a bug, or a database away before any view could say so: handler500."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        return _render_unavailable(request, error)
    if not _is_api(request):
        return defaults.server_error(request)
    return render_problem(request, status=HTTPStatus.INTERNAL_SERVER_ERROR, code="internal")
