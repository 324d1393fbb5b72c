"""Signing out: here, on another device, or everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.acting import acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.adapters import tokens
from users.models import EndReason, TokenFamily, User

# How long an operator can still see why a session ended.
KEPT_FOR: Final = timedelta(days=7)


class SessionNotFound(DomainError):
    """The user has no such session, or it is over; another's is not found either."""

    kind = Kind.NOT_FOUND
    code = "users/session-not-found"
    detail = Bilingual(ko="그런 로그인 기록이 없어요.", en="There is no such session.")


@dataclass(frozen=True)
class SessionEnd:
    """Ends sessions. Their access tokens are refused from their next request on."""

    def sign_out(self, *, session_id: UUID, now: datetime) -> None:
        """End one's own session; one that is over already stays so."""
        TokenFamily.objects.filter(public_id=session_id).end(reason=EndReason.SIGNED_OUT, now=now)

    def sign_out_by_refresh_token(self, *, refresh: str, now: datetime) -> None:
        """
        End the session of a refresh token, spent or not, for a client whose access token has expired.

        Raises:
            TokenRefused: the token is not ours, or has expired.
        """
        session_id = tokens.read_refresh(refresh, now=now).session_id
        with acting_as_system():  # the token says whose it is, whoever is signed in
            self.sign_out(session_id=session_id, now=now)

    def sign_out_everywhere(self, *, user: User, now: datetime) -> None:
        """End every session of a user."""
        self.end_all(user=user, reason=EndReason.SIGNED_OUT_EVERYWHERE, now=now)

    @transaction.atomic
    def end_all(
        self, *, user: User, reason: EndReason, now: datetime, except_id: UUID | None = None
    ) -> None:
        """End every session of a user but `except_id`."""
        # The user's row comes first for everybody who takes several sessions: no two can deadlock.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        families = TokenFamily.objects.of_user(user)
        if except_id is not None:
            families = families.exclude(public_id=except_id)
        families.end(reason=reason, now=now)

    def revoke(self, *, user: User, session_id: UUID, now: datetime) -> None:
        """
        End one of a user's live sessions.

        Raises:
            SessionNotFound: the user has no such live session.
        """
        live = TokenFamily.objects.of_user(user).live(now=now).filter(public_id=session_id)
        if not live.end(reason=EndReason.REVOKED, now=now):
            raise SessionNotFound

    @acting_as_system()
    def sweep(self, *, now: datetime) -> int:
        """Delete the sessions that were over KEPT_FOR ago; their tokens are refused all the same."""
        over = Q(ended_at__lt=now - KEPT_FOR) | Q(expires_at__lt=now - KEPT_FOR)
        deleted, _ = TokenFamily.objects.filter(over).delete()
        return deleted
