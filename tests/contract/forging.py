"""Tokens that somebody wrote by hand: a library would refuse to make most of them."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def read_claims(token: str) -> dict[str, Any]:
    """Return what a token says, believing it."""
    claims = token.split(".")[1]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return said


def forge(
    *,
    claims: Mapping[str, Any],
    key: str,
    algorithm: str = "HS256",
    header: Mapping[str, Any] | None = None,
) -> str:
    """Return a token of these claims; an algorithm that is none of HASHES leaves it unsigned."""
    signed = f"{_encode({'typ': 'JWT', 'alg': algorithm, **(header or {})})}.{_encode(claims)}"
    if algorithm not in HASHES:
        return f"{signed}."
    signature = hmac.digest(key.encode(), signed.encode(), HASHES[algorithm])
    return f"{signed}.{_plain(signature)}"


def _encode(part: Mapping[str, Any]) -> str:
    return _plain(json.dumps(part, separators=(",", ":")).encode())


def _plain(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
