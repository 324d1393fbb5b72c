"""
OpenStreetMap extracts (`.osm.pbf`) in a stream: the features of an export, one by one.

A feature has the shape that a GeoJSON export gives it, so that one understanding of tags serves both.
The positions of nodes lie in a file of their own while an extract is read: it may be larger than memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import osmium
import osmium.filter
import osmium.osm

from places.adapters.reading import UnreadableFile
from places.types import Refusal, Row

# What has none of these is no place; one of the names must stand beside.
KEYS: Final = ("amenity", "shop", "tourism", "historic", "leisure", "landuse")
NAMES: Final = ("name", "name:ko", "name:en")
SHAPED: Final = ("multipolygon", "boundary")  # relations that are areas; others gather members
MEMBERS_HIGH: Final = 2_000  # of one relation: more is a network and no place
DEPTH_HIGH: Final = 3  # of relations within relations
RING_LOW: Final = 4  # positions of the shortest closed way
MARK: Final = b"OSMHeader"
MARK_WITHIN: Final = 64

Position = tuple[float, float]  # longitude, latitude
Box = tuple[float, float, float, float]


def is_extract(path: Path) -> bool:
    """Tell whether the file begins as an `.osm.pbf` does."""
    with path.open("rb") as file:
        return MARK in file.read(MARK_WITHIN)


def read_extract(path: Path, *, bounds: Box | None = None) -> Iterator[Row | Refusal]:
    """
    Yield the named features of an extract as GeoJSON has them, those outside `bounds` left out.

    Each has the day on which it was edited last; where the extract names none, the day of its header.

    Raises:
        UnreadableFile: it ends early or is none.
    """
    try:
        yield from _features(path, bounds)
    except (RuntimeError, ValueError, OSError) as error:
        raise UnreadableFile(f"no whole extract: {str(error)[:120]}") from None


def _features(path: Path, bounds: Box | None) -> Iterator[Row | Refusal]:
    made = _day_of_header(path)
    gathered = _gathered(path)
    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        places = osmium.filter.KeyFilter(*KEYS)
        objects: Iterator[Any] = iter(
            osmium.FileProcessor(path)
            .with_locations(f"sparse_file_array,{Path(folder) / 'nodes'}")
            .with_areas(places)
            .with_filter(places)
            .with_filter(osmium.filter.KeyFilter(*NAMES))
        )
        waiting: dict[
            str, str
        ] = {}  # relations that come as areas, if all of their outline is there
        for one in objects:
            if one.is_area() and one.from_way():
                continue  # it came as a way
            if one.is_relation() and one.tags.get("type") in SHAPED:
                waiting[f"relation/{one.id}"] = one.tags.get("name") or ""
                continue
            ref, shape = _shape(one, gathered)
            waiting.pop(ref, None)
            if shape is None:
                yield Refusal(ref, "members are not in the extract", one.tags.get("name") or "")
            elif bounds is None or _touches(shape, bounds):
                yield Row(ref, _feature(one, ref, shape, made), ref=ref)
        for ref, name in waiting.items():
            yield Refusal(ref, "members are not in the extract", name)


def _day_of_header(path: Path) -> str:
    said = osmium.FileProcessor(path).header.get("osmosis_replication_timestamp") or ""
    with suppress(ValueError):
        return date.fromisoformat(said[:10]).isoformat()
    return ""


def _feature(one: Any, ref: str, shape: Mapping[str, Any], made: str) -> dict[str, Any]:
    edited = one.timestamp
    has_day = edited is not None and edited.year > 2000  # before, there was no map
    return {
        "type": "Feature",
        "id": ref,
        "properties": dict(one.tags),
        "geometry": shape,
        "as_of": edited.date().isoformat() if has_day else made,
    }


def _shape(
    one: Any, gathered: Mapping[int, Sequence[Position]]
) -> tuple[str, dict[str, Any] | None]:
    """Return what the feature is called, and its shape; None where nothing of it is there."""
    if one.is_node():
        at = one.location
        return f"node/{one.id}", _point((at.lon, at.lat)) if at.valid() else None
    if one.is_way():
        return f"way/{one.id}", _line(_positions(one.nodes), is_area=one.tags.get("area") != "no")
    if one.is_area():
        return f"relation/{one.orig_id()}", _polygons(one)
    members = gathered.get(one.id, ())
    return f"relation/{one.id}", _point(_middle(members)) if members else None


def _positions(nodes: Any) -> list[Position]:
    return [(node.lon, node.lat) for node in nodes if node.location.valid()]


def _point(at: Position) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at)}


def _line(positions: Sequence[Position], *, is_area: bool) -> dict[str, Any] | None:
    if len(positions) >= RING_LOW and positions[0] == positions[-1] and is_area:
        return {"type": "Polygon", "coordinates": [[list(at) for at in positions]]}
    if not positions:
        return None
    return _point(positions[len(positions) // 2])  # on the way, half-way along its corners


def _polygons(area: Any) -> dict[str, Any] | None:
    polygons = []
    for outer in area.outer_rings():
        rings = [_positions(outer), *(_positions(inner) for inner in area.inner_rings(outer))]
        polygons.append([[list(at) for at in ring] for ring in rings if len(ring) >= RING_LOW])
    if not any(polygons):
        return None
    return {"type": "MultiPolygon", "coordinates": [rings for rings in polygons if rings]}


def _middle(positions: Sequence[Position]) -> Position:
    """Return the member's position that lies nearest to the mean of all: a point that is there."""
    x = sum(at[0] for at in positions) / len(positions)
    y = sum(at[1] for at in positions) / len(positions)
    return min(positions, key=lambda at: (at[0] - x) ** 2 + (at[1] - y) ** 2)


