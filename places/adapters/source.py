"""What a source of places must offer: fetch its files, parse them to rows, clean a row to a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from places.types import Draft, Refusal, Row, SourceTerms


class SourceAdapter(Protocol):
    """Reads one source. An adapter knows its format and its words, and no other source."""

    @property
    def terms(self) -> SourceTerms: ...

    @property
    def files(self) -> tuple[str, ...]:
        """Return the names of its files; `{city}` stands for the city's slug."""
        ...

    def parse(self, files: Mapping[str, bytes]) -> Iterator[Row | Refusal]:
        """Yield the rows of the files found, by name; only the first of `files` must be there."""
        ...

    def clean(self, row: Row) -> Draft | Refusal:
        """Return the row as a place, or why it is none."""
        ...


def fetch(adapter: SourceAdapter, *, folder: Path, city: str) -> dict[str, bytes]:
    """Return the contents of the adapter's files wherever they lie under `folder`."""
    found: dict[str, bytes] = {}
    for pattern in adapter.files:
        name = pattern.format(city=city)
        paths = sorted(folder.rglob(name))
        if paths:
            found[pattern] = paths[0].read_bytes()
    return found
