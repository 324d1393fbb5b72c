"""Builders of accounts, and of clients that act for them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from users import selectors
from users.adapters import tokens
from users.models import SignInMethod, TokenFamily, User
from users.types import TokenPair

PASSWORD = "tall-otters-swim-9"


def make_user(*, email: str | None = None, password: str = PASSWORD, **fields: Any) -> User:
    """Return a stored user with an address of their own."""
    return User.objects.create_user(email or f"{uuid7()}@example.com", password, **fields)


def make_session(*, user: User | None = None, **fields: Any) -> TokenFamily:
    """Return a stored session of fourteen days from now, its first refresh token unspent."""
    now: datetime = fields.pop("now", None) or timezone.now()
    defaults: dict[str, Any] = {
        "method": SignInMethod.PASSWORD,
        "created_at": now,
        "rotated_at": now,
        "last_used_at": now,
        "expires_at": now + timedelta(days=14),
    }
    return TokenFamily.objects.create(user=user or make_user(), **(defaults | fields))


def make_pair(*, session: TokenFamily, now: datetime | None = None) -> TokenPair:
    """Return the newest tokens of a session."""
    roles = selectors.list_roles(user=session.user)
    return tokens.make_pair(family=session, roles=roles, now=now or timezone.now())


def make_client(
    *, user: User | None = None, session: TokenFamily | None = None, language: str = "ko"
) -> APIClient:
    """Return a client that speaks JSON, signed in as `user` by a real access token."""
    client = APIClient(headers={"accept-language": language})
    if session is None and user is not None:
        session = make_session(user=user)
    if session is not None:
        access = make_pair(session=session).access
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client
