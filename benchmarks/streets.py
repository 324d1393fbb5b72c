"""Street networks by mode, read from OpenStreetMap extracts and OSMnx graphs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Final
from xml.etree import ElementTree

import numpy as np
import osmium
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from engine.catalogue import MODES
from engine.travel import EARTH_RADIUS_M, FloatArray, crow_fly_m
from engine.types import Mode, Point

STEP_M: Final = 25.0  # longer pieces of street are cut, so that doors stand all along them

_DRIVEN: Final = frozenset({
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street",
    "service",
})  # fmt: skip
_WALKED: Final = frozenset({"footway", "path", "steps", "pedestrian", "cycleway", "track"})
_NO_FEET: Final = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})
_CYCLED: Final = (_DRIVEN | {"cycleway", "track", "path"}) - {"motorway", "motorway_link"}
_YES: Final = frozenset({"yes", "designated", "permissive", "official"})
_NO: Final = frozenset({"no", "private", "customers", "delivery", "permit"})
_KINDS: Final = {Mode.WALK: (_DRIVEN | _WALKED) - _NO_FEET, Mode.BIKE: _CYCLED, Mode.CAR: _DRIVEN}
_ACCESS: Final = {
    Mode.WALK: ("foot",),
    Mode.BIKE: ("bicycle", "vehicle"),
    Mode.CAR: ("motorcar", "motor_vehicle", "vehicle"),
}

# What people stop at. Ways between such doors are what a plan is made of; ways between any two
# points of a hillside's hairpin roads are not.
_STOPS: Final = {
    "amenity": frozenset({
        "arts_centre", "bar", "cafe", "cinema", "fast_food", "ice_cream", "library", "marketplace",
        "place_of_worship", "pub", "restaurant", "theatre",
    }),
    "tourism": frozenset({"aquarium", "artwork", "attraction", "gallery", "museum", "viewpoint"}),
    "leisure": frozenset({"garden", "park"}),
}  # fmt: skip
_ALL_STOPS: Final = ("shop", "historic")
SNAP_M: Final = 50.0  # a door further from a street than this is not one of the network
DOORS_LOW: Final = 100  # with fewer, the network's own points stand for doors

Tags = Mapping[str, str]
Segment = tuple[int, int, float]  # from, to, metres


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The streets that one mode may use, as far as one can get from anywhere to anywhere."""

    place: str
    mode: Mode
    points: tuple[Point, ...]
    metres: csr_matrix  # (n, n), by direction
    doors: tuple[tuple[int, Point], ...]  # where people stop, and the street point nearest to it


def read_networks(*, path: Path) -> list[Network]:
    """
    Return the networks of one file by mode: `.osm.pbf` or the `.graphml` of OSMnx.

    A file without a single way for feet is a network of driving alone and says nothing of walking.
    """
    if path.name.endswith(".graphml"):
        return [_read_graphml(path)]
    ways, stops = list(_read_ways(path)), list(_read_stops(path))
    modes = list(_KINDS)
    if not any(tags["highway"] in _WALKED for tags, _ in ways):
        modes = [Mode.CAR]
    place = path.name.removesuffix(".osm.pbf")
    return [_connect(place, mode, _segments(ways, mode), stops) for mode in modes]


Way = tuple[dict[str, str], list[tuple[int, Point]]]


def _read_ways(path: Path) -> Iterator[Way]:
    for way in (
        osmium.FileProcessor(path).with_locations().with_filter(osmium.filter.KeyFilter("highway"))
    ):
        if isinstance(way, osmium.osm.Way):
            nodes = [
                (node.ref, Point(node.lat, node.lon)) for node in way.nodes if node.location.valid()
            ]
            yield {tag.k: tag.v for tag in way.tags}, nodes


