"""Google's ID tokens, verified here against the keys that Google publishes."""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import jwt
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from common.errors import DomainError, Kind
from common.http import HttpFailed, OutboundHttp
from common.languages import Bilingual

logger = structlog.get_logger(__name__)

ISSUERS: Final = ("https://accounts.google.com", "accounts.google.com")
ALGORITHM: Final = "RS256"
MODULUS_BITS_LOW: Final = 2048
# What Cache-Control may ask for; without it, the lower.
KEPT_S_LOW, KEPT_S_HIGH = 300.0, 86_400.0
# Keys that could not be fetched anew serve so much longer: an outage is no reason to lock all out.
STALE_S: Final = 86_400.0
# Whoever sends made-up key ids, or an outage, does not make us ask without end.
ASKED_AGAIN_AFTER_S: Final = 60.0
TIMEOUT_S: Final = 3.0
SKEW: Final = timedelta(seconds=60)
EMAIL_LENGTH: Final = 254

_MAX_AGE = re.compile(r"\bmax-age=(\d{1,9})\b", re.IGNORECASE)


class GoogleNotOffered(DomainError):
    """This service has no client id at Google."""

    kind = Kind.NOT_FOUND
    code = "users/google-not-offered"
    detail = Bilingual(
        ko="여기서는 Google로 로그인할 수 없어요.", en="Signing in with Google is not offered here."
    )


class GoogleAway(DomainError):
    """Google's keys cannot be had, so that no token of theirs can be checked."""

    kind = Kind.UNAVAILABLE
    code = "users/google-unavailable"
    detail = Bilingual(
        ko="지금은 Google 로그인을 확인할 수 없어요. 잠시 뒤 다시 시도해 주세요.",
        en="Google sign-in cannot be checked right now: try again shortly.",
    )


class GoogleTokenRefused(DomainError):
    """An ID token that is not Google's, not for us, expired, or without a verified address."""

    kind = Kind.UNAUTHENTICATED
    code = "users/google-token-refused"
    detail = Bilingual(
        ko="Google 로그인 정보가 유효하지 않거나 만료됐어요. 다시 시도해 주세요.",
        en="The Google sign-in is not valid or has expired: try again.",
    )


@dataclass(frozen=True)
class GoogleAccount:
    """
    Whom a genuine token speaks of.

    `is_authoritative`: Google itself runs the mail of this address (gmail.com, or a hosted domain).
    Of any other it once saw a mail answered, and the address may have gone to somebody else since.
    """

    subject: str
    email: str
    is_authoritative: bool


