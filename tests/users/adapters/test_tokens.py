from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from uuid_utils.compat import uuid7

from tests.builders.users import make_user
from users.adapters import tokens


def soon() -> datetime:
    return datetime.now(tz=UTC) + timedelta(minutes=5)


def forge(*, key: str | None = None, **changes: Any) -> str:
    """Return an access token that holds but for what is changed."""
    payload = {
        "token_type": "access", "sub": str(uuid7()), "jti": "x", "iss": "dongne", "exp": soon(),
        "iat": datetime.now(tz=UTC),
    } | changes  # fmt: skip
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(kept, key or settings.SECRET_KEY, algorithm="HS256")


def test_reads_a_token_that_holds() -> None:
    public_id = uuid7()

    assert tokens.read_access(forge(sub=str(public_id))) == public_id


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "🍜",
        "\x00",
        "x" * 5000,
        forge(key="another-key-another-key-another-key-another"),
        forge(exp=datetime.now(tz=UTC) - timedelta(seconds=1)),
        forge(exp=None),
        forge(token_type="refresh"),
        forge(token_type=None),
        forge(iss="elsewhere"),
        forge(iss=None),
        forge(sub=None),
        forge(sub="1"),
        forge(sub="' OR 1=1 --"),
        jwt.encode({"token_type": "access", "exp": soon()}, "", algorithm="none"),
    ],
)
def test_refuses_any_other(token: str) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(token)


@pytest.mark.django_db
def test_neither_token_serves_as_the_other() -> None:
    pair = tokens.issue_pair(user=make_user(), roles=())

    with pytest.raises(tokens.TokenRefused):
        tokens.read_access(pair.refresh)
    with pytest.raises(tokens.TokenRefused):
        tokens.read_refresh(pair.access)
