"""What the endpoints of signing up, in and out take in and give out."""

from typing import Any

from rest_framework import serializers

from common.languages import Bilingual
from common.parameters import StrictSerializer, StrictText
from users.models import TokenFamily
from users.passwords import LENGTH_HIGH

EMAIL_LENGTH = 254
TOKEN_LENGTH = 4096
MAILED_TOKEN_LENGTH = 100

NOT_ASCII = Bilingual(
    ko="영문 주소만 받아요. 도메인은 punycode로 적어 주세요.",
    en="Write the address in ASCII, its domain in punycode.",
)


def refuse_non_ascii(email: str, /) -> None:
    """Refuse letters whose lower case Python and PostgreSQL may not agree on."""
    if not email.isascii():
        raise serializers.ValidationError(str(NOT_ASCII), code="not_ascii")


class DeviceName(StrictText):
    """What a person calls the device; they read it in the list of their sessions."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            default="",
            max_length=TokenFamily.NAME_LENGTH,
            help_text="A name for the device, shown in the list of sessions",
            **options,
        )


class Email(serializers.EmailField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=EMAIL_LENGTH, validators=[refuse_non_ascii], **options)


class Password(StrictText):
    """A password as it was typed: its spaces are part of it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LENGTH_HIGH, trim_whitespace=False, write_only=True, **options)


class Credentials(StrictSerializer):
    email = Email()
    password = Password()


class SignIn(Credentials):
    device_name = DeviceName()


class GoogleSignIn(StrictSerializer):
    id_token = StrictText(max_length=TOKEN_LENGTH)
    nonce = StrictText(
        max_length=255,
        required=False,
        help_text="The nonce that the app asked Google for the token with",
    )
    device_name = DeviceName()


class Refresh(StrictSerializer):
    refresh = StrictText(max_length=TOKEN_LENGTH)


class SignOut(StrictSerializer):
    refresh = StrictText(
        max_length=TOKEN_LENGTH,
        required=False,
        help_text="Ends the session of this token, for a client whose access token has expired",
    )
    everywhere = serializers.BooleanField(
        required=False, default=False, help_text="End every session of the signed-in user"
    )


class EmailAddress(StrictSerializer):
    email = Email()


class PasswordChange(StrictSerializer):
    current_password = Password()
    new_password = Password()


class PasswordReset(StrictSerializer):
    token = StrictText(max_length=MAILED_TOKEN_LENGTH)
    password = Password()


class EmailConfirmation(StrictSerializer):
    token = StrictText(max_length=MAILED_TOKEN_LENGTH)


class SignedUp(serializers.Serializer[Any]):
    email = serializers.EmailField()


class Tokens(serializers.Serializer[Any]):
    access = serializers.CharField(help_text="Send it as `Authorization: Bearer <access>`")
    refresh = serializers.CharField(
        help_text="Buys the next pair, once; the session ends 14 days after signing in"
    )
    token_type = serializers.CharField(default="Bearer")
    expires_in_s = serializers.IntegerField(help_text="Seconds until `access` ends")
