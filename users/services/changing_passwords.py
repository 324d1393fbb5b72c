"""A new password: by the present one, or by a mail to the account's address."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.acting import acting_as
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users import selectors
from users.models import EndReason, Identity, MailedToken, MailPurpose, User
from users.services.choosing_passwords import refuse_weak_password
from users.services.ending_sessions import SessionEnd
from users.services.guarding import SignInGuard
from users.services.mailing import AccountMail, AccountMails
from users.services.signing_up import MailedTokenRefused, find_mailed_token


class CurrentPasswordWrong(DomainError):
    """The password given as the present one is not."""

    kind = Kind.INVALID
    code = "users/current-password-wrong"
    detail = Bilingual(
        ko="지금 쓰는 비밀번호가 맞지 않아요.", en="The current password is not right."
    )


@dataclass(frozen=True)
class PasswordChange:
    """Changes the password of somebody signed in who knows the present one."""

    ending: SessionEnd = field(default_factory=SessionEnd)
    mails: AccountMails = field(default_factory=AccountMails)

    def change(
        self, *, user: User, session_id: UUID, current: str, new: str, now: datetime
    ) -> None:
        """
        Change the password, and end every session but `session_id`.

        An account that was opened with Google has no password to know: it resets it by mail.

        Raises:
            CurrentPasswordWrong: `current` is not the user's password.
            PasswordTooWeak: one of AUTH_PASSWORD_VALIDATORS refuses the new one.
        """
        if not user.check_password(current):
            raise CurrentPasswordWrong(field="current_password")
        refuse_weak_password(new, user=user, field="new_password")
        with transaction.atomic(durable=True):
            # Checking takes long, so the row was not locked: look again before writing.
            locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if locked.password != user.password:
                raise CurrentPasswordWrong(field="current_password")
            _store(locked, password=new, now=now)
            self.ending.end_all(
                user=locked, reason=EndReason.PASSWORD_CHANGED, now=now, except_id=session_id
            )
            self.mails.post(AccountMail.PASSWORD_CHANGED, user=locked)


@dataclass(frozen=True)
class PasswordReset:
    """Lets whoever reads the mailbox of an account choose its password."""

    ending: SessionEnd = field(default_factory=SessionEnd)
    mails: AccountMails = field(default_factory=AccountMails)
    guard: SignInGuard = field(default_factory=SignInGuard)

    @transaction.atomic(durable=True)
    def request(self, *, email: str) -> None:
        """Mail a link to the account of `email`; without one, do as much and mail nothing."""
        self.mails.post(AccountMail.RESET_PASSWORD, user=selectors.find_user_by_email(email=email))

    def confirm(self, *, token: str, password: str, address: str, now: datetime) -> None:
        """
        Change the password by a mailed token, and end every session.

        Reading the mail shows the address, too. Whoever was locked out by guesses may sign in.

        Raises:
            MailedTokenRefused: no such token was mailed, or it was used, or has expired.
            PasswordTooWeak: as on signing up; the token is not spent.
        """
        tokens = MailedToken.objects.usable(purpose=MailPurpose.RESET_PASSWORD, now=now)
        with transaction.atomic(durable=True):
            found = find_mailed_token(tokens.filter(user__is_active=True), secret=token)
            with acting_as(found.user_id):
                user = User.objects.select_for_update(no_key=True).get(pk=found.user_id)
                refuse_weak_password(password, user=user)
                if not tokens.filter(pk=found.pk).use(now=now):
                    raise MailedTokenRefused(field="token")
                if user.email_confirmed_at is None:
                    # Whoever opened the account did not read this mailbox: no other way in of theirs stays.
                    Identity.objects.filter(user=user).delete()
                    user.email_confirmed_at = now
                _store(user, password=password, now=now)
                self.ending.end_all(user=user, reason=EndReason.PASSWORD_RESET, now=now)
                self.mails.post(AccountMail.PASSWORD_CHANGED, user=user)
        self.guard.clear(email=user.email, address=address)


def _store(user: User, *, password: str, now: datetime) -> None:
    """Store a new password; what was mailed to change the old one is void. The row is locked."""
    user.set_password(password)
    user.save(update_fields=["password", "email_confirmed_at", "updated_at"])
    MailedToken.objects.filter(user=user, purpose=MailPurpose.RESET_PASSWORD).use(now=now)
