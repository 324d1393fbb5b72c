"""What the audit log may hold of what it is told: no secret, and no address of mail in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Model

REDACTED: Final = "[redacted]"
# Names of fields whose values nobody needs to see again.
SECRET: Final = re.compile(r"password|passphrase|token|secret|hash|otp|credential|(^|_)key$", re.I)
EMAIL: Final = re.compile(r"([^\s@<>\"']{1,64})@([^\s@<>\"',;]+)")


def redact(values: Mapping[str, Any] | None, /) -> dict[str, Any] | None:
    """Return values as JSON takes them, secrets struck out and addresses of mail masked."""
    if values is None:
        return None
    return {
        name: REDACTED if SECRET.search(name) and value is not None else _plain(value)
        for name, value in values.items()
    }


def mask_emails(text: str, /) -> str:
    """Leave of each address its first letter and its host."""
    return EMAIL.sub(lambda found: f"{found[1][0]}…@{found[2]}", text)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return redact({str(name): inner for name, inner in value.items()})
    if isinstance(value, Iterable) and not isinstance(value, str | GEOSGeometry):
        return [_plain(inner) for inner in value]
    return value.pk if isinstance(value, Model) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, GEOSGeometry):
        return str(value.wkt)
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    # JSON in PostgreSQL takes every character but one.
    return mask_emails(text.replace("\0", "\N{REPLACEMENT CHARACTER}"))
