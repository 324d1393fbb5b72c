"""
JSON Web Tokens, behind PyJWT. Nothing else in the project signs or reads ours.

A refresh token is made of its family's row alone: the same generation gives the same bytes, so that
one which got lost on its way can be given again although no token is stored, not even its hash.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeGuard
from uuid import UUID

import jwt
from django.conf import settings

from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.types import AccessClaims, RefreshClaims, Role, TokenPair

if TYPE_CHECKING:
    from users.models import TokenFamily

ACCESS_LIFETIME: Final = timedelta(minutes=15)
ALGORITHM: Final = "HS256"
ISSUER: Final = "dongne"
ACCESS, REFRESH = "access", "refresh"
KIND, SESSION, ROLES, GENERATION = "token_type", "sid", "roles", "gen"


class TokenRefused(DomainError):
    """A token that is forged, expired, spent, of the other kind, or whose session is over."""

    kind = Kind.UNAUTHENTICATED
    code = "users/token-refused"
    detail = Bilingual(
        ko="토큰이 유효하지 않거나 만료됐어요. 다시 로그인해 주세요.",
        en="The token is not valid or has expired: sign in again.",
    )


def make_pair(*, family: "TokenFamily", roles: Sequence[Role], now: datetime) -> TokenPair:
    """Return the family's refresh token of this generation, and an access token from now on."""
    # No access token outlives its session.
    access_ends_at = min(now + ACCESS_LIFETIME, family.expires_at)
    access = {
        **_common(family, kind=ACCESS, issued_at=now, ends_at=access_ends_at),
        ROLES: [role.value for role in roles],
    }
    refresh = {
        **_common(family, kind=REFRESH, issued_at=family.rotated_at, ends_at=family.expires_at),
        GENERATION: family.generation,
    }
    return TokenPair(
        access=_sign(access),
        refresh=_sign(refresh),
        expires_in_s=int(access["exp"]) - int(access["iat"]),
    )


def read_access(token: str, /, *, now: datetime) -> AccessClaims:
    """
    Return what a genuine, unexpired access token says.

    Raises:
        TokenRefused: it is anything else.
    """
    payload = _read(token, kind=ACCESS, now=now)
    said = payload.get(ROLES)
    return AccessClaims(
        public_id=_id(payload, "sub"),
        session_id=_id(payload, SESSION),
        roles=frozenset(role for role in Role if isinstance(said, list) and role.value in said),
        expires_at=datetime.fromtimestamp(payload["exp"], tz=UTC),
    )


def read_refresh(token: str, /, *, now: datetime) -> RefreshClaims:
    """
    Return what a genuine, unexpired refresh token says.

    Raises:
        TokenRefused: it is anything else.
    """
    payload = _read(token, kind=REFRESH, now=now)
    generation = payload.get(GENERATION)
    if not _is_count(generation):
        raise TokenRefused("The token has no generation.")
    return RefreshClaims(
        public_id=_id(payload, "sub"), session_id=_id(payload, SESSION), generation=generation
    )


def _common(
    family: "TokenFamily", *, kind: str, issued_at: datetime, ends_at: datetime
) -> dict[str, Any]:
    return {
        KIND: kind,
        "iss": ISSUER,
        "sub": str(family.user.public_id),
        SESSION: str(family.public_id),
        "iat": int(issued_at.timestamp()),
        "exp": int(ends_at.timestamp()),
    }


def _sign(payload: dict[str, Any]) -> str:
    return jwt.encode(payload, settings.SECRET_KEY, algorithm=ALGORITHM)


def _read(token: str, *, kind: str, now: datetime) -> Mapping[str, Any]:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    payload = _verify_access(token, keys) if kind == ACCESS else _verify(token, keys, kind=kind)
    ends_at_s = payload.get("exp")
    if not _is_count(ends_at_s) or ends_at_s <= now.timestamp():
        raise TokenRefused("The token has expired.")
    return payload


# A client sends its access token along with every request. What a signature proves, it proves for good;
# whether the token has expired, and its session has ended, is asked each time.
@lru_cache(maxsize=4096)
def _verify_access(token: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
    return MappingProxyType(_verify(token, keys, kind=ACCESS))


def _verify(token: str, keys: tuple[str, ...], *, kind: str) -> dict[str, Any]:
    payload = _decode(token, keys)
    if payload.get(KIND) != kind:
        raise TokenRefused(f"The token is none for {kind}.")
    return payload


def _decode(token: str, keys: tuple[str, ...]) -> dict[str, Any]:
    # The times are judged by the caller's clock, and not by PyJWT's.
    options: Any = {"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False}
    for key in keys:
        try:
            return jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, options=options)
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenRefused(str(error)) from None
    raise TokenRefused("The token is signed by nobody we know.")


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32


def _id(payload: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(str(payload[name]))
    except (KeyError, ValueError):
        raise TokenRefused(f"The token has no {name}.") from None
