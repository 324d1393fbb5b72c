from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests.builders.google import CLIENT_ID, KeyServer, make_id_token, serve_keys
from tests.builders.users import make_client, make_user
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)

GOOGLE, SESSIONS = "/api/v1/auth/google", "/api/v1/users/me/sessions"


@pytest.fixture
def server(settings: Settings) -> Iterator[KeyServer]:
    with serve_keys() as server:
        settings.GOOGLE_CLIENT_IDS = [CLIENT_ID]
        settings.GOOGLE_JWKS_URL = server.url
        settings.GOOGLE_JWKS_IS_PRIVATE = True
        yield server


def test_from_an_id_token_to_a_session(server: KeyServer) -> None:
    body = {"id_token": make_id_token(now=timezone.now()), "nonce": "n-1", "device_name": "폰"}

    pair = make_client(language="en").post(GOOGLE, body)

    assert pair.status_code == 200
    assert list(pair.json()) == ["access", "refresh", "token_type", "expires_in_s"]
    client = make_client()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.json()['access']}")
    (session,) = client.get(SESSIONS).json()["results"]
    assert (session["method"], session["device_name"]) == ("google", "폰")
    assert User.objects.get().locale == "en"


def test_a_token_that_does_not_hold_opens_nothing(server: KeyServer) -> None:
    body = {"id_token": make_id_token(now=timezone.now(), aud="stranger")}

    answer = make_client().post(GOOGLE, body)

    assert (answer.status_code, answer.json()["code"]) == (401, "users/google-token-refused")
    assert not User.objects.exists()


def test_an_address_that_is_taken_is_a_conflict(server: KeyServer) -> None:
    make_user(email="a@work.example")
    body = {"id_token": make_id_token(now=timezone.now(), email="a@work.example")}

    answer = make_client().post(GOOGLE, body)

    assert (answer.status_code, answer.json()["code"]) == (409, "users/google-address-taken")


def test_without_keys_it_says_so(server: KeyServer) -> None:
    server.status = 500

    answer = make_client().post(GOOGLE, {"id_token": make_id_token(now=timezone.now())})

    assert (answer.status_code, answer.json()["code"]) == (503, "users/google-unavailable")
    assert "Retry-After" in answer


def test_where_it_is_not_set_up_it_is_not_offered() -> None:
    answer = make_client().post(GOOGLE, {"id_token": make_id_token(now=timezone.now())})

    assert (answer.status_code, answer.json()["code"]) == (404, "users/google-not-offered")


@pytest.mark.parametrize("token", [None, "", 3, [], {}, "x" * 4097, "a\x00b"])
def test_what_is_no_token_is_refused_by_field(server: KeyServer, token: object) -> None:
    answer = make_client().post(GOOGLE, {"id_token": token})

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["id_token"]
    assert server.asked == 0
