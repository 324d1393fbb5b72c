"""Arrays as PostgreSQL reads them, for parameters of thousands: to adapt each value costs more than to ask."""

from __future__ import annotations

from collections.abc import Iterable


def texts(values: Iterable[str]) -> str:
    """Return what `%s::text[]` reads as these texts."""
    said = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in said) + "}"


def numbers(values: Iterable[int]) -> str:
    """Return what `%s::bigint[]` reads as these numbers."""
    return "{" + ",".join(map(str, values)) + "}"
