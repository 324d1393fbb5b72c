"""Chooses the few dozen places that go on to the engine: good ones, and varied by category."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Final, Protocol, TypeVar

# How the places are shared out among categories where nothing was asked for: one meal and one café
# are planned at most, but each of them must lie on the way; sights make the trip.
SHARES: Final = {
    "restaurant": 2.0,
    "cafe": 2.0,
    "museum": 2.0,
    "gallery": 2.0,
    "heritage": 2.0,
    "park": 1.5,
    "viewpoint": 1.5,
    "market": 1.0,
}
OTHER_SHARE: Final = 0.8
ASKED_FACTOR: Final = 3.0
MOSTLY_FACTOR: Final = 6.0


class Ranked(Protocol):
    """What is known of a place when it is chosen."""

    @property
    def category(self) -> str: ...
    @property
    def has_known_hours(self) -> bool: ...


T = TypeVar("T", bound=Ranked)


def shortlist(
    rows: Sequence[T], *, limit: int, asked: Sequence[str], mostly: Sequence[str]
) -> list[T]:
    """
    Return at most `limit` of `rows`, which come best first; the order is that of choosing.

    Categories take turns by the highest averages of their shares (D'Hondt). Within a category a
    place of known hours comes before one of assumed hours while the latter are no fewer, since a
    card may not be made of assumptions where hours are known.
    """
    queues = {name: _known_first(own) for name, own in _by_category(rows).items()}
    names = sorted(queues, reverse=True)  # of equal averages the last name takes its turn
    shares = [_share(name, asked, mostly) for name in names]
    taken = [0] * len(names)
    turns = [(-share, at) for at, share in enumerate(shares)]
    heapify(turns)
    chosen: list[T] = []
    while turns and len(chosen) < limit:
        at = turns[0][1]
        row = next(queues[names[at]], None)
        if row is None:
            heappop(turns)
            continue
        chosen.append(row)
        taken[at] += 1
        heapreplace(turns, (-shares[at] / (taken[at] + 1), at))
    return chosen


def _share(category: str, asked: Sequence[str], mostly: Sequence[str]) -> float:
    factor = MOSTLY_FACTOR if category in mostly else ASKED_FACTOR if category in asked else 1.0
    return SHARES.get(category, OTHER_SHARE) * factor


def _by_category(rows: Sequence[T]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        grouped[row.category].append(row)
    return grouped


def _known_first(rows: Sequence[T]) -> Iterator[T]:
    """Yield `rows` in order, except that assumed ones wait while they are no fewer than known."""
    known: deque[tuple[int, T]] = deque()
    assumed: deque[tuple[int, T]] = deque()
    for i, row in enumerate(rows):
        (known if row.has_known_hours else assumed).append((i, row))
    lead = 0
    while known and assumed:
        if lead <= 0 or known[0][0] < assumed[0][0]:
            lead += 1
            yield known.popleft()[1]
        else:
            lead -= 1
            yield assumed.popleft()[1]
    yield from (row for _, row in known or assumed)
