"""Opening an account."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from common.errors import DomainError, FieldError, Kind
from common.languages import Bilingual
from users.models import User


class PasswordTooWeak(DomainError):
    """The password is easy to guess; `errors` says why, sentence by sentence."""

    kind = Kind.INVALID
    code = "users/password-too-weak"
    detail = Bilingual(
        ko="비밀번호가 추측하기 쉬워요. errors를 확인해 주세요.",
        en="The password is easy to guess; see errors.",
    )


@dataclass(frozen=True)
class SignUp:
    """
    Opens accounts, without telling who has one already.

    An address that is taken gets the same answer after the same work: the password is hashed, the
    row offered, and the unique constraint decides, so that two at once cannot both win.
    """

    @transaction.atomic(durable=True)
    def sign_up(self, *, email: str, password: str, locale: str) -> None:
        """
        Open an account for `email` unless it has one.

        Raises:
            PasswordTooWeak: one of AUTH_PASSWORD_VALIDATORS refuses the password.
        """
        user = User(email=email.lower(), locale=locale)
        _refuse_weak_password(password, user=user)
        user.set_password(password)
        User.objects.bulk_create([user], ignore_conflicts=True)


def _refuse_weak_password(password: str, *, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(
            errors=[
                FieldError(
                    field="password", code=found.code or "weak", detail=" ".join(found.messages)
                )
                for found in error.error_list
            ]
        ) from None
