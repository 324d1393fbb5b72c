"""Builders of accounts, and of clients that act for them."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.core import mail as mailbox
from django.utils import timezone
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from users import selectors
from users.adapters import tokens
from users.models import SignInMethod, TokenFamily, User
from users.services.mailing import AccountMail, AccountMails
from users.types import TokenPair

PASSWORD = "tall-otters-swim-9"
NEW_PASSWORD = "quiet-herons-wade-4"


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


def make_mailed_secret(*, user: User, mail: AccountMail, now: datetime | None = None) -> str:
    """Send a mail that carries a secret, and return that."""
    AccountMails().deliver(mail, user_id=user.pk, effect_id=uuid7(), now=now or timezone.now())
    return mailed_secret(to=user.email)


def mailed_secret(*, to: str) -> str:
    """Return the secret in the newest mail to an address."""
    text = str([sent for sent in mailbox.outbox if sent.to == [to]][-1].body)
    (secret,) = re.findall(r"[\w-]{43}", text)
    return str(secret)


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
