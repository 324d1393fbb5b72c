"""Checks that a draft lies where it says, and moves big parks to where one walks in."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from struct import Struct
from typing import Final

from django.contrib.gis.geos import (
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPolygon,
    Point,
)
from django.contrib.gis.geos.prepared import PreparedGeometry

from places.adapters.cleaning import SWAPPED, road_address
from places.adapters.geography import District
from places.types import Draft, Refusal

METRES_PER_DEGREE: Final = 111_320.0
# Outlines are simplified and the border runs along streets: this near, a district is believed.
TOLERANCE_DEGREES: Final = 300 / METRES_PER_DEGREE
# One building has one address: a point with this many is where a geocoder puts what it cannot find.
SHARED_ADDRESSES_LOW: Final = 4
BIG_PARK_M2: Final = 100_000.0
STATION_REACH_M: Final = 3_000.0
WALKED_INTO: Final = ("park", "heritage")  # what may be so big that its middle is no address
# Within a cell that one district holds whole, which is most of them, no outline is asked. Most fine
# cells lie in a coarse one of which the same is true.
COARSE_PER_DEGREE: Final = 100
CELLS_PER_DEGREE: Final = 400
# WKB: little-endian, a polygon of one ring of five points.
_POLYGON_OF_FIVE: Final = Struct("<BIII10d").pack


def metres(a: Draft, b: Draft) -> float:
    """Return the distance of two drafts, on a plane: good to 0.1 % within a city."""
    return distance_m(a.longitude, a.latitude, b.longitude, b.latitude)


def distance_m(x1: float, y1: float, x2: float, y2: float) -> float:
    """Return the distance of two near points given in degrees."""
    dx = (x2 - x1) * math.cos(math.radians((y1 + y2) / 2))
    return math.hypot(dx, y2 - y1) * METRES_PER_DEGREE


@dataclass(frozen=True)
class CityShape:
    """A city as its districts."""

    districts: Sequence[District]
    name: str  # as addresses begin with it: "서울"

    @cached_property
    def outline(self) -> MultiPolygon:
        """Return the union of the districts."""
        union: GEOSGeometry = self.districts[0].outline
        for district in self.districts[1:]:
            union = union.union(district.outline)
        return union if isinstance(union, MultiPolygon) else MultiPolygon(union, srid=union.srid)

    @cached_property
    def _exact(self) -> list[tuple[District, PreparedGeometry]]:
        return [(district, district.outline.prepared) for district in self.districts]

    @cached_property
    def _near(self) -> dict[str, PreparedGeometry]:
        return {
            district.name_ko: district.outline.buffer(TOLERANCE_DEGREES).prepared
            for district in self.districts
        }

    @cached_property
    def _extents(self) -> list[tuple[float, float, float, float]]:
        return [district.outline.extent for district in self.districts]

    @cached_property
    def _extent(self) -> tuple[float, float, float, float]:
        west, south, east, north = zip(*self._extents, strict=True)
        return min(west), min(south), max(east), max(north)

    @cached_property
    def _cells(self) -> dict[tuple[int, int, int], str | None]:
        """
        Return cell → the district that holds all of it; None where none does. Filled as asked.

        A cell is how many there are to a degree, and its number eastwards and northwards.
        """
        return {}

    def district_at(self, longitude: float, latitude: float) -> str:
        """Return the name of the district that holds the point; "" outside the city."""
        west, south, east, north = self._extent
        if not (west <= longitude <= east and south <= latitude <= north):
            return ""
        for per_degree in (COARSE_PER_DEGREE, CELLS_PER_DEGREE):
            cell = per_degree, math.floor(longitude * per_degree), math.floor(latitude * per_degree)
            if cell not in self._cells:
                self._cells[cell] = self._whole_in(*cell)
            found = self._cells[cell]
            if found is not None:
                return found
        return self._exactly_at(longitude, latitude)

    def _whole_in(self, per_degree: int, x: int, y: int) -> str | None:
        """Return the district that holds the cell, "" where none touches it, None for an edge."""
        west, south, east, north = (at / per_degree for at in (x, y, x + 1, y + 1))
        square = _box(west, south, east, north)
        touching = [
            one
            for one, (left, low, right, high) in zip(self._exact, self._extents, strict=True)
            if left <= east and west <= right and low <= north and south <= high
            if one[1].intersects(square)
        ]
        if not touching:
            return ""
        # Outlines may overlap a little: then the first in the file's order holds the point.
        district, prepared = touching[0]
        return district.name_ko if prepared.contains_properly(square) else None

    def _exactly_at(self, longitude: float, latitude: float) -> str:
        point = Point(longitude, latitude, srid=4326)
        held = (district for district, prepared in self._exact if prepared.contains(point))
        return next((district.name_ko for district in held), "")

    def locate(self, draft: Draft) -> Draft | Refusal:
        """Return the draft with the district it lies in, or why its point is not believed."""
        found, stated = self.district_at(draft.longitude, draft.latitude), draft.district
        if stated in self._near:
            if found == stated or self._is_near(draft, stated):
                return draft
            if found:
                reason = "coordinate disagrees with the gu of the address"
                return Refusal(draft.where, reason, f"{draft.name}: {stated}, found in {found}")
        if not found:
            if self.district_at(draft.latitude, draft.longitude):
                return Refusal(draft.where, SWAPPED, draft.name)
            # Other cities have a 중구 too: it is a fault only where the address names this city.
            if draft.address.startswith(self.name):
                return Refusal(draft.where, "coordinate outside the city", draft.name)
            return Refusal(draft.where, "outside the city", draft.name, expected=True)
        return replace(draft, district=found)

    def _is_near(self, draft: Draft, district: str) -> bool:
        return self._near[district].contains(Point(draft.longitude, draft.latitude, srid=4326))


def _box(west: float, south: float, east: float, north: float) -> GEOSGeometry:
    """Return a rectangle; made of bytes, for to set ten numbers one by one takes thirty times as long."""
    ring = (west, south, west, north, east, north, east, south, west, south)
    return GEOSGeometry(memoryview(_POLYGON_OF_FIVE(1, 3, 1, 5, *ring)))


def misplaced(drafts: Iterable[Draft]) -> set[str]:
    """
    Return the keys of drafts whose point is where a geocoder fell back to.

    Where a source gives many addresses one point, the point belongs at most to the address that
    most of them have.
    """
    groups: dict[tuple[str, float, float], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.address:
            groups[draft.source, draft.latitude, draft.longitude].append(draft)
    found: set[str] = set()
    for group in groups.values():
        count = Counter(road_address(draft.address) or draft.address for draft in group)
        if len(count) >= SHARED_ADDRESSES_LOW:
            address, most = count.most_common(1)[0]
            own = address if most * 2 > len(group) else ""
            found |= {d.key for d in group if (road_address(d.address) or d.address) != own}
    return found


def is_coarse(address: str) -> bool:
    """Tell whether the address ends at a city or a district: "서울특별시 종로구"."""
    words = address.split()
    return bool(words) and len(words) <= 2 and words[-1].endswith(("시", "구", "군"))


def entrance(draft: Draft, *, stations: Sequence[tuple[float, float]]) -> tuple[Draft, str]:
    """
    Return a big park at the edge where visitors walk in, and the rule used ("" for none).

    With an outline: its point nearest to the nearest station. With an area only, and a point that
    is a hill lot's and not a street address: that far from the point towards the station as a
    circle of the area reaches.
    """
    if draft.category not in WALKED_INTO:
        return draft, ""
    station = _nearest_station(draft, stations)
    if station is None:
        return draft, ""
    if draft.outline:
        return _to_edge(draft, station)
    if (draft.area_m2 or 0) >= BIG_PARK_M2 and not road_address(draft.address):
        return _towards(draft, station, math.sqrt((draft.area_m2 or 0) / math.pi))
    return draft, ""


def _nearest_station(
    draft: Draft, stations: Sequence[tuple[float, float]]
) -> tuple[float, float] | None:
    def away(station: tuple[float, float]) -> float:
        return distance_m(draft.longitude, draft.latitude, *station)

    nearest = min(stations, key=away, default=None)
    return nearest if nearest and away(nearest) <= STATION_REACH_M else None


def _to_edge(draft: Draft, station: tuple[float, float]) -> tuple[Draft, str]:
    shape = GEOSGeometry(draft.outline)
    if shape.contains(Point(*station)):
        return replace(draft, longitude=station[0], latitude=station[1]), "station inside"
    boundary = shape.boundary
    rings = list(boundary) if isinstance(boundary, MultiLineString) else [boundary]
    lines = [ring for ring in rings if isinstance(ring, LineString)]
    edges = [line.interpolate(line.project(Point(*station))).coords for line in lines]
    x, y = min(edges, key=lambda edge: distance_m(edge[0], edge[1], station[0], station[1]))
    return replace(draft, longitude=x, latitude=y), "edge nearest to a station"


def _towards(draft: Draft, station: tuple[float, float], reach_m: float) -> tuple[Draft, str]:
    away = distance_m(draft.longitude, draft.latitude, *station)
    share = min(1.0, reach_m / away) if away else 0.0
    moved = replace(
        draft,
        longitude=draft.longitude + (station[0] - draft.longitude) * share,
        latitude=draft.latitude + (station[1] - draft.latitude) * share,
    )
    return moved, "towards a station by the park's radius"
