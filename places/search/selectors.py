"""Reads of places for lists and maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from common.geo import Position
from places import selectors
from places.listing_models import MOOD_BITS
from places.opening.types import OpeningHours
from places.opening.windows import Span, span, visit_windows
from places.search import rows
from places.search.patience import within_time
from places.search.types import OFFSET_HIGH, Entry, Facets, FoundPage, FoundPlace, PlaceSearch
from places.stored_hours import NO_HOURS, list_hours
from places.types import CitySummary

FACETED_HIGH: Final = 500
LOOKED_AT: Final = (
    100,
    200,
    OFFSET_HIGH,
)  # so many places' hours, one after the other, until enough are open


@within_time()
def search_places(*, search: PlaceSearch) -> FoundPage:
    """
    Return the places that match, best first: the likest name, the nearest, the best known.

    One query, and for a text those that find what it spells; with `open_at`, one for the cities, one
    to three for the places to look at, as many where hours come up that this process has not read, and
    one for the page. Of them only those stay whose hours are known, not doubted by visitors, and say that
    they are open then: nothing is silently open.

    Raises:
        SearchTooSlow: the database was not let look any longer.
    """
    if search.open_at is not None:
        return _page_of_open(search, Openings.at(search.open_at))
    found = rows.list_rows(search, limit=search.limit + 1, offset=search.offset)
    return _page(search, found)


@within_time()
def search_and_count(*, search: PlaceSearch) -> tuple[FoundPage, Facets]:
    """
    Return what `search_places` does, and what the places that match are told apart by.

    The best FACETED_HIGH of them are counted; of those with `open_at` that are open. One query more.

    Raises:
        SearchTooSlow: the database was not let look any longer.
    """
    high = max(FACETED_HIGH, search.offset + search.limit) + 1
    entries = rows.list_entries(search, limit=high)
    counted = entries[:FACETED_HIGH]
    if search.open_at is None:
        chosen = entries[search.offset : search.offset + search.limit + 1]
        page = _page(search, rows.show_rows(search, [entry.id for entry in chosen]))
        return page, _facets(counted, is_capped=len(entries) > FACETED_HIGH)
    openings = Openings.at(search.open_at)
    page = _page_of_open(search, openings)
    return page, _facets(openings.among(counted), is_capped=len(entries) > FACETED_HIGH)


@dataclass(frozen=True)
class Openings:
    """Tells which places are surely open at a moment: by their own hours, which nobody doubts."""

    days: Mapping[str, tuple[Span, CitySummary]]  # by city
    # By the identity of the hours, which equal texts share and which is kept here as long.
    _known: dict[tuple[str, str, int], tuple[OpeningHours, bool]] = field(default_factory=dict)

    @classmethod
    def at(cls, at: datetime, /) -> Openings:
        """Return those of a moment. One query."""
        return cls(
            {
                city.slug: (
                    span(starts_at=at.astimezone(city.zone), horizon_min=1, country=city.country),
                    city,
                )
                for city in selectors.list_cities()
            }
        )

    def among(self, entries: Sequence[Entry], /) -> list[Entry]:
        """Return those that are open. One query where hours come up that were not read before."""
        hours = list_hours(
            pks=[entry.id for entry in entries],
            keys=[bytes(entry.hours or NO_HOURS) for entry in entries],
        )
        return [
            entry
            for entry, of_it in zip(entries, hours, strict=True)
            if self._is_open(entry, of_it)
        ]

    def _is_open(self, entry: Entry, hours: OpeningHours | None) -> bool:
        if hours is None or not hours.has_times:
            return False
        key = (entry.city, entry.category, id(hours))
        if key not in self._known:
            day, city = self.days[entry.city]
            windows = visit_windows(hours, category=entry.category, span=day, country=city.country)
            is_open = any(window.opens <= 0 < window.closes for window in windows)
            self._known[key] = hours, is_open
        return self._known[key][1]


def _page_of_open(search: PlaceSearch, openings: Openings) -> FoundPage:
    """Return the page of places that are open, behind the `offset` that were looked at before."""
    found: list[int] = []
    next_offset = None
    for position, entry in _open_entries(search, openings):
        if len(found) == search.limit:
            next_offset = position
            break
        found.append(entry.id)
    shown = rows.show_rows(search, found) if found else []
    return FoundPage(places=[_place(row) for row in shown], next_offset=_within(next_offset))


def _open_entries(search: PlaceSearch, openings: Openings) -> Iterator[tuple[int, Entry]]:
    """Yield what is open and its position among all that match, the rest looked at only where it is asked for."""
    offset = search.offset
    # A text is looked for anew each time.
    for at_once in (LOOKED_AT[0], OFFSET_HIGH) if search.text else LOOKED_AT:
        limit = min(at_once, OFFSET_HIGH - offset)
        if limit <= 0:
            return
        looked = rows.list_entries(search, limit=limit, offset=offset)
        positions = {entry.id: offset + number for number, entry in enumerate(looked)}
        for entry in openings.among(looked):
            yield positions[entry.id], entry
        if len(looked) < limit:
            return
        offset += limit


def _facets(counted: Sequence[Entry], *, is_capped: bool) -> Facets:
    return Facets(
        of=len(counted),
        is_capped=is_capped,
        categories=_most_first(Counter(entry.category for entry in counted)),
        moods=_most_first(
            {mood: sum(1 for one in counted if one.moods & bit) for mood, bit in MOOD_BITS.items()}
        ),
    )


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Return those that there are, in a stated order."""
    found = ((name, count) for name, count in counts.items() if count)
    return dict(sorted(found, key=lambda one: (-one[1], one[0])))


def _page(search: PlaceSearch, found: Sequence[tuple[Any, ...]]) -> FoundPage:
    """Return a page of rows, of which the last only tells that there are more."""
    next_offset = search.offset + search.limit if len(found) > search.limit else None
    return FoundPage(
        places=[_place(row) for row in found[: search.limit]], next_offset=_within(next_offset)
    )


def _place(row: tuple[Any, ...]) -> FoundPlace:
    (
        public_id, names, category, city, latitude, longitude, address, cost_low, cost_high, currency,
        cost_provenance, stay_min, moods, popularity, distance_m,
    ) = row  # fmt: skip
    return FoundPlace(
        public_id=public_id,
        names=_json(names),
        category=category,
        city=city,
        position=Position(lat=latitude, lon=longitude),
        address=address,
        cost_low=cost_low,
        cost_high=cost_high,
        currency=currency,
        cost_provenance=cost_provenance,
        stay_min=stay_min,
        moods=_json(moods),
        popularity=popularity,
        distance_m=None if distance_m is None else round(distance_m),
    )


def _json(value: Any) -> Mapping[str, Any]:
    """Return a JSON column as values: a cursor of Django's hands it over as text."""
    parsed: Mapping[str, Any] = orjson.loads(value) if isinstance(value, str) else value
    return parsed


def _within(offset: int | None) -> int | None:
    return None if offset is None or offset >= OFFSET_HIGH else offset
