"""Reads hours from whatever a source gives: an OSM expression, Korean texts, visiting windows."""

from __future__ import annotations

from datetime import date

from places.opening.korean import Clocks, read_korean
from places.opening.osm import parse_osm
from places.opening.types import OpeningHours, Refusal


def read_hours(
    *,
    since: date,
    osm: str = "",
    opening: str = "",
    closing: str = "",
    weekday: Clocks | None = None,
    holiday: Clocks | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> OpeningHours | Refusal:
    """Return the hours as they count from `since` on, or why they were not understood."""
    if osm:
        return parse_osm(osm, since=since, latitude=latitude, longitude=longitude)
    return read_korean(opening=opening, closing=closing, weekday=weekday, holiday=holiday)
