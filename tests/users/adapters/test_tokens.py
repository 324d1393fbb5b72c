from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from pytest_django import Settings
from uuid_utils.compat import uuid7

from tests.builders.users import make_pair, make_session, make_user
from users.adapters import tokens
from users.types import Role

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
SESSION = str(uuid7())


def forge(*, key: str | None = None, **changes: Any) -> str:
    """Return an access token that holds at NOW but for what is changed."""
    payload = {
        "token_type": "access", "sub": str(uuid7()), "sid": SESSION, "iss": "dongne",
        "roles": ["user"], "iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 300,
    } | changes  # fmt: skip
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(kept, key or settings.SECRET_KEY, algorithm="HS256")


def test_reads_a_token_that_holds() -> None:
    public_id = uuid7()

    claims = tokens.read_access(forge(sub=str(public_id), roles=["user", "king"]), now=NOW)

    assert (claims.public_id, str(claims.session_id)) == (public_id, SESSION)
    assert claims.roles == {Role.USER}
    assert claims.expires_at == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "🍜",
        "\x00",
        "x" * 5000,
        forge(key="another-key-another-key-another-key-another"),
        forge(exp=int(NOW.timestamp())),
        forge(exp=None),
        forge(exp=str(int(NOW.timestamp()) + 300)),
        forge(exp=float("nan")),
        forge(exp=True),
        forge(exp=2**70),
        forge(token_type="refresh"),
        forge(token_type=None),
        forge(iss="elsewhere"),
        forge(iss=None),
        forge(sub=None),
        forge(sub="1"),
        forge(sub="' OR 1=1 --"),
        forge(sid=None),
        forge(sid="1"),
        jwt.encode({"token_type": "access", "exp": 2**31}, "", algorithm="none"),
    ],
)
def test_refuses_any_other(token: str) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(token, now=NOW)


@pytest.mark.parametrize("generation", [None, -1, "0", 1.0, True, 2**40])
def test_refuses_a_refresh_token_that_counts_strangely(generation: object) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.read_refresh(forge(token_type="refresh", gen=generation), now=NOW)


def test_a_key_of_before_still_reads_what_it_signed(settings: Settings) -> None:
    token = forge()
    settings.SECRET_KEY_FALLBACKS = ["an-older-one-an-older-one-an-older-one", settings.SECRET_KEY]
    settings.SECRET_KEY = "the-newest-one-the-newest-one-the-newest-one"

    assert str(tokens.read_access(token, now=NOW).session_id) == SESSION

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(token, now=NOW)


@pytest.mark.django_db
def test_neither_token_serves_as_the_other() -> None:
    pair = make_pair(session=make_session(now=NOW), now=NOW)

    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(pair.refresh, now=NOW)
    with pytest.raises(tokens.TokenRefused):
        tokens.read_refresh(pair.access, now=NOW)


@pytest.mark.django_db
def test_an_access_token_ends_with_its_session() -> None:
    session = make_session(now=NOW)
    late = session.expires_at - timedelta(minutes=4)

    pair = make_pair(session=session, now=late)

    assert pair.expires_in_s == 240
    assert tokens.read_access(pair.access, now=late).expires_at == session.expires_at


@pytest.mark.django_db
def test_no_token_tells_an_address_or_a_count() -> None:
    user = make_user(email="a@example.com")

    pair = make_pair(session=make_session(user=user, now=NOW), now=NOW)

    said = set[str]()
    for token in (pair.access, pair.refresh):
        said |= {
            str(value) for value in jwt.decode(token, options={"verify_signature": False}).values()
        }
    assert not {user.email, str(user.pk)} & said


def test_a_token_that_was_read_before_is_refused_when_its_time_is_over() -> None:
    token = forge(exp=int(NOW.timestamp()) + 300)
    tokens.read_access(token, now=NOW)

    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(token, now=NOW + timedelta(minutes=5))


def test_a_token_that_was_read_before_is_refused_when_its_key_is_dropped(
    settings: Settings,
) -> None:
    token = forge()
    tokens.read_access(token, now=NOW)
    settings.SECRET_KEY = "the-key-of-tomorrow-the-key-of-tomorrow-the-key"

    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(token, now=NOW)
