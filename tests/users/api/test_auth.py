from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from tests.builders.users import PASSWORD, make_client, make_user
from users.models import User

SIGNUP, TOKEN, REFRESH = "/api/v1/auth/signup", "/api/v1/auth/token", "/api/v1/auth/token/refresh"
CREDENTIALS = {"email": "a@example.com", "password": PASSWORD}


@pytest.mark.django_db
def test_from_signup_to_the_next_access_token() -> None:
    client = make_client(language="en")

    signup = client.post(SIGNUP, CREDENTIALS)
    token = client.post(TOKEN, CREDENTIALS)
    refresh = client.post(REFRESH, {"refresh": token.json()["refresh"]})

    assert (signup.status_code, signup.json()) == (202, {"email": "a@example.com"})
    assert token.status_code == refresh.status_code == 200
    assert refresh.json()["refresh"] != token.json()["refresh"]
    assert list(token.json()) == ["access", "refresh", "token_type", "expires_in_s"]
    assert User.objects.get().locale == "en"


@pytest.mark.django_db
def test_signing_up_twice_answers_alike() -> None:
    client = make_client()

    first = client.post(SIGNUP, CREDENTIALS)
    second = client.post(SIGNUP, CREDENTIALS)

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_signups_at_once_one_makes_the_account() -> None:
    def sign_up(_: int) -> int:
        status: int = make_client().post(SIGNUP, CREDENTIALS).status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=8) as threads:
        statuses = list(threads.map(sign_up, range(8)))

    # Five mails an hour go to one address, exactly.
    assert sorted(statuses) == [202] * 5 + [429] * 3
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_known_and_an_unknown_address_are_refused_alike() -> None:
    make_user(email="a@example.com")
    client = make_client()

    known = client.post(TOKEN, CREDENTIALS | {"password": "wrong"}).json()
    unknown = client.post(TOKEN, CREDENTIALS | {"email": "b@example.com"}).json()

    assert known.pop("request_id") != unknown.pop("request_id")
    assert known == unknown
    assert (known["status"], known["code"]) == (401, "users/credentials-refused")


@pytest.mark.django_db
def test_a_token_for_somebody_else_is_challenged() -> None:
    response = make_client().post(REFRESH, {"refresh": "x.y.z"})

    assert (response.status_code, response.json()["code"]) == (401, "users/token-refused")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_a_weak_password_is_named_in_the_callers_language() -> None:
    body = CREDENTIALS | {"password": "1234"}

    korean = make_client().post(SIGNUP, body).json()
    english = make_client(language="en").post(SIGNUP, body).json()

    assert korean["errors"][0]["field"] == english["errors"][0]["field"] == "password"
    assert korean["errors"][0]["detail"].startswith("이 비밀번호는 너무 짧습니다")
    assert english["errors"][0]["detail"].startswith("This password is too short")


HOSTILE: list[tuple[Any, str]] = [
    ({}, "email"),
    ({"email": "a@example.com"}, "password"),
    (CREDENTIALS | {"is_staff": True}, "is_staff"),
    (CREDENTIALS | {"id": 1}, "id"),
    (CREDENTIALS | {"email": None}, "email"),
    (CREDENTIALS | {"email": 3}, "email"),
    (CREDENTIALS | {"email": []}, "email"),
    (CREDENTIALS | {"email": {"$ne": ""}}, "email"),
    (CREDENTIALS | {"email": "a"}, "email"),
    (CREDENTIALS | {"email": "a@b"}, "email"),
    (CREDENTIALS | {"email": "a@example.com\x00"}, "email"),
    (CREDENTIALS | {"email": "a\r\nBcc: b@example.com"}, "email"),
    (CREDENTIALS | {"email": "🍜@example.com"}, "email"),
    (CREDENTIALS | {"email": "a@İstanbul.example"}, "email"),
    (CREDENTIALS | {"email": "a" * 300 + "@example.com"}, "email"),
    (CREDENTIALS | {"email": "' OR 1=1 --"}, "email"),
    (CREDENTIALS | {"password": ""}, "password"),
    (CREDENTIALS | {"password": "x" * 129}, "password"),
    (CREDENTIALS | {"password": "x" * 100_000}, "password"),
    (CREDENTIALS | {"password": "a\x00b-otters-swim"}, "password"),
    (CREDENTIALS | {"password": ["a"]}, "password"),
    (CREDENTIALS | {"password": True}, "password"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [SIGNUP, TOKEN])
@pytest.mark.parametrize(("body", "field"), HOSTILE)
def test_hostile_values_are_refused_by_field(path: str, body: Any, field: str) -> None:
    response = make_client().post(path, body)

    assert response.status_code == 400
    assert field in [error["field"] for error in response.json()["errors"]]
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", [SIGNUP, TOKEN, REFRESH])
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"3", b"{", b"NaN", b'{"email": NaN}', b"\xff\xfe", b"[" * 50_000,
     b'{"email":' * 9000, b'{"email": "\\ud800"}', b"email=a&password=b"],
)  # fmt: skip
def test_hostile_bodies_are_refused(path: str, body: bytes) -> None:
    response = make_client().post(path, body, content_type="application/json")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("path", [SIGNUP, TOKEN, REFRESH])
def test_a_query_beside_the_body_is_refused(path: str) -> None:
    response = make_client().post(f"{path}?next=x", CREDENTIALS)

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "next"
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_password_may_be_any_sentence() -> None:
    body = CREDENTIALS | {"password": "  수달은 🍜를 좋아해요  "}

    make_client().post(SIGNUP, body)

    assert make_client().post(TOKEN, body).status_code == 200
    assert (
        make_client().post(TOKEN, body | {"password": body["password"].strip()}).status_code == 401
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_redis_away")
def test_without_redis_nobody_guesses_passwords_unlimited() -> None:
    response = make_client().post(TOKEN, CREDENTIALS)

    assert (response.status_code, response.json()["code"]) == (503, "limits_unavailable")