def _touches(shape: Mapping[str, Any], bounds: Box) -> bool:
    """Tell whether a corner of the shape lies in the box."""
    west, south, east, north = bounds
    corners = shape["coordinates"]
    if shape["type"] == "Point":
        corners = [corners]
    elif shape["type"] == "Polygon":
        corners = corners[0]
    else:
        corners = [at for rings in corners for at in rings[0]]
    return any(west <= x <= east and south <= y <= north for x, y in corners)


def _gathered(path: Path) -> dict[int, list[Position]]:
    """Return for each place that is a relation of members (a site) where these lie."""
    members = _site_members(path)
    if not members:
        return {}
    ways = _nodes_of_ways(path, {ref for kind, ref in _all(members) if kind == "w"})
    nodes = {ref for kind, ref in _all(members) if kind == "n"} | {
        ref for refs in ways.values() for ref in refs
    }
    at = _node_positions(path, nodes)

    def positions(kind: str, ref: int) -> list[Position]:
        refs = [ref] if kind == "n" else ways.get(ref, [])
        found = [at[one] for one in refs if one in at]
        return [_middle(found)] if found else []

    return {
        site: [one for kind, ref in within for one in positions(kind, ref)]
        for site, within in members.items()
    }


def _all(members: Mapping[int, Sequence[tuple[str, int]]]) -> Iterator[tuple[str, int]]:
    return (one for within in members.values() for one in within)


def _site_members(path: Path) -> dict[int, list[tuple[str, int]]]:
    """Return the nodes and ways of each site, those of relations within it included."""
    known: dict[int, list[tuple[str, int]]] = {}
    sites = []
    for one in _objects(path, osmium.osm.RELATION, osmium.filter.KeyFilter(*KEYS)):
        if one.tags.get("type") not in SHAPED:
            known[one.id] = _members(one)
            sites.append(one.id)
    for _ in range(DEPTH_HIGH):
        missing = {ref for kind, ref in _all(known) if kind == "r"} - known.keys()
        if not missing:
            break
        found = _objects(path, osmium.osm.RELATION, osmium.filter.IdFilter(missing))
        known |= {one.id: _members(one) for one in found}
    return {site: _leaves(site, known) for site in sites}


def _objects(path: Path, kind: Any, wanted: Any) -> Iterator[Any]:
    return iter(osmium.FileProcessor(path, kind).with_filter(wanted))


def _members(relation: Any) -> list[tuple[str, int]]:
    return [(one.type, one.ref) for one in relation.members][:MEMBERS_HIGH]


def _leaves(site: int, known: Mapping[int, Sequence[tuple[str, int]]]) -> list[tuple[str, int]]:
    """Return the nodes and ways below a relation; one that holds itself is gone through once."""
    leaves: list[tuple[str, int]] = []
    seen, waiting = {site}, [site]
    while waiting and len(leaves) < MEMBERS_HIGH:
        for kind, ref in known.get(waiting.pop(), ()):
            if kind != "r":
                leaves.append((kind, ref))
            elif ref not in seen:
                seen.add(ref)
                waiting.append(ref)
    return leaves


def _nodes_of_ways(path: Path, wanted: set[int]) -> dict[int, list[int]]:
    if not wanted:
        return {}
    ways = _objects(path, osmium.osm.WAY, osmium.filter.IdFilter(wanted))
    return {one.id: [node.ref for node in one.nodes] for one in ways}


def _node_positions(path: Path, wanted: set[int]) -> dict[int, Position]:
    if not wanted:
        return {}
    nodes = _objects(path, osmium.osm.NODE, osmium.filter.IdFilter(wanted))
    return {one.id: (one.lon, one.lat) for one in nodes if one.location.valid()}
