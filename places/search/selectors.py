"""Reads of places for lists and maps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import structlog

from common.geo import Position
from places import selectors
from places.candidate_rows import read_stored_hours
from places.opening.types import MalformedHours, OpeningHours
from places.opening.windows import Span, span, visit_windows
from places.search import rows
from places.search.patience import within_time
from places.search.types import OFFSET_HIGH, Facets, FoundPage, FoundPlace, PlaceSearch
from places.types import CitySummary

logger = structlog.get_logger(__name__)

FACETED_HIGH: Final = 500
LOOKED_AT_ONCE: Final = 100  # places whose hours are read before the next ones are fetched


@within_time()
def search_places(*, search: PlaceSearch) -> FoundPage:
    """
    Return the places that match, best first: the likest name, the nearest, the best known.

    One query, and for a text those that find what it spells; with `open_at`, one for the cities and
    one for each hundred places looked at, of which only those stay whose hours are known, not doubted
    by visitors, and say that they are open then: nothing is silently open.

    Raises:
        SearchTooSlow: the database was not let look any longer.
    """
    if search.open_at is None:
        found = [
            _place(row)
            for row in rows.list_rows(search, limit=search.limit + 1, offset=search.offset)
        ]
        is_more = len(found) > search.limit
        next_offset = search.offset + search.limit if is_more else None
        return FoundPage(places=found[: search.limit], next_offset=_within(next_offset))
    return _search_open(search, search.open_at)


def _search_open(search: PlaceSearch, open_at: datetime) -> FoundPage:
    spans = dict(_spans(open_at))
    found: list[FoundPlace] = []
    offset = search.offset
    at_once = LOOKED_AT_ONCE
    while offset < OFFSET_HIGH:
        looked = rows.list_rows(search, limit=at_once, offset=offset)
        for row in looked:
            place = _place(row)
            if _is_surely_open(place, spans[place.city]):
                if len(found) == search.limit:
                    return FoundPage(places=found, next_offset=_within(offset))
                found.append(place)
            offset += 1
        if len(looked) < at_once:
            break
        if search.text:  # which is looked for anew each time, all that is left at once
            at_once = OFFSET_HIGH
    return FoundPage(places=found, next_offset=None)


@within_time()
def count_facets(*, search: PlaceSearch) -> Facets:
    """
    Return what the places that match are told apart by: the best of them, up to FACETED_HIGH.

    One query, and for a text those that find what it spells; with `open_at`, one more.

    Raises:
        SearchTooSlow: the database was not let look any longer.
    """
    if search.open_at is not None:
        return _count_open(search, search.open_at)
    counts: dict[str, dict[str, int]] = {"all": {}, "category": {}, "mood": {}}
    for what, name, count in rows.count_facet_rows(search, limit=FACETED_HIGH):
        counts[what][name] = count
    return _facets(counts["all"][""], FACETED_HIGH, counts["category"], counts["mood"])


def _count_open(search: PlaceSearch, open_at: datetime) -> Facets:
    found = rows.list_facet_rows(search, limit=FACETED_HIGH + 1)
    spans = dict(_spans(open_at))
    counted = [row for row in found[:FACETED_HIGH] if _is_row_open(row, spans)]
    categories: Counter[str] = Counter()
    moods: Counter[str] = Counter()
    for _, _, category, said, _, _ in counted:
        categories[category] += 1
        moods.update(_json(said).keys())
    return _facets(len(found), len(counted), categories, moods)


def _facets(
    found: int, counted_high: int, categories: Mapping[str, int], moods: Mapping[str, int]
) -> Facets:
    return Facets(
        of=min(found, counted_high),
        is_capped=found > FACETED_HIGH,
        categories=dict(Counter(categories).most_common()),
        moods=dict(Counter(moods).most_common()),
    )


def _is_row_open(row: tuple[Any, ...], spans: Mapping[str, tuple[Span, CitySummary]]) -> bool:
    public_id, city, category, _, hours, is_doubted = row
    read = read_hours(public_id=public_id, text=hours)
    return not is_doubted and _is_open(hours=read, category=category, days=spans[city])


def _spans(open_at: datetime) -> Iterator[tuple[str, tuple[Span, CitySummary]]]:
    for city in selectors.list_cities():
        days = span(starts_at=open_at.astimezone(city.zone), horizon_min=1, country=city.country)
        yield city.slug, (days, city)


def _is_surely_open(place: FoundPlace, days: tuple[Span, CitySummary]) -> bool:
    """Tell whether a place's own hours, which nobody doubts, say so of the start of `days`."""
    return not place.has_doubted_hours and _is_open(
        hours=place.hours, category=place.category, days=days
    )


def _is_open(*, hours: OpeningHours | None, category: str, days: tuple[Span, CitySummary]) -> bool:
    if hours is None or not hours.has_times:
        return False
    of_city, city = days
    windows = visit_windows(hours, category=category, span=of_city, country=city.country)
    return any(window.opens <= 0 < window.closes for window in windows)


def _place(row: tuple[Any, ...]) -> FoundPlace:
    (
        public_id, names, category, city, latitude, longitude, address, cost_low, cost_high, currency,
        cost_provenance, stay_min, moods, popularity, distance_m, hours, has_doubted_hours,
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
        hours=read_hours(public_id=public_id, text=hours),
        has_doubted_hours=has_doubted_hours,
        distance_m=None if distance_m is None else round(distance_m),
    )


def read_hours(*, public_id: UUID, text: str | None) -> OpeningHours | None:
    """Return stored hours; those that cannot be read count as unknown, and the log names them."""
    try:
        return read_stored_hours(text)
    except MalformedHours:
        logger.warning("place_hours_malformed", place_id=str(public_id))
        return None


def _json(value: Any) -> Mapping[str, Any]:
    """Return a JSON column as values: a cursor of Django's hands it over as text."""
    parsed: Mapping[str, Any] = orjson.loads(value) if isinstance(value, str) else value
    return parsed


def _within(offset: int | None) -> int | None:
    return None if offset is None or offset >= OFFSET_HIGH else offset
