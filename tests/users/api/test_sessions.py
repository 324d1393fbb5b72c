from typing import Any

import pytest
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from tests.builders.users import PASSWORD, make_client, make_pair, make_session, make_user
from tests.contract.routes import ANY_ID
from users.models import EndReason, TokenFamily, User

pytestmark = pytest.mark.django_db

TOKEN, REFRESH = "/api/v1/auth/token", "/api/v1/auth/token/refresh"
LOGOUT, SESSIONS = "/api/v1/auth/logout", "/api/v1/users/me/sessions"


def sign_in(*, email: str, **body: Any) -> tuple[APIClient, dict[str, Any]]:
    """Return a client signed in over HTTP, and its tokens."""
    client = make_client()
    pair = client.post(TOKEN, {"email": email, "password": PASSWORD} | body).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    return client, pair


def test_lists_where_one_is_signed_in() -> None:
    user = make_user()
    client, _ = sign_in(email=user.email, device_name=" 내 폰 ")
    other = make_session(user=user, user_agent="Browser")
    make_session()

    listed = client.get(SESSIONS).json()

    assert [(each["is_current"], each["device_name"], each["user_agent"]) for each in listed["results"]] == [
        (False, "", "Browser"), (True, "내 폰", ""),
    ]  # fmt: skip
    assert (
        listed["results"][0] | {"id": str(other.public_id), "method": "password"}
        == listed["results"][0]
    )
    assert set(listed["results"][0]) == {
        "id", "device_name", "user_agent", "method", "created_at", "last_used_at", "expires_at",
        "is_current",
    }  # fmt: skip


def test_revoking_a_session_counts_from_its_next_request() -> None:
    user = make_user()
    here, _ = sign_in(email=user.email)
    there, pair = sign_in(email=user.email)
    session = TokenFamily.objects.latest("pk")

    revoked = here.delete(f"{SESSIONS}/{session.public_id}")

    assert (revoked.status_code, revoked.content) == (204, b"")
    assert there.get(SESSIONS).status_code == 401
    assert make_client().post(REFRESH, {"refresh": pair["refresh"]}).status_code == 401
    assert here.get(SESSIONS).status_code == 200
    assert here.delete(f"{SESSIONS}/{session.public_id}").status_code == 404


def test_anothers_session_is_not_found() -> None:
    session = make_session()
    client = make_client(user=make_user())

    for session_id in (session.public_id, uuid7()):
        answer = client.delete(f"{SESSIONS}/{session_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "users/session-not-found")

    session.refresh_from_db()
    assert session.ended_at is None


@pytest.mark.parametrize("session_id", ["1", "x", "%00", "' OR 1=1 --", f"{ANY_ID}/x"])
def test_what_is_no_id_is_not_found(session_id: str) -> None:
    client = make_client(user=make_user())

    assert client.delete(f"{SESSIONS}/{session_id}").status_code == 404


def test_logout_ends_this_session_from_the_next_request_on() -> None:
    user = make_user()
    client, pair = sign_in(email=user.email)
    other, _ = sign_in(email=user.email)

    assert client.post(LOGOUT).status_code == 204

    refused = client.get(SESSIONS)
    assert (refused.status_code, refused.json()["code"]) == (401, "users/token-refused")
    assert make_client().post(REFRESH, {"refresh": pair["refresh"]}).status_code == 401
    assert other.get(SESSIONS).status_code == 200


def test_logout_everywhere_ends_every_session() -> None:
    user = make_user()
    client, _ = sign_in(email=user.email)
    other, _ = sign_in(email=user.email)

    assert client.post(LOGOUT, {"everywhere": True}).status_code == 204

    assert [each.get(SESSIONS).status_code for each in (client, other)] == [401, 401]


def test_logout_by_a_refresh_token_needs_no_access_token() -> None:
    session = make_session()
    pair = make_pair(session=session)
    client = make_client()

    statuses = [client.post(LOGOUT, {"refresh": pair.refresh}).status_code for _ in range(2)]

    assert statuses == [204, 204]
    session.refresh_from_db()
    assert session.end_reason == EndReason.SIGNED_OUT


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 401), ({"everywhere": True}, 401), ({"refresh": "x.y.z"}, 401), ({"refresh": 3}, 400),
     ({"refresh": None}, 400), ({"refresh": []}, 400), ({"everywhere": "perhaps"}, 400),
     ({"all": True}, 400)],
)  # fmt: skip
def test_logout_of_nobody_is_refused(body: dict[str, Any], status: int) -> None:
    session = make_session()

    assert make_client().post(LOGOUT, body).status_code == status

    session.refresh_from_db()
    assert session.ended_at is None


def test_a_refresh_token_alone_does_not_sign_out_everywhere() -> None:
    session = make_session()
    body = {"refresh": make_pair(session=session).refresh, "everywhere": True}

    assert make_client().post(LOGOUT, body).status_code == 401

    session.refresh_from_db()
    assert session.ended_at is None


def test_promise_a_ban_counts_from_the_next_request() -> None:
    user = make_user()
    client, pair = sign_in(email=user.email)
    assert client.get(SESSIONS).status_code == 200

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(SESSIONS).status_code == 401
    assert make_client().post(REFRESH, {"refresh": pair["refresh"]}).status_code == 401


def test_the_answers_of_eight_refreshes_over_http_agree() -> None:
    _, pair = sign_in(email=make_user().email)

    answers = [make_client().post(REFRESH, {"refresh": pair["refresh"]}).json() for _ in range(8)]

    assert len({answer["refresh"] for answer in answers}) == 1
    assert answers[0]["refresh"] != pair["refresh"]


@pytest.mark.parametrize("name", ["x" * 65, 3, None, ["a"], "a\x00b"])
def test_a_name_that_is_none_is_refused(name: object) -> None:
    user = make_user()
    body = {"email": user.email, "password": PASSWORD, "device_name": name}

    answer = make_client().post(TOKEN, body)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["device_name"]
    assert not TokenFamily.objects.exists()


@pytest.mark.parametrize("method", ["get", "delete"])
def test_nobody_has_no_sessions(method: str) -> None:
    path = SESSIONS if method == "get" else f"{SESSIONS}/{make_session().public_id}"

    answer = getattr(make_client(), method)(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"
