"""Every source the project knows, in the order in which their records come before each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from places.adapters.blogs import Blogs
from places.adapters.culture import CultureList, CultureVenues
from places.adapters.events import CultureEvents
from places.adapters.foursquare import Foursquare
from places.adapters.foursquare_open import FoursquareOpenPlaces
from places.adapters.good_price import GoodPriceShops
from places.adapters.heritage import Heritage
from places.adapters.libraries import Libraries
from places.adapters.mapping import MappingFaulty
from places.adapters.markets import Markets
from places.adapters.museums import Museums
from places.adapters.naver import NaverBlogs, NaverLocal
from places.adapters.night_views import NightViews
from places.adapters.osm import OpenStreetMap
from places.adapters.overture import OverturePlaces
from places.adapters.parks import ParkDetails, Parks
from places.adapters.source import SourceAdapter
from places.adapters.streets import Streets
from places.adapters.tables import MappedTable
from places.adapters.tourapi import TourApi
from places.adapters.tourist_sites import TouristSites
from places.adapters.visitseoul import VisitSeoul
from places.adapters.walks import Walks

# A new source is added at the end: the order decides which of equal records leads.
SOURCES: Final[tuple[SourceAdapter, ...]] = (
    OpenStreetMap(), Museums(), CultureVenues(), CultureList(), Heritage(), Parks(), ParkDetails(),
    Libraries(), GoodPriceShops(), Markets(), NightViews(), TouristSites(), Streets(),
    OverturePlaces(), FoursquareOpenPlaces(), CultureEvents(), TourApi(),
    Foursquare(), NaverLocal(), NaverBlogs(), Blogs(), Walks(),
    VisitSeoul(),
)  # fmt: skip


MAPPINGS: Final = Path(__file__).parent.parent / "data" / "mappings"


class SourceUnknown(LookupError):
    """No adapter reads a source of this name."""


def mapping_paths() -> Iterator[Path]:
    """Yield the mappings of tables: those that we ship, then the operator's (`PLACE_MAPPINGS`)."""
    folders = [MAPPINGS]
    if settings.PLACE_MAPPINGS:
        folders.append(Path(settings.PLACE_MAPPINGS))
    for folder in folders:
        yield from sorted(path for path in folder.glob("*.y*ml") if path.is_file())


@dataclass(frozen=True, slots=True)
class Sources:
    """What can be asked, and what is wrong with each mapping that cannot be used."""

    adapters: tuple[SourceAdapter, ...]
    faults: tuple[str, ...] = ()


def list_sources() -> Sources:
    """
    Return the sources that have an adapter of their own, then the tables that have a mapping.

    A mapping that cannot be used is in nobody's way but its own.
    """
    found = {adapter.terms.slug: adapter for adapter in SOURCES}
    faults = []
    for path in mapping_paths():
        try:
            table = MappedTable.of(path)
        except MappingFaulty as fault:
            faults.append(str(fault))
            continue
        if table.terms.slug in found:
            faults.append(f"{path.name}: slug: another source is called {table.terms.slug}")
        else:
            found[table.terms.slug] = table
    return Sources(tuple(found.values()), tuple(faults))


def find_adapter(slug: str) -> SourceAdapter:
    """
    Return the adapter of a source.

    Raises:
        SourceUnknown: there is none; it names the mappings that cannot be used.
    """
    for adapter in SOURCES:
        if adapter.terms.slug == slug:
            return adapter
    sources = list_sources()
    for adapter in sources.adapters:
        if adapter.terms.slug == slug:
            return adapter
    raise SourceUnknown("; ".join([slug, *sources.faults]))


@cache
def rank_of_sources() -> Mapping[str, int]:
    """Return the slug of each source → its place in the order."""
    return {adapter.terms.slug: rank for rank, adapter in enumerate(SOURCES)}
