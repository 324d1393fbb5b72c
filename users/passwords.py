"""What a password is, before it is hashed."""

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError

from common.languages import Bilingual

# Longer than any passphrase; a hash of megabytes would be a way to keep the server busy.
LENGTH_HIGH: Final = 128

BLANK = Bilingual(
    ko="비밀번호가 비어 있거나 공백뿐이에요.", en="The password is empty, or all of it is space."
)
NUL = Bilingual(
    ko="비밀번호에 쓸 수 없는 문자가 있어요.", en="The password has a character that is no text."
)
TOO_LONG = Bilingual(ko="비밀번호는 최대 128자예요.", en="A password has at most 128 characters.")


def normalise_password(password: str, /) -> str:
    """
    Return the one spelling under which a password is hashed, checked and judged.

    The same keys give other code points on other systems (Hangul in jamo on macOS, full-width digits
    of an input method): NFKC, as NIST SP 800-63B-4, 3.1.1.2, asks.
    """
    return unicodedata.normalize("NFKC", password)


class PlainTextValidator:
    """
    Refuses what nobody types for a password: nothing but spaces, NUL, or too much.

    One of AUTH_PASSWORD_VALIDATORS, so that the API, the admin and commands refuse alike.
    """

    def validate(self, password: str, user: object = None) -> None:
        if not normalise_password(password).strip():
            raise ValidationError(str(BLANK), code="password_blank")
        if "\x00" in password:
            raise ValidationError(str(NUL), code="password_not_text")
        if len(password) > LENGTH_HIGH:
            raise ValidationError(str(TOO_LONG), code="password_too_long")

    def get_help_text(self) -> str:
        return str(TOO_LONG)
