"""Builders of accounts, and of clients that act for them."""

from typing import Any

from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from users import selectors
from users.adapters import tokens
from users.models import User

PASSWORD = "tall-otters-swim-9"


def make_user(*, email: str | None = None, password: str = PASSWORD, **fields: Any) -> User:
    """Return a stored user with an address of their own."""
    return User.objects.create_user(email or f"{uuid7()}@example.com", password, **fields)


def make_client(*, user: User | None = None, language: str = "ko") -> APIClient:
    """Return a client that speaks JSON, signed in as `user` by a real access token."""
    client = APIClient(headers={"accept-language": language})
    if user is not None:
        pair = tokens.issue_pair(user=user, roles=selectors.list_roles(user=user))
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")
    return client
