"""Making the next while the last is used: Python computes where it would wait for the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def made_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """
    Yield the items in order; a thread makes each while whoever asked is busy with the one before.

    Two are there at a time at most. To make them must ask nothing of the database: a thread would have
    a connection of its own. What making one raises is raised where that one would have come.
    """
    source = iter(items)

    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(_next, source)
        while made := coming.result():
            coming = maker.submit(_next, source)
            yield made[0]


def _next(source: Iterator[Item]) -> tuple[Item, ...]:
    return tuple(islice(source, 1))
