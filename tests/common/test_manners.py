"""Every route of the API, walked: what holds for one must hold for the next."""

import json
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from places.api.viewsets import TILE_KEPT
from tests.builders.places import make_place
from tests.builders.users import make_client, make_user
from tests.routes import Route, list_routes
from users.models import User

pytestmark = pytest.mark.django_db

ROUTES = list_routes()
# What is nobody's own, and the same for everybody: a map asks for it again and again.
KEPT = {"places-tilejson": TILE_KEPT}
# POST routes without Idempotency-Key, each with its reason.
REPEATABLE = {
    "auth-signup": "a taken address is left as it is, and answered alike",
    "auth-token": "hands out tokens, which are never stored; another session harms nobody",
    "auth-google": "hands out tokens, which are never stored; another session harms nobody",
    "auth-logout": "ends a session; one that has ended stays ended",
    "auth-token-refresh": "hands out tokens; a spent one gives the same successor for seconds",
    "email-confirm": "a token of a mail holds once",
    "email-confirmation": "one more mail, within its limit",
    "password": "sent again, the old password no longer holds",
    "password-reset": "one more mail, within its limit; the answer is always the same",
    "password-reset-confirm": "a token of a mail holds once",
    "recommend": "a question: asked again, the cache gives the same cards",
}


def test_every_post_may_be_sent_again_or_says_why_it_need_not() -> None:
    posts = [route for route in ROUTES if route.method == "POST"]

    undeclared = [
        route.name for route in posts if not is_idempotent(route) and route.name not in REPEATABLE
    ]
    needless = set(REPEATABLE) - {route.name for route in posts if not is_idempotent(route)}

    assert posts
    assert undeclared == []
    assert needless == set()


def is_idempotent(route: Route) -> bool:
    return getattr(route.handler, "is_idempotent", False)


def named(route: Route) -> str:
    return f"{route.method} {route.pattern}"


every_route = pytest.mark.parametrize("route", ROUTES, ids=named)


def ask(route: Route, *, method: str | None = None, query: str = "", **options: Any) -> Any:
    """Ask as somebody signed in, with ids of nothing."""
    client = make_client(user=make_user())
    return client.generic(method or route.method, route.address() + query, **options)


@every_route
def test_no_route_takes_what_it_does_not_know(route: Route) -> None:
    body = '{"surprise": 1}' if route.method != "GET" else ""

    by_query = ask(route, query="?surprise=1")
    by_body = ask(route, data=body, content_type="application/json")

    assert 400 <= by_query.status_code < 500
    assert route.method == "GET" or 400 <= by_body.status_code < 500
    if by_query.status_code == 400:
        assert "surprise" in {error["field"] for error in by_query.json()["errors"]}


@every_route
def test_every_route_says_which_methods_it_takes(route: Route) -> None:
    answer = make_client().generic("OPTIONS", route.address())
    other = ask(route, method="PROPFIND")

    assert (answer.status_code, answer.content) == (204, b"")
    assert route.method in answer["Allow"].split(", ")
    assert (other.status_code, other.json()["code"]) == (405, "method_not_allowed")
    assert route.method in other["Allow"].split(", ")


@every_route
def test_no_route_answers_under_another_spelling(route: Route) -> None:
    for address in (route.address() + "/", "/API" + route.address()[4:]):
        response = make_client(user=make_user()).generic(route.method, address)

        assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")  # no address of the API


@every_route
def test_nothing_keeps_what_a_route_answers(route: Route) -> None:
    for response in (ask(route), make_client().generic(route.method, route.address())):
        assert response["Cache-Control"] == KEPT.get(route.name, "no-store")
        assert headers_of(response) == HEADERS
        assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Server": "dongne",
}


def headers_of(response: HttpResponseBase) -> dict[str, str | None]:
    return {name: response.get(name) for name in HEADERS}


@pytest.mark.parametrize(
    "address",
    ["/healthz", "/readyz", "/", "/api/docs/", "/api/schema/", "/admin/", "/admin/login/", "/no"],
)
def test_every_other_kind_of_answer_has_its_headers(client: Client, address: str) -> None:
    response = client.get(address)

    assert headers_of(response) == HEADERS
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_refusals_before_any_view_have_their_headers() -> None:
    client = make_client()

    for response in (
        client.post("/api/v1/auth/token", {}, CONTENT_LENGTH="1048577"),
        client.get("/api/v1/auth/token?q=%FF"),
        client.get("/api/v1/auth/token", headers={"host": "evil.example"}),
    ):
        assert headers_of(response) == HEADERS
        assert response["Cache-Control"] == "no-store"


