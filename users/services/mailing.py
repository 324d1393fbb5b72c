"""What people are written about their accounts, and the secrets that such mails carry."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from common import outbox
from common.acting import acting_as, acting_as_system
from common.languages import Bilingual
from common.mailing import send_now
from users.models import MailedToken, MailPurpose, User

KIND: Final = "users.mail"

LIFETIMES: Final = {
    MailPurpose.CONFIRM_EMAIL: timedelta(days=3),
    MailPurpose.RESET_PASSWORD: timedelta(minutes=30),
}
# After its end a token says nothing any more; a day lets an operator see what was asked for.
KEPT_FOR: Final = timedelta(days=1)


class AccountMail(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    ACCOUNT_EXISTS = "account_exists"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    GOOGLE_LINKED = "google_linked"


@dataclass(frozen=True)
class Letter:
    """A mail; `{secret}` is where its token goes, and `purpose` what the token is for."""

    subject: Bilingual
    text: Bilingual
    purpose: MailPurpose | None = None


LETTERS: Final = {
    AccountMail.CONFIRM_EMAIL: Letter(
        purpose=MailPurpose.CONFIRM_EMAIL,
        subject=Bilingual(
            ko="[동네] 이메일 주소를 확인해 주세요", en="[Dongne] Confirm your email address"
        ),
        text=Bilingual(
            ko="동네에 가입해 주셔서 고마워요. 3일 안에 아래에서 이메일 주소를 확인해 주세요.\n\n{secret}\n\n"
            "가입한 적이 없다면 이 메일을 무시해 주세요.",
            en="Thank you for joining Dongne. Confirm your email address within three days:\n\n{secret}\n\n"
            "If you did not sign up, ignore this mail.",
        ),
    ),
    AccountMail.ACCOUNT_EXISTS: Letter(
        subject=Bilingual(
            ko="[동네] 이미 계정이 있어요", en="[Dongne] You have an account already"
        ),
        text=Bilingual(
            ko="누군가 이 주소로 동네에 가입하려고 했는데, 이미 계정이 있어요. 본인이라면 그대로 로그인하거나, "
            "비밀번호가 기억나지 않으면 재설정해 주세요. 아니라면 이 메일을 무시해 주세요. 바뀐 것은 없어요.",
            en="Somebody tried to sign up to Dongne with this address, which has an account already. If it was"
            " you, sign in, or reset your password if you do not remember it. If not, ignore this mail:"
            " nothing has changed.",
        ),
    ),
    AccountMail.RESET_PASSWORD: Letter(
        purpose=MailPurpose.RESET_PASSWORD,
        subject=Bilingual(ko="[동네] 비밀번호 재설정", en="[Dongne] Reset your password"),
        text=Bilingual(
            ko="30분 안에 아래에서 새 비밀번호를 정해 주세요. 한 번만 쓸 수 있어요.\n\n{secret}\n\n"
            "요청한 적이 없다면 이 메일을 무시해 주세요. 바뀐 것은 없어요.",
            en="Choose a new password within 30 minutes. This works once:\n\n{secret}\n\n"
            "If you did not ask for this, ignore this mail: nothing has changed.",
        ),
    ),
    AccountMail.PASSWORD_CHANGED: Letter(
        subject=Bilingual(
            ko="[동네] 비밀번호가 바뀌었어요", en="[Dongne] Your password was changed"
        ),
        text=Bilingual(
            ko="동네 계정의 비밀번호가 바뀌었고, 다른 기기에서는 로그아웃됐어요. 본인이 아니라면 바로 비밀번호를 "
            "재설정해 주세요.",
            en="The password of your Dongne account was changed, and other devices were signed out. If it was"
            " not you, reset your password at once.",
        ),
    ),
    AccountMail.GOOGLE_LINKED: Letter(
        subject=Bilingual(
            ko="[동네] 이제 Google로 로그인할 수 있어요",
            en="[Dongne] You can sign in with Google now",
        ),
        text=Bilingual(
            ko="이 주소의 Google 계정으로 동네에 로그인했어요. 앞으로도 그렇게 로그인할 수 있어요. 본인이 아니라면 "
            "Google 계정의 보안을 확인하고 비밀번호를 재설정해 주세요.",
            en="The Google account of this address was used to sign in to Dongne, and can be from now on. If it"
            " was not you, check the security of your Google account and reset your password.",
        ),
    ),
}


@dataclass(frozen=True)
class AccountMails:
    """
    Writes to people, through the outbox: with the change, at least once, and after the answer.

    The secret is made when the mail is sent, so that neither the outbox nor the broker holds it. It
    follows from the effect's id and our key: a second copy of a mail carries the same one.
    """

    def post(self, mail: AccountMail, /, *, user: User | None) -> None:
        """
        Have a mail sent once the open transaction commits.

        Without a user nothing is sent, after the same work: nobody can tell by the time it took.
        """
        outbox.record(
            kind=KIND,
            payload={"mail": mail.value, "user_id": None if user is None else user.pk},
            about_user_id=None if user is None else user.pk,
        )

    def deliver(
        self, mail: AccountMail, /, *, user_id: int | None, effect_id: UUID, now: datetime
    ) -> None:
        """Send a mail, unless its account is gone, closed, or has confirmed what it asks."""
        if user_id is not None:
            with acting_as(user_id):
                self._deliver(mail, user_id=user_id, effect_id=effect_id, now=now)

    def _deliver(self, mail: AccountMail, *, user_id: int, effect_id: UUID, now: datetime) -> None:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        is_moot = mail is AccountMail.CONFIRM_EMAIL and user and user.email_confirmed_at
        if user is None or is_moot:
            return
        letter = LETTERS[mail]
        text = letter.text.in_language(user.locale)
        if letter.purpose is not None:
            secret = _make_secret(effect_id)
            MailedToken.objects.get_or_create(
                effect_id=effect_id,
                defaults={
                    "user": user,
                    "purpose": letter.purpose,
                    "token_hash": hash_secret(secret),
                    "created_at": now,
                    "expires_at": now + LIFETIMES[letter.purpose],
                },
            )
            text = text.format(secret=_show(secret, purpose=letter.purpose))
        send_now(
            to=user.email,
            subject=letter.subject.in_language(user.locale),
            text=text,
            effect_id=effect_id,
        )

    @acting_as_system()
    def sweep(self, *, now: datetime) -> int:
        """Delete the tokens that ended KEPT_FOR ago."""
        deleted, _ = MailedToken.objects.filter(expires_at__lt=now - KEPT_FOR).delete()
        return deleted


def hash_secret(secret: str, /) -> str:
    """Return what is kept of a secret. It has 256 bits, so that a quick hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _make_secret(effect_id: UUID) -> str:
    made = salted_hmac("users.mailed-token", str(effect_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _show(secret: str, *, purpose: MailPurpose) -> str:
    # After a #, a browser keeps it from servers, their logs and the pages it leads to.
    link: str = settings.ACCOUNT_LINK_URL
    return f"{link}/{purpose.value}#token={secret}" if link else secret
