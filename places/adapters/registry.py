"""Every source the project knows, in the order in which their records come before each other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from places.adapters.culture import CultureList, CultureVenues
from places.adapters.events import CultureEvents
from places.adapters.foursquare_open import FoursquareOpenPlaces
from places.adapters.good_price import GoodPriceShops
from places.adapters.heritage import Heritage
from places.adapters.libraries import Libraries
from places.adapters.markets import Markets
from places.adapters.museums import Museums
from places.adapters.night_views import NightViews
from places.adapters.osm import OpenStreetMap
from places.adapters.overture import OverturePlaces
from places.adapters.parks import ParkDetails, Parks
from places.adapters.source import SourceAdapter
from places.adapters.streets import Streets
from places.adapters.tourist_sites import TouristSites

# A new source is added at the end: the order decides which of equal records leads.
SOURCES: Final[tuple[SourceAdapter, ...]] = (
    OpenStreetMap(), Museums(), CultureVenues(), CultureList(), Heritage(), Parks(), ParkDetails(),
    Libraries(), GoodPriceShops(), Markets(), NightViews(), TouristSites(), Streets(),
    OverturePlaces(), FoursquareOpenPlaces(), CultureEvents(),
)  # fmt: skip


class SourceUnknown(LookupError):
    """No adapter reads a source of this name."""


def find_adapter(slug: str) -> SourceAdapter:
    """
    Return the adapter of a source.

    Raises:
        SourceUnknown: there is none.
    """
    for adapter in SOURCES:
        if adapter.terms.slug == slug:
            return adapter
    raise SourceUnknown(slug)


@cache
def rank_of_sources() -> Mapping[str, int]:
    """Return the slug of each source → its place in the order."""
    return {adapter.terms.slug: rank for rank, adapter in enumerate(SOURCES)}
