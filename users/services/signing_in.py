"""Proving who one is by a password."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from common.acting import acting_as
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users import selectors
from users.models import SignInMethod, User
from users.services.guarding import SignInGuard
from users.services.starting_sessions import SessionStart
from users.types import Device, TokenPair


class CredentialsRefused(DomainError):
    """No active account has this address and password; which of them is wrong is not told."""

    kind = Kind.UNAUTHENTICATED
    code = "users/credentials-refused"
    detail = Bilingual(
        ko="이메일이나 비밀번호가 맞지 않아요.", en="The email or the password is not right."
    )


@dataclass(frozen=True)
class SignIn:
    """Exchanges credentials for tokens."""

    sessions: SessionStart = field(default_factory=SessionStart)
    guard: SignInGuard = field(default_factory=SignInGuard)

    def sign_in(
        self, *, email: str, password: str, address: str, device: Device, now: datetime
    ) -> TokenPair:
        """
        Start a session and return its first tokens.

        Raises:
            CredentialsRefused: no active account has this email and password.
            SignInLocked, LimitsAway: it was tried too often, or nobody can tell; see `guarding`.
        """
        self.guard.admit(email=email, address=address)
        user = selectors.find_user_by_email(email=email)
        if user is None:
            # Hashing once, as checking does, keeps an unknown address from answering sooner.
            make_password(password)
            raise CredentialsRefused
        with acting_as(user.pk):
            pair = self._start(user, password=password, device=device, now=now)
        self.guard.clear(email=email, address=address)
        return pair

    def _start(self, user: User, *, password: str, device: Device, now: datetime) -> TokenPair:
        if not user.check_password(password) or not user.is_active:
            raise CredentialsRefused
        # Checking takes long, so the row was not locked: a password that was changed meanwhile has
        # ended every session, and must not begin one now.
        with transaction.atomic(durable=True):
            locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if locked.password != user.password or not locked.is_active:
                raise CredentialsRefused
            return self.sessions.start(
                user=locked, method=SignInMethod.PASSWORD, device=device, now=now
            )
