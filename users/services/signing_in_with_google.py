"""
Proving who one is by an ID token of Google's.

Google's `sub` names the account for ever and comes first. An address names it only where Google runs
that address's mail: then whoever signs in there reads its mail now. An account that was opened here
with that address and never confirmed it was perhaps opened by somebody else, waiting for the owner:
its password and sessions end. Operators are not linked by an address at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from common.acting import acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.adapters.google import (
    GoogleAccount,
    GoogleTokenRefused,
    GoogleTokens,
    current_google,
)
from users.models import EndReason, Identity, MailedToken, Provider, SignInMethod, User
from users.services.ending_sessions import SessionEnd
from users.services.mailing import AccountMail, AccountMails
from users.services.starting_sessions import SessionStart
from users.types import Device, TokenPair


class GoogleAddressTaken(DomainError):
    """The address has an account here, and Google cannot say that it is the same person's."""

    kind = Kind.CONFLICT
    code = "users/google-address-taken"
    detail = Bilingual(
        ko="이 주소로 만든 계정이 이미 있어요. 비밀번호로 로그인해 주세요.",
        en="This address has an account already: sign in with its password.",
    )


@dataclass(frozen=True)
class GoogleSignIn:
    """Exchanges Google's tokens for ours."""

    google: Callable[[], GoogleTokens] = current_google
    sessions: SessionStart = field(default_factory=SessionStart)
    ending: SessionEnd = field(default_factory=SessionEnd)
    mails: AccountMails = field(default_factory=AccountMails)

    def sign_in(
        self, *, id_token: str, nonce: str | None, device: Device, locale: str, now: datetime
    ) -> TokenPair:
        """
        Start a session of the token's account; open, or link, one where there is none.

        Raises:
            GoogleNotOffered, GoogleAway: nobody can sign in this way, or not now.
            GoogleTokenRefused: the token does not hold, or its account is closed.
            GoogleAddressTaken: an account of its address is not known to be the same person's.
        """
        account = self.google().verify(id_token, nonce=nonce, now=now)
        try:
            return self._start(account, device=device, locale=locale, now=now)
        except IntegrityError:  # another request opened the account meanwhile: now it is there
            return self._start(account, device=device, locale=locale, now=now)

    # Whose account it is comes out in here, and there may be none yet.
    @acting_as_system()
    @transaction.atomic(durable=True)
    def _start(
        self, account: GoogleAccount, *, device: Device, locale: str, now: datetime
    ) -> TokenPair:
        user = self._find(account, now=now) or self._link(account, now=now)
        if user is None:
            user = self._open(account, locale=locale, now=now)
        return self.sessions.start(user=user, method=SignInMethod.GOOGLE, device=device, now=now)

    def _find(self, account: GoogleAccount, *, now: datetime) -> User | None:
        mine = Identity.objects.filter(provider=Provider.GOOGLE, subject=account.subject)
        users = User.objects.select_for_update(no_key=True)
        user = users.filter(pk__in=mine.values("user_id")).first()
        if user is None:
            return None
        if not user.is_active:
            raise GoogleTokenRefused("The account of this identity is closed.")
        mine.update(last_used_at=now)
        return user

    def _link(self, account: GoogleAccount, *, now: datetime) -> User | None:
        users = User.objects.select_for_update(no_key=True)
        user = users.filter(email=account.email).first()
        if user is None:
            return None
        if not user.is_active:
            raise GoogleTokenRefused("The account of this address is closed.")
        known = Identity.objects.filter(user=user, provider=Provider.GOOGLE).first()
        if known is not None and known.subject == account.subject:
            return user  # another request opened or linked it since `_find`
        if known is not None or not account.is_authoritative or user.is_staff:
            raise GoogleAddressTaken
        if user.email_confirmed_at is None:
            user.set_unusable_password()
            user.email_confirmed_at = now
            user.save(update_fields=["password", "email_confirmed_at", "updated_at"])
            MailedToken.objects.filter(user=user).use(now=now)
            self.ending.end_all(user=user, reason=EndReason.ADDRESS_CLAIMED, now=now)
        self._remember(account, user=user, now=now)
        self.mails.post(AccountMail.GOOGLE_LINKED, user=user)
        return user

    def _open(self, account: GoogleAccount, *, locale: str, now: datetime) -> User:
        confirmed_at = now if account.is_authoritative else None
        user = User(email=account.email, locale=locale, email_confirmed_at=confirmed_at)
        user.set_unusable_password()
        user.save(force_insert=True)
        self._remember(account, user=user, now=now)
        if confirmed_at is None:
            self.mails.post(AccountMail.CONFIRM_EMAIL, user=user)
        return user

    def _remember(self, account: GoogleAccount, *, user: User, now: datetime) -> None:
        Identity.objects.create(
            user=user,
            provider=Provider.GOOGLE,
            subject=account.subject,
            created_at=now,
            last_used_at=now,
        )