def test_scripts_within_a_page_carry_its_nonce(client: Client) -> None:
    client.force_login(User.objects.create_superuser("operator@example.com", "a long password"))

    address = reverse("admin:places_place_change", args=[make_place().pk])

    page = client.get(address)
    other = client.get(address)

    directives = dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))
    nonce = directives["script-src"].split("'nonce-")[1].rstrip("'")
    assert directives["script-src"] == f"'self' 'nonce-{nonce}'"
    assert page.content.decode().count(f'<script nonce="{nonce}"') == 2
    assert nonce not in other["Content-Security-Policy"]


@pytest.mark.parametrize(
    "host", ["", "a b", "[::1", "evil.example", "테스트", "a,b", "x" * 300, "::"]
)
def test_a_broken_host_is_a_problem(host: str) -> None:
    response = make_client().get("/api/v1/auth/token", headers={"host": host})

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "accept", ["text/csv", "application/json;version=9", "image/*", "nonsense", "*/json", ",,,;"]
)
def test_what_cannot_be_answered_acceptably_is_a_problem(accept: str) -> None:
    response = make_client().post("/api/v1/auth/token", {}, headers={"accept": accept})

    assert response.status_code in {400, 406}
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ('{"email": "a@example.com", "email": "b@example.com"}', "email", "repeated"),
        (
            b'{"email": "a\\u0000@example.com", "password": "x"}',
            "email",
            "null_characters_not_allowed",
        ),
        ('{"email": 7, "password": "x"}', "email", "not_a_text"),
        ('{"email": "a@example.com", "password": true}', "password", "not_a_text"),
        ('{"email": "a@example.com", "password": ["x"]}', "password", "not_a_text"),
        ('{"a": {"b": [1, "\\u0000"]}}', "a.b.1", "null_characters_not_allowed"),
    ],
)
def test_the_field_at_fault_is_named(body: str, field: str, code: str) -> None:
    response = make_client().generic(
        "POST", "/api/v1/auth/token", body, content_type="application/json"
    )

    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    assert (field, code) in {(error["field"], error["code"]) for error in response.json()["errors"]}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "json",
    ],
)
def test_another_kind_of_body_is_refused(content_type: str) -> None:
    response = make_client().generic("POST", "/api/v1/auth/token", "{}", content_type=content_type)

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "language",
    [
        "en",
        "en-GB,ko;q=0.1",
        "EN",
        "en;q=1.0",
        "xx,en;q=0.2",
        "en-x-weird",
        "*;q=0.1,en",
        "en" + ",xx" * 2000,
    ],
)
def test_speaks_english_where_it_is_asked_for(language: str) -> None:
    assert detail_in(language) == "Sign in first: the token is missing or not valid."


@pytest.mark.parametrize(
    "language",
    [
        "",
        "*",
        "fr",
        "ko",
        "ko-KR",
        "q=1",
        ";;;",
        "한글",
        "e" * 5000,
        "../en",
    ],
)
def test_speaks_korean_otherwise(language: str) -> None:
    assert detail_in(language) == "로그인이 필요하거나 토큰이 유효하지 않아요."


def detail_in(language: str) -> str:
    response = make_client(language=language).get("/api/v1/users/me/sessions")
    detail: str = json.loads(response.content)["detail"]
    return detail


def test_a_reader_who_has_an_answer_gets_none_again() -> None:
    client = make_client(user=make_user())
    first = client.get("/api/v1/users/me/sessions")
    same = client.get("/api/v1/users/me/sessions", headers={"if-none-match": first["ETag"]})
    weak = client.get(
        "/api/v1/users/me/sessions", headers={"if-none-match": f'"x", W/{first["ETag"]}'}
    )
    head = client.head("/api/v1/users/me/sessions")
    other = client.get("/api/v1/users/me/sessions", headers={"if-none-match": '"x"'})

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (same["Vary"], same["Cache-Control"]) == (first["Vary"], "no-store")
    assert (weak.status_code, other.status_code) == (304, 200)
    assert (head.status_code, head["ETag"], head.content) == (200, first["ETag"], b"")


def test_answers_that_differ_by_who_asks_and_how_say_so() -> None:
    response = make_client(user=make_user()).get("/api/v1/users/me/sessions")

    varies = {name.strip() for name in response["Vary"].split(",")}
    assert {"Accept-Language", "Authorization", "origin"} <= varies
