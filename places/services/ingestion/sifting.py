"""Passes on what a source gives, and tells a file of which nothing can be read from one that ends early."""

from __future__ import annotations

from collections.abc import Iterator

from places.adapters.reading import UnreadableFile
from places.types import Refusal, Row


def readable(rows: Iterator[Row | Refusal], *, is_begun: bool) -> Iterator[Row | Refusal]:
    """
    Yield the rows; where the file turns out to be unreadable on the way, that is the last one.

    Raises:
        UnreadableFile: not one record could be read, though there is something.
    """
    first: Refusal | None = None
    try:
        for row in rows:
            if isinstance(row, Row):
                is_begun = True
            elif first is None:
                first = row
            yield row
    except UnreadableFile as error:
        if not is_begun:
            raise
        yield Refusal("the file", "file ends early", str(error), ends_early=True)
    if first is not None and not is_begun:
        raise UnreadableFile(f"not one record in it: {first.where}: {first.reason}")
