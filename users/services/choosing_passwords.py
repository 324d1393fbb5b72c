"""What holds of every new password, wherever it is chosen."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from common.errors import DomainError, FieldError, Kind
from common.languages import Bilingual
from users.models import User
from users.passwords import normalise_password


class PasswordTooWeak(DomainError):
    """The password is easy to guess; `errors` says why, sentence by sentence."""

    kind = Kind.INVALID
    code = "users/password-too-weak"
    detail = Bilingual(
        ko="비밀번호가 추측하기 쉬워요. errors를 확인해 주세요.",
        en="The password is easy to guess; see errors.",
    )


def refuse_weak_password(password: str, *, user: User, field: str = "password") -> None:
    """
    Refuse what one of AUTH_PASSWORD_VALIDATORS refuses.

    Raises:
        PasswordTooWeak: naming `field`.
    """
    try:
        validate_password(normalise_password(password), user)
    except ValidationError as error:
        raise PasswordTooWeak(
            errors=[
                FieldError(field=field, code=found.code or "weak", detail=" ".join(found.messages))
                for found in error.error_list
            ]
        ) from None
