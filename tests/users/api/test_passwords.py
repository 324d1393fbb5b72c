from typing import Any

import pytest
from django.core import mail

from tests.builders.users import NEW_PASSWORD, PASSWORD, mailed_secret, make_client, make_user
from users.models import User
from users.services.guarding import BY_ADDRESS

pytestmark = pytest.mark.django_db(transaction=True)

SIGNUP, TOKEN = "/api/v1/auth/signup", "/api/v1/auth/token"
RESET, CONFIRM = "/api/v1/auth/password/reset", "/api/v1/auth/password/reset/confirm"
EMAIL_CONFIRM, CHANGE = "/api/v1/auth/email/confirm", "/api/v1/users/me/password"
CONFIRMATION, SESSIONS = "/api/v1/users/me/email/confirmation", "/api/v1/users/me/sessions"


def sign_in(password: str, *, email: str = "a@example.com") -> int:
    body = {"email": email, "password": password}
    status: int = make_client().post(TOKEN, body).status_code
    return status


def test_from_signup_by_mail_to_a_confirmed_address() -> None:
    client = make_client()
    client.post(SIGNUP, {"email": "a@example.com", "password": PASSWORD})

    answer = client.post(EMAIL_CONFIRM, {"token": mailed_secret(to="a@example.com")})

    assert (answer.status_code, answer.content) == (204, b"")
    assert User.objects.get().email_confirmed_at is not None


def test_from_a_forgotten_password_to_a_new_one() -> None:
    user = make_user(email="a@example.com")
    session = make_client(user=user)
    client = make_client()

    asked = client.post(RESET, {"email": "a@example.com"})
    confirmed = client.post(
        CONFIRM, {"token": mailed_secret(to="a@example.com"), "password": NEW_PASSWORD}
    )

    assert (asked.status_code, asked.json()) == (202, {"email": "a@example.com"})
    assert (confirmed.status_code, confirmed.content) == (204, b"")
    assert session.get(SESSIONS).status_code == 401
    assert (sign_in(PASSWORD), sign_in(NEW_PASSWORD)) == (401, 200)


def test_a_changed_password_leaves_this_session_and_no_other() -> None:
    user = make_user(email="a@example.com")
    here, there = make_client(user=user), make_client(user=user)

    answer = here.post(CHANGE, {"current_password": PASSWORD, "new_password": NEW_PASSWORD})

    assert (answer.status_code, answer.content) == (204, b"")
    assert (here.get(SESSIONS).status_code, there.get(SESSIONS).status_code) == (200, 401)
    assert (sign_in(PASSWORD), sign_in(NEW_PASSWORD)) == (401, 200)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"current_password": "wrong", "new_password": NEW_PASSWORD}, 422, "current_password"),
        ({"current_password": PASSWORD, "new_password": "1234"}, 422, "new_password"),
        ({"current_password": PASSWORD}, 400, "new_password"),
        ({"current_password": PASSWORD, "new_password": "x" * 129}, 400, "new_password"),
        ({"current_password": PASSWORD, "new_password": 12345678}, 400, "new_password"),
        ({"current_password": PASSWORD, "new_password": NEW_PASSWORD, "user": 1}, 400, "user"),
    ],
)
def test_a_refused_change_names_its_field(body: dict[str, Any], status: int, field: str) -> None:
    user = make_user(email="a@example.com")

    answer = make_client(user=user).post(CHANGE, body)

    assert answer.status_code == status
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert sign_in(PASSWORD) == 200


def test_the_present_password_is_guessed_five_times() -> None:
    client = make_client(user=make_user())
    body = {"current_password": "wrong", "new_password": NEW_PASSWORD}

    statuses = [client.post(CHANGE, body).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_an_unknown_address_gets_the_same_answer() -> None:
    make_user(email="a@example.com")
    client = make_client()

    known = client.post(RESET, {"email": "a@example.com"})
    unknown = client.post(RESET, {"email": "b@example.com"})

    assert known.status_code == unknown.status_code == 202
    assert known.content.replace(b"a@", b"b@") == unknown.content
    assert [sent.to for sent in mail.outbox] == [["a@example.com"]]


def test_one_address_is_not_mailed_without_end() -> None:
    make_user(email="a@example.com")
    clients = [make_client() for _ in range(6)]

    statuses = [
        client.post(RESET, {"email": "A@example.com"}, REMOTE_ADDR=f"198.51.100.{n}").status_code
        for n, client in enumerate(clients)
    ]

    assert statuses == [202] * 5 + [429]
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("path", [CONFIRM, EMAIL_CONFIRM])
@pytest.mark.parametrize("token", ["", None, 3, [], "x" * 101, "\x00", "x", "' OR 1=1 --"])
def test_a_token_that_is_none_is_refused_by_field(path: str, token: object) -> None:
    body = {"token": token} | ({"password": NEW_PASSWORD} if path == CONFIRM else {})

    answer = make_client().post(path, body)

    assert answer.status_code in {400, 422}
    assert [error["field"] for error in answer.json()["errors"]] == ["token"]


def test_a_locked_account_answers_alike_whether_it_exists_or_not() -> None:
    make_user(email="a@example.com")
    client = make_client()
    answers = {
        email: [
            client.post(TOKEN, {"email": email, "password": password})
            for password in ["wrong"] * BY_ADDRESS.limit + [PASSWORD]
        ]
        for email in ("a@example.com", "b@example.com")
    }

    statuses = [[answer.status_code for answer in each] for each in answers.values()]
    assert statuses == [[401] * BY_ADDRESS.limit + [429]] * 2
    locked = [each[-1].json() for each in answers.values()]
    assert [body["code"] for body in locked] == ["users/sign-in-locked"] * 2
    assert all("Retry-After" in each[-1] for each in answers.values())
    assert {frozenset(body) for body in locked} == {frozenset(locked[0])}


def test_a_session_goes_on_while_its_account_is_locked() -> None:
    user = make_user(email="a@example.com")
    client = make_client(user=user)

    while sign_in("wrong") != 429:
        pass

    assert client.get(SESSIONS).status_code == 200


def test_the_confirmation_is_mailed_again_on_request() -> None:
    client = make_client(user=make_user(email="a@example.com"))

    answer = client.post(CONFIRMATION)

    assert (answer.status_code, answer.content) == (202, b"")
    assert [sent.to for sent in mail.outbox] == [["a@example.com"]]
    assert client.post(CONFIRMATION, {"email": "b@example.com"}).status_code == 400


@pytest.mark.parametrize("path", [CHANGE, CONFIRMATION])
def test_nobody_changes_nothing(path: str) -> None:
    assert make_client().post(path, {}).status_code == 401
