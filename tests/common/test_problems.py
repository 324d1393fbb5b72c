from http import HTTPStatus

import orjson
import pytest
from django.db import OperationalError
from django.test import RequestFactory
from rest_framework import exceptions
from rest_framework.request import Request

from common.errors import DomainError, FieldError, Kind
from common.languages import Bilingual
from common.problems import STATUS_OF_KIND, handle_exception, list_field_errors
from tests.builders.users import make_client


class TooFar(DomainError):
    kind = Kind.INVALID
    code = "tests/too-far"
    detail = Bilingual(ko="{limit_m}m보다 멀어요.", en="Farther than {limit_m} m.")


class Away(DomainError):
    kind = Kind.UNAVAILABLE
    code = "tests/away"
    detail = Bilingual(ko="없음", en="away")


def answer(error: Exception, *, language: str = "ko") -> tuple[int, dict[str, object]]:
    request = Request(RequestFactory().get("/api/v1/x", headers={"accept-language": language}))
    response = handle_exception(error, {"request": request})
    assert response is not None
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, orjson.loads(response.content)


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("ko", "150m보다 멀어요."),
        ("ko-KR,ko;q=0.9", "150m보다 멀어요."),
        ("en-US", "Farther than 150 m."),
        ("fr", "150m보다 멀어요."),
        ("", "150m보다 멀어요."),
    ],
)
def test_speaks_the_callers_language(language: str, detail: str) -> None:
    _, body = answer(TooFar(limit_m=150), language=language)

    assert body["detail"] == detail


def test_names_the_field_and_adds_members() -> None:
    status, body = answer(TooFar(limit_m=150, field="lat", extras={"candidates": ["홍대"]}))

    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert body == {
        "candidates": ["홍대"],
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "tests/too-far",
        "detail": "150m보다 멀어요.",
        "instance": "/api/v1/x",
        "request_id": "",
        "errors": [{"field": "lat", "code": "tests/too-far", "detail": "150m보다 멀어요."}],
    }


def test_extras_cannot_displace_the_members_of_the_standard() -> None:
    _, body = answer(TooFar(limit_m=1, extras={"status": 200, "code": "fine"}))

    assert (body["status"], body["code"]) == (422, "tests/too-far")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.MALFORMED, 400),
        (Kind.INVALID, 422),
        (Kind.UNAUTHENTICATED, 401),
        (Kind.FORBIDDEN, 403),
        (Kind.NOT_FOUND, 404),
        (Kind.CONFLICT, 409),
        (Kind.OUTDATED, 412),
        (Kind.UNCONDITIONAL, 428),
        (Kind.LIMITED, 429),
        (Kind.UNAVAILABLE, 503),
    ],
)
def test_every_kind_has_its_status(kind: Kind, status: int) -> None:
    assert STATUS_OF_KIND[kind] == status


def test_says_when_to_come_back_if_something_is_away() -> None:
    request = Request(RequestFactory().get("/api/v1/x"))

    away = handle_exception(Away(), {"request": request})
    database = handle_exception(OperationalError("gone"), {"request": request})

    assert away is not None
    assert database is not None
    assert (away["Retry-After"], away.status_code) == ("5", 503)
    assert (database["Retry-After"], database.status_code) == ("5", 503)
    assert b"gone" not in database.content


def test_a_bug_is_not_dressed_up() -> None:
    request = Request(RequestFactory().get("/api/v1/x"))

    assert handle_exception(KeyError("bug"), {"request": request}) is None


def test_out_of_bounds_alone_is_invalid_and_anything_else_malformed() -> None:
    high = exceptions.ErrorDetail("too much", code="max_value")
    odd = exceptions.ErrorDetail("what?", code="invalid")

    bounds, _ = answer(exceptions.ValidationError({"budget": [high]}))
    mixed, _ = answer(exceptions.ValidationError({"budget": [high], "mode": [odd]}))

    assert (bounds, mixed) == (422, 400)


def test_flattens_nested_errors_into_paths() -> None:
    wrong = exceptions.ErrorDetail("wrong", code="invalid")
    detail = {"stops": [{}, {"lat": [wrong]}], "non_field_errors": [wrong]}

    assert list(list_field_errors(detail)) == [
        FieldError(field="stops.1.lat", code="invalid", detail="wrong"),
        FieldError(field="", code="invalid", detail="wrong"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("get", "/api/v1/nothing", {}, 404, "not_found"),
        ("post", "/api/", {}, 404, "not_found"),
        ("get", "/api/v1/auth/token", {}, 405, "method_not_allowed"),
        ("post", "/api/v1/auth/token", {"accept": "text/csv"}, 406, "not_acceptable"),
    ],
)
def test_every_refusal_of_the_api_is_a_problem(
    method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    response = getattr(make_client(), method)(path, headers=headers)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["request_id"] == response["X-Request-Id"]


@pytest.mark.django_db
def test_another_kind_of_body_is_refused() -> None:
    response = make_client().post(
        "/api/v1/auth/token", b"<a/>", content_type="application/xml", format=None
    )

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.django_db
def test_an_unknown_host_is_a_problem_too() -> None:
    response = make_client().get("/api/v1/auth/token", headers={"host": "evil.example"})

    assert (response.status_code, response.json()["code"]) == (400, "malformed")


def test_a_page_that_people_read_stays_a_page() -> None:
    response = make_client().get("/nothing")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_a_refusal_tells_of_fifty_faults_at_most() -> None:
    faults = exceptions.ValidationError({f"name_{number}": ["no"] for number in range(60)})

    _, body = answer(faults)

    assert [error["field"] for error in body["errors"]] == [f"name_{n}" for n in range(50)]  # type: ignore[attr-defined] # of a body of any JSON
