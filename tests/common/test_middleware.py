import logging
from http import HTTPStatus

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from common.acting import (
    NOBODY,
    SYSTEM,
    Acting,
    Mode,
    acting_as_system,
    begin_acting_as,
    current_acting,
)
from common.addresses import current_address
from common.middleware import Callers
from common.request_ids import current_request_id
from tests.builders.users import make_client, make_user


def test_returns_a_well_formed_id_and_forgets_it() -> None:
    response = make_client().get("/healthz", headers={"x-request-id": "trace_1.A-9"})

    assert response["X-Request-Id"] == "trace_1.A-9"
    assert current_request_id() == ""


@pytest.mark.parametrize("offered", ["", "a b", "x" * 65, "한글", 'a"b', "a\r\nb: c", "<script>"])
def test_makes_an_id_where_the_offered_one_is_not(offered: str) -> None:
    response = make_client().get("/healthz", headers={"x-request-id": offered})

    assert response["X-Request-Id"] != offered
    assert len(response["X-Request-Id"]) == 36


@pytest.mark.django_db
def test_writes_one_access_line_without_what_is_private(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="common.middleware"):
        make_client().post(
            "/api/v1/auth/token?lat=37.5",
            {"email": "a@example.com", "password": "hunter2-hunter2"},
            headers={"x-request-id": "line"},
        )

    (record,) = [record for record in caplog.records if record.name == "common.middleware"]
    line = record.msg
    assert isinstance(line, dict)
    assert line.pop("ms") > 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "common.middleware",
        "method": "POST",
        "request_id": "line",
        "route": "api/v1/auth/token",
        "status": 400,
        "user_id": None,
    }


@pytest.mark.parametrize("length", ["1048577", "10485760", "9" * 30])
def test_refuses_a_body_over_its_limit_unread(length: str) -> None:
    response = make_client().post("/api/v1/auth/token", {}, CONTENT_LENGTH=length)

    assert response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert response.json()["code"] == "too_large"
    assert response.json()["limit_bytes"] == 1_048_576


@pytest.mark.django_db
def test_takes_a_body_up_to_its_limit(settings: Settings) -> None:
    body = b'{"email":"' + b"a" * 1_048_562 + b'"}'

    response = make_client().post("/api/v1/auth/token", body, content_type="application/json")

    assert len(body) <= settings.API_BODY_LIMIT_BYTES
    assert response.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.django_db
def test_names_the_signed_in_user_by_public_id(caplog: pytest.LogCaptureFixture) -> None:
    user = make_user()

    with caplog.at_level(logging.INFO, logger="common.middleware"):
        make_client(user=user).get("/api/v1/nothing")

    assert user.email not in caplog.text


def test_a_request_acts_for_nobody_and_leaves_what_was_before() -> None:
    seen: list[tuple[Acting, str]] = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append((current_acting(), current_address()))
        begin_acting_as(7)
        return HttpResponse()

    with acting_as_system():
        for path in ("/api/v1/x", "/admin/users/"):
            Callers(answer)(RequestFactory().get(path, REMOTE_ADDR="203.0.113.7"))
        after = current_acting()

    assert seen == [(NOBODY, "203.0.113.7"), (Acting(Mode.OPERATOR), "203.0.113.7")]
    assert (after, current_address()) == (SYSTEM, "")
