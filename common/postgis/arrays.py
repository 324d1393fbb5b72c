"""Arrays as PostgreSQL reads them, for parameters of thousands: to adapt each value costs more than to ask."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

BETWEEN: Final = "\0"


def texts(values: Iterable[str]) -> str:
    """
    Return what `%s::text[]` reads as these texts.

    Raises:
        ValueError: one of them holds a NUL, which no text of PostgreSQL's does.
    """
    listed = list(values)
    if not listed:
        return "{}"
    # Escaped all at once: text by text it took longer than to ask.
    said = BETWEEN.join(listed).replace("\\", "\\\\").replace('"', '\\"')
    if said.count(BETWEEN) >= len(listed):
        raise ValueError("a text with a NUL in it")
    return '{"' + said.replace(BETWEEN, '","') + '"}'


def numbers(values: Iterable[int]) -> str:
    """Return what `%s::bigint[]` reads as these numbers."""
    return "{" + ",".join(map(str, values)) + "}"