def _read_stops(path: Path) -> Iterator[Point]:
    """Yield where people stop: a node, or the middle of the corners of an outline."""
    keys = osmium.filter.KeyFilter(*_STOPS, *_ALL_STOPS)
    for thing in osmium.FileProcessor(path).with_locations().with_filter(keys):
        tags = {tag.k: tag.v for tag in thing.tags}
        is_stop = any(tags.get(key) in values for key, values in _STOPS.items())
        if not is_stop and not any(key in tags for key in _ALL_STOPS):
            continue
        if isinstance(thing, osmium.osm.Node):
            yield Point(thing.lat, thing.lon)
        elif isinstance(thing, osmium.osm.Way):
            corners = [node for node in thing.nodes if node.location.valid()]
            if corners:
                yield Point(fmean(n.lat for n in corners), fmean(n.lon for n in corners))


def _segments(ways: Sequence[Way], mode: Mode) -> tuple[dict[int, Point], list[Segment]]:
    """Return the nodes and directed pieces of the ways that `mode` may use."""
    nodes: dict[int, Point] = {}
    segments: list[Segment] = []
    for tags, way in ways:
        forward, backward = list_tolls(tags=tags, mode=mode)
        if not max(forward, backward):
            continue
        nodes.update(way)
        for (before, start), (after, end) in pairwise(way):
            metres = _metres(start, end)
            segments += [(before, after, metres * forward)] if forward else []
            segments += [(after, before, metres * backward)] if backward else []
    return nodes, segments


def list_tolls(*, tags: Tags, mode: Mode) -> tuple[float, float]:
    """
    Return what a metre of the way counts, forwards and backwards; 0 where one may not go.

    A bicycle is pushed where one may walk and not ride: each metre then counts for as many as are
    ridden in its time, so that lengths over the riding speed are times.
    """
    forward, backward = _directions(tags, mode)
    may = may_use(tags=tags, mode=mode)
    ridden = float(may and forward), float(may and backward)
    if mode is not Mode.BIKE or tags["highway"] == "steps":
        return ridden
    is_walked = may_use(tags=tags, mode=Mode.WALK)
    pushed = is_walked * MODES[Mode.BIKE].speed_m_per_min / MODES[Mode.WALK].speed_m_per_min
    return ridden[0] or pushed, ridden[1] or pushed


def may_use(*, tags: Tags, mode: Mode) -> bool:
    """Return whether `mode` may use a way by its tags; its own access tag wins over `access`."""
    own = next((tags[key] for key in _ACCESS[mode] if key in tags), None)
    if own is not None and own in _NO | {"dismount", "use_sidepath"}:
        return False
    is_known = tags["highway"] in _KINDS[mode]
    is_let = own in _YES and tags["highway"] in _DRIVEN | _WALKED and mode is not Mode.CAR
    return (is_known or is_let) and (own in _YES or tags.get("access") not in _NO)


def _directions(tags: Tags, mode: Mode) -> tuple[bool, bool]:
    """Return whether the way may be used forwards and backwards."""
    if mode is Mode.WALK:
        return True, True
    oneway = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
    if mode is Mode.BIKE:
        contraflow = tags.get("cycleway", "").startswith("opposite")
        oneway = "no" if contraflow else tags.get("oneway:bicycle", oneway)
    if oneway in {"yes", "true", "1"}:
        return True, False
    return oneway not in {"-1", "reverse"}, True


def _read_graphml(path: Path) -> Network:
    root = ElementTree.parse(path).getroot()  # noqa: S314 # a local file that the caller names
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    keys = {
        (key.attrib["for"], key.attrib["attr.name"]): key.attrib["id"]
        for key in root.iterfind("g:key", space)
    }

    def read(element: ElementTree.Element, kind: str, name: str) -> float:
        for data in element.iterfind("g:data", space):
            if data.attrib["key"] == keys[kind, name]:
                return float(data.text or "nan")
        raise ValueError(f"{path.name}: a {kind} without {name}")

    nodes = {
        int(node.attrib["id"]): Point(read(node, "node", "y"), read(node, "node", "x"))
        for node in root.iterfind("g:graph/g:node", space)
    }
    segments = [
        (int(edge.attrib["source"]), int(edge.attrib["target"]), read(edge, "edge", "length"))
        for edge in root.iterfind("g:graph/g:edge", space)
    ]
    # An edge bends where its nodes do not say, so that a point on its chord would lie beside it.
    return _connect(path.stem, Mode.CAR, (nodes, segments), step_m=math.inf)


