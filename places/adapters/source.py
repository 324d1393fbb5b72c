"""
What a source of places must offer: fetch its records as they came, and clean one to a draft.

`docs/how-to-add-a-source.md` tells how to write one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from common.http import OutboundHttp
from places.adapters.files import OpenedFile, open_text
from places.types import Draft, Refusal, Row, SourceTerms

Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees


class SourceAbsent(Exception):
    """There is nothing to fetch from: a file is not in the folder, a key is not set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One fetch: of which city and window, from where, and from which point on."""

    city: str
    folder: Path | None = None  # where the files lie, in whatever folder below
    file: Path | None = (
        None  # stands for the first of the adapter's files; a folder where that is of parts
    )
    bounds: Bounds | None = None  # of the city, for sources that hold more than one
    since: datetime | None = None  # the window, half-open; None: no bound
    until: datetime | None = None
    cursor: Mapping[str, Any] | None = None  # of the last row stored before a run was cut off
    options: Mapping[str, str] = field(default_factory=dict)  # such as the areas to search around
    areas: Sequence[str] = ()  # neighbourhoods of the city by name, for services that are searched
    # What is kept of a row by its reference, such as a feed's ETag; None where there is none.
    recall: Callable[[str], Mapping[str, Any] | None] = lambda _: None
    http: OutboundHttp = field(default_factory=OutboundHttp)
    sleep: Callable[[float], None] = time.sleep  # between questions to a service

    def find(self, files: Sequence[str], name: str) -> Path | None:
        """Return the path of one of an adapter's `files`, wherever it lies; None where it is not."""
        if self.file is not None and name == files[0]:
            return self.file if self.file.exists() else None
        if self.folder is None:
            return None
        return next(iter(sorted(self.folder.rglob(name.format(city=self.city)))), None)

    def path(self, files: Sequence[str], name: str) -> Path:
        """
        Return the path of a file that must be there.

        Raises:
            SourceAbsent: it is not.
        """
        found = self.find(files, name)
        if found is None:
            raise SourceAbsent(f"{name.format(city=self.city)} is not there.")
        return found

    def open(self, files: Sequence[str], *, marks: Sequence[str]) -> OpenedFile:
        """
        Open the first of an adapter's `files`.

        Raises:
            SourceAbsent: it is not there.
            UnreadableFile: it is in no encoding in which `marks` appear.
        """
        return open_text(self.path(files, files[0]), marks=marks)


class SourceAdapter(Protocol):
    """
    Reads one source. An adapter knows its format and its words, and no other source.

    What has a default here is inherited by naming this class as the base.
    """

    terms: SourceTerms
    # Names of its files, `{city}` standing for the city's slug; the first must be there. () for
    # what is asked over the network.
    files: tuple[str, ...] = ()
    # Raised when `clean` says other things of the same row: then all is cleaned anew from raw.
    parser_version: int = 1
    # Whether a whole fetch names every place it knows, so that one not named is gone.
    lists_all: bool = True
    # Whether one that does not list all answers for a window; else it is asked for all it has to say.
    has_windows: bool = True

    def is_found(self, feed: Feed) -> bool:
        """Tell whether a folder of files holds the source."""
        return bool(self.files) and feed.find(self.files, self.files[0]) is not None

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        """
        Yield the records as they came, one by one, and those that are none with the reason.

        Raises:
            SourceAbsent: before the first, where there is nothing to fetch from.
            UnreadableFile: the whole of it is of no use.
        """
        ...

    def clean(self, row: Row) -> Draft | Refusal:
        """Return the row as a place, or why it is none. What it depends on is the row alone."""
        ...
