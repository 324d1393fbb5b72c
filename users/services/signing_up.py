"""Opening an account, and showing that its address is one's own."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from common.acting import acting_as, acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.models import MailedToken, MailPurpose, User
from users.services.choosing_passwords import refuse_weak_password
from users.services.mailing import AccountMail, AccountMails, hash_secret


class MailedTokenRefused(DomainError):
    """The token of a mail that was used, is too old, or was never mailed."""

    kind = Kind.INVALID
    code = "users/mailed-token-refused"
    detail = Bilingual(
        ko="링크가 이미 쓰였거나 만료됐어요. 메일을 다시 요청해 주세요.",
        en="The link was used already or has expired: ask for another mail.",
    )


@dataclass(frozen=True)
class SignUp:
    """
    Opens accounts, without telling who has one already.

    An address that is taken gets the same answer after the same work: the password is hashed, the
    row offered, and the unique constraint decides, so that two at once cannot both win. Either way
    the address gets a mail, and whoever reads it learns which it was.
    """

    mails: AccountMails = field(default_factory=AccountMails)

    def sign_up(self, *, email: str, password: str, locale: str) -> None:
        """
        Open an account for `email` unless it has one.

        Raises:
            PasswordTooWeak: one of AUTH_PASSWORD_VALIDATORS refuses the password.
        """
        offered = User(email=email.lower(), locale=locale)
        refuse_weak_password(password, user=offered)
        offered.set_password(password)
        # The account that is there may be anybody's, and a new one has no number yet.
        with acting_as_system(), transaction.atomic(durable=True):
            User.objects.bulk_create([offered], ignore_conflicts=True)
            user = User.objects.get(email=offered.email)
            is_new = user.public_id == offered.public_id
            mail = AccountMail.CONFIRM_EMAIL if is_new else AccountMail.ACCOUNT_EXISTS
            self.mails.post(mail, user=user)


@dataclass(frozen=True)
class EmailConfirmation:
    """Shows that the address of an account is read by whoever opened it."""

    mails: AccountMails = field(default_factory=AccountMails)

    @transaction.atomic(durable=True)
    def request(self, *, user: User) -> None:
        """Mail the link once more, unless the address is confirmed."""
        self.mails.post(AccountMail.CONFIRM_EMAIL, user=user)

    @transaction.atomic(durable=True)
    def confirm(self, *, token: str, now: datetime) -> None:
        """
        Mark the address of the token's account as confirmed.

        Raises:
            MailedTokenRefused: no such token was mailed, or it was used, or has expired.
        """
        tokens = MailedToken.objects.usable(purpose=MailPurpose.CONFIRM_EMAIL, now=now)
        found = find_mailed_token(tokens, secret=token)
        with acting_as(found.user_id):
            if not tokens.filter(pk=found.pk).use(now=now):
                raise MailedTokenRefused(field="token")
            User.objects.filter(pk=found.user_id, email_confirmed_at=None).update(
                email_confirmed_at=now
            )


@acting_as_system()
def find_mailed_token(tokens: QuerySet[MailedToken], /, *, secret: str) -> MailedToken:
    """
    Return the one of the tokens that a secret was mailed for. It says whose it is; nobody is signed in.

    Raises:
        MailedTokenRefused: there is none.
    """
    found = tokens.filter(token_hash=hash_secret(secret)).first()
    if found is None:
        raise MailedTokenRefused(field="token")
    return found