def _connect(
    place: str,
    mode: Mode,
    streets: tuple[dict[int, Point], list[Segment]],
    stops: Sequence[Point] = (),
    *,
    step_m: float = STEP_M,
) -> Network:
    """Cut long pieces and keep the largest part in which all can reach all."""
    nodes, segments = streets
    numbers = {node: index for index, node in enumerate(nodes)}
    points = list(nodes.values())
    cut: dict[frozenset[int], list[int]] = {}
    shortest: dict[tuple[int, int], float] = {}
    for before, after, metres in segments:
        ends = frozenset((before, after))
        if ends not in cut:
            pieces = math.ceil(_metres(nodes[before], nodes[after]) / step_m)
            inner = _cut(points, (nodes[before], nodes[after]), pieces)
            cut[ends] = [numbers[before], *inner, numbers[after]]
        chain = cut[ends]
        chain = chain if chain[0] == numbers[before] else chain[::-1]
        piece = metres / (len(chain) - 1)
        for link in pairwise(chain):
            shortest[link] = min(piece, shortest.get(link, math.inf))
    rows, columns = np.array(list(shortest), dtype=np.int64).T
    lengths = np.maximum(np.fromiter(shortest.values(), dtype=np.float64), 1e-6)
    size = len(points)
    metres_of = coo_matrix((lengths, (rows, columns)), shape=(size, size)).tocsr()
    _, labels = connected_components(metres_of, directed=True, connection="strong")
    kept = np.flatnonzero(labels == np.bincount(labels).argmax())
    own = tuple(points[index] for index in kept)
    return Network(
        place=place,
        mode=mode,
        points=own,
        metres=metres_of[kept][:, kept],
        doors=_doors(own, stops),
    )


def _doors(points: Sequence[Point], stops: Sequence[Point]) -> tuple[tuple[int, Point], ...]:
    """Return the street point nearest to each stop; without enough stops, every point."""
    doors = []
    places = to_array(points)
    for stop in stops:
        apart = metres_between(one=to_array([stop]), other=places)
        nearest = int(apart.argmin())
        if apart[nearest] <= SNAP_M:
            doors.append((nearest, stop))
    if len(doors) >= DOORS_LOW:
        return tuple(doors)
    return tuple(enumerate(points))


def _cut(points: list[Point], ends: tuple[Point, Point], pieces: int) -> list[int]:
    """Add the points between, on the straight line, and return their numbers."""
    start, end = ends
    first = len(points)
    for piece in range(1, pieces):
        share = piece / pieces
        points.append(
            Point(
                start.latitude + share * (end.latitude - start.latitude),
                start.longitude + share * (end.longitude - start.longitude),
            )
        )
    return list(range(first, len(points)))


def _metres(start: Point, end: Point) -> float:
    return float(crow_fly_m([start, end])[0, 1])


def to_array(points: Sequence[Point], /) -> FloatArray:
    """Return the points as (n, 2), latitude and longitude."""
    return np.array([(point.latitude, point.longitude) for point in points], dtype=np.float64)


def metres_between(*, one: FloatArray, other: FloatArray) -> FloatArray:
    """
    Return the crow-fly metres between rows of `one` and of `other`, on a plane: right for a city.

    Both are (n, 2) or (1, 2), latitude and longitude.
    """
    parallel = np.cos(np.radians(one[:, 0]))
    north, east = (other - one).T * math.radians(EARTH_RADIUS_M)
    return np.asarray(np.hypot(north, east * parallel))
