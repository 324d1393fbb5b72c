"""JSON Web Tokens, behind SimpleJWT. Nothing else in the project imports that library."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.types import RefreshClaims, Role, TokenPair

if TYPE_CHECKING:
    from users.models import User

ROLES = "roles"
FINGERPRINT = "fpr"


class TokenRefused(DomainError):
    """A token that is forged, expired, of the other kind, or whose account has changed."""

    kind = Kind.UNAUTHENTICATED
    code = "users/token-refused"
    detail = Bilingual(
        ko="토큰이 유효하지 않거나 만료됐어요. 다시 로그인해 주세요.",
        en="The token is not valid or has expired: sign in again.",
    )


def fingerprint_password(user: "User", /) -> str:
    """Mark the password that a token was issued under, so that changing it ends the token."""
    return salted_hmac("users.tokens", user.password, algorithm="sha256").hexdigest()[:32]


def issue_pair(*, user: "User", roles: Sequence[Role]) -> TokenPair:
    refresh = RefreshToken()
    refresh["sub"] = str(user.public_id)
    refresh[FINGERPRINT] = fingerprint_password(user)
    return renew_pair(user=user, roles=roles, refresh=str(refresh))


def renew_pair(*, user: "User", roles: Sequence[Role], refresh: str) -> TokenPair:
    """Pair a new access token with a refresh token that was checked."""
    access = AccessToken()
    access["sub"] = str(user.public_id)
    access[ROLES] = [role.value for role in roles]
    expires_in_s = int(access.lifetime.total_seconds()) if access.lifetime else 0
    return TokenPair(access=str(access), refresh=refresh, expires_in_s=expires_in_s)


def read_access(token: str, /) -> UUID:
    """
    Return the public id that a genuine, unexpired access token was issued to.

    Raises:
        TokenRefused: it is anything else.
    """
    return _subject(_decode(AccessToken, token))


def read_refresh(token: str, /) -> RefreshClaims:
    """
    Return what a genuine, unexpired refresh token says.

    Raises:
        TokenRefused: it is anything else.
    """
    payload = _decode(RefreshToken, token)
    return RefreshClaims(public_id=_subject(payload), fingerprint=str(payload.get(FINGERPRINT, "")))


def _decode(kind: type[Token], token: str) -> dict[str, Any]:
    try:
        return dict(kind(token).payload)  # type: ignore[arg-type] # takes the text of a token too
    except (TokenError, OverflowError, ValueError) as error:  # a time that no calendar has
        raise TokenRefused(str(error)) from None


def _subject(payload: dict[str, Any]) -> UUID:
    try:
        return UUID(str(payload["sub"]))
    except (KeyError, ValueError):
        raise TokenRefused("The token has no subject.") from None