@dataclass
class GoogleKeys:
    """The keys of a JWKS address, kept as long as it says. Threads share one."""

    url: str
    http: OutboundHttp
    monotonic_s: Callable[[], float] = time.monotonic
    _keys: Mapping[str, Any] = field(default_factory=dict, init=False)
    _fresh_until_s: float = field(default=float("-inf"), init=False)
    _asked_at_s: float = field(default=float("-inf"), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def find(self, key_id: str) -> Any | None:
        """
        Return the public key of an id, or None when there is none.

        Raises:
            GoogleAway: there are no keys, or none young enough.
        """
        with self._lock:  # whoever comes while one asks waits for the same answer
            now_s = self.monotonic_s()
            is_stale = now_s >= self._fresh_until_s
            if is_stale or key_id not in self._keys:
                self._fetch(now_s)
            if now_s >= self._fresh_until_s + STALE_S:
                raise GoogleAway
            return self._keys.get(key_id)

    def _fetch(self, now_s: float) -> None:
        if now_s < self._asked_at_s + ASKED_AGAIN_AFTER_S:
            return
        self._asked_at_s = now_s
        try:
            answer = self.http.get(url=self.url, timeout_s=TIMEOUT_S)
        except HttpFailed as error:
            logger.warning("google_keys_away", reason=error.reason)
            return
        keys = _read_keys(answer.body) if answer.status == 200 else {}
        if not keys:
            logger.warning("google_keys_unreadable", status=answer.status)
            return
        self._keys = keys
        self._fresh_until_s = now_s + _kept_s(answer.headers.get("cache-control", ""))


def _read_keys(body: bytes) -> dict[str, Any]:
    try:
        listed = json.loads(body)["keys"]
        return {key_id: key for one in listed for key_id, key in _read_key(one)}
    except (ValueError, KeyError, TypeError):
        return {}


def _read_key(one: object) -> list[tuple[str, Any]]:
    """Return the id and key of one that signs by RS256, or nothing."""
    if not isinstance(one, dict) or not isinstance(key_id := one.get("kid"), str):
        return []
    purpose = one.get("kty"), one.get("use", "sig"), one.get("alg", ALGORITHM)
    if purpose != ("RSA", "sig", ALGORITHM):
        return []
    try:
        key = jwt.PyJWK.from_dict(one, algorithm=ALGORITHM).key
    except jwt.PyJWTError:
        return []
    return [(key_id, key)] if key.key_size >= MODULUS_BITS_LOW else []


def _kept_s(cache_control: str) -> float:
    said = _MAX_AGE.search(cache_control)
    return min(max(float(said[1]) if said else 0.0, KEPT_S_LOW), KEPT_S_HIGH)


@dataclass(frozen=True)
class GoogleTokens:
    """Reads ID tokens that were issued to one of our apps."""

    client_ids: frozenset[str]
    keys: GoogleKeys

    def verify(self, id_token: str, /, *, nonce: str | None, now: datetime) -> GoogleAccount:
        """
        Return whom a token speaks of.

        Raises:
            GoogleNotOffered: no client id is set.
            GoogleTokenRefused: it does not hold.
            GoogleAway: there are no keys to check it with.
        """
        if not self.client_ids:
            raise GoogleNotOffered
        claims = self._decode(id_token)
        self._check(claims, nonce=nonce, now=now)
        email, hosted_domain = claims["email"].lower(), claims.get("hd")
        return GoogleAccount(
            subject=claims["sub"],
            email=email,
            is_authoritative=email.endswith("@gmail.com")
            or (isinstance(hosted_domain, str) and bool(hosted_domain)),
        )

    def _decode(self, id_token: str) -> dict[str, Any]:
        # The times are judged by the caller's clock, and not by PyJWT's.
        options: Any = {
            "require": ["aud", "exp", "iat", "iss", "sub"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
            "verify_aud": False,  # one audience, exactly: below
        }
        try:
            header = jwt.get_unverified_header(id_token)
            key_id = header.get("kid")
            key = self.keys.find(key_id) if header.get("alg") == ALGORITHM and key_id else None
            if key is None:
                raise GoogleTokenRefused("The token is signed by no key of Google's.")
            return jwt.decode(
                id_token, key, algorithms=[ALGORITHM], issuer=ISSUERS, options=options
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise GoogleTokenRefused(type(error).__name__) from None

    def _check(self, claims: dict[str, Any], *, nonce: str | None, now: datetime) -> None:
        subject, email = claims["sub"], claims.get("email")
        holds = {
            "aud": isinstance(claims["aud"], str) and claims["aud"] in self.client_ids,
            "exp": _is_time(claims["exp"]) and now.timestamp() < claims["exp"],
            "iat": _is_time(claims["iat"]) and claims["iat"] <= (now + SKEW).timestamp(),
            "sub": isinstance(subject, str) and re.fullmatch(r"[\x21-\x7e]{1,255}", subject),
            "email": isinstance(email, str) and _is_address(email),
            "email_verified": claims.get("email_verified") is True,
            "nonce": nonce is None or claims.get("nonce") == nonce,
        }
        wrong = [name for name, is_right in holds.items() if not is_right]
        if wrong:
            raise GoogleTokenRefused(f"Wrong: {', '.join(wrong)}.")


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return email.isascii() and len(email) <= EMAIL_LENGTH


def current_google() -> GoogleTokens:
    """Return the reader of the settings' client ids; its keys are kept by the process."""
    return GoogleTokens(
        client_ids=frozenset(settings.GOOGLE_CLIENT_IDS),
        keys=_keys_of(settings.GOOGLE_JWKS_URL, is_private=settings.GOOGLE_JWKS_IS_PRIVATE),
    )


@cache
def _keys_of(url: str, *, is_private: bool) -> GoogleKeys:
    return GoogleKeys(url=url, http=OutboundHttp(allows_private=is_private))
