"""
Geometry from outside: parsed by us, number by number, before GEOS or a query sees any of it.

GeoDjango takes NaN, infinity, latitude 999, foreign reference systems and bow-ties, and ends in a
RecursionError on deep collections. Here a value is finite, on Earth, in longitude–latitude order
(RFC 7946), of a type that was asked for, at most DEPTH_HIGH deep and VERTICES_HIGH long.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSGeometry,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)

from .errors import DomainError, Kind
from .languages import Bilingual

WGS84 = 4326
DEPTH_HIGH = 3
VERTICES_HIGH = 1000

# How a query spells a number: Python would read `1_0`, `nan` and full-width digits too.
SPELT = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?"
POSITION_PATTERN = rf"^ *{SPELT} *, *{SPELT} *$"
BOX_PATTERN = rf"^ *{SPELT} *(?:, *{SPELT} *){{3}}$"


class GeometryMalformed(DomainError):
    """What was sent is no geometry of the kind that is taken here."""

    kind = Kind.MALFORMED
    code = "geometry_malformed"
    detail = Bilingual(
        ko="도형을 읽을 수 없어요: {why}.", en="The geometry could not be read: {why}."
    )

    def __init__(self, *, why: Bilingual, field: str) -> None:
        super().__init__(why.en, field=field, why=why)


class PositionOutOfBounds(DomainError):
    """A position that is not on Earth."""

    kind = Kind.INVALID
    code = "position_out_of_bounds"
    detail = Bilingual(
        ko="위도는 -90~90, 경도는 -180~180이어야 해요.",
        en="A latitude lies between -90 and 90, a longitude between -180 and 180.",
    )


class PositionSwapped(DomainError):
    """A position that is on Earth only the other way round."""

    kind = Kind.INVALID
    code = "position_swapped"
    detail = Bilingual(
        ko="위도와 경도가 바뀐 것 같아요. 위도 {lat}, 경도 {lon}인가요?",
        en="Latitude and longitude look swapped: did you mean latitude {lat}, longitude {lon}?",
    )


class BoxEmpty(DomainError):
    """A box that is upside down, or has no area."""

    kind = Kind.INVALID
    code = "box_empty"
    detail = Bilingual(
        ko="범위의 넓이가 없어요. 서쪽,남쪽,동쪽,북쪽 순서로 보내 주세요.",
        en="The box has no area: send west,south,east,north.",
    )


@dataclass(frozen=True)
class Position:
    """A place on Earth, in degrees of WGS 84."""

    lat: float
    lon: float

    def to_point(self) -> Point:
        return Point(self.lon, self.lat, srid=WGS84)


@dataclass(frozen=True)
class BoundingBox:
    """South-west to north-east, in degrees; it never crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    srid: ClassVar[int] = WGS84

    def to_polygon(self) -> Polygon:
        polygon = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        polygon.srid = self.srid
        return polygon


NOT_NUMBERS = Bilingual(ko="유한한 숫자가 아닌 좌표", en="a coordinate is no finite number")
WRONG_COUNT = Bilingual(ko="숫자의 개수가 맞지 않음", en="the number of values is wrong")
NOT_GEOJSON = Bilingual(ko="GeoJSON 도형이 아님", en="it is no GeoJSON geometry")
WRONG_TYPE = Bilingual(ko="여기서 받지 않는 종류", en="its type is not taken here")
TOO_DEEP = Bilingual(ko="너무 깊이 중첩됨", en="it is nested too deeply")
TOO_LONG = Bilingual(ko="꼭짓점이 너무 많음", en="it has too many vertices")
TOO_SHORT = Bilingual(
    ko="꼭짓점이 모자라거나 닫히지 않음", en="it has too few vertices or is not closed"
)
FOREIGN_CRS = Bilingual(ko="WGS 84만 받음", en="only WGS 84 is taken")
NOT_SIMPLE = Bilingual(ko="경계가 스스로 교차함", en="its boundary crosses itself")


def read_position(*, lat: object, lon: object, field: str) -> Position:
    """
    Return the position of two numbers.

    Raises:
        GeometryMalformed, PositionOutOfBounds, PositionSwapped: naming `field`.
    """
    latitude, longitude = _number(lat, field=field), _number(lon, field=field)
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return Position(lat=latitude, lon=longitude)
    if abs(longitude) <= 90 and abs(latitude) <= 180:
        raise PositionSwapped(field=field, lat=longitude, lon=latitude)
    raise PositionOutOfBounds(field=field)


def parse_position(text: str, *, field: str) -> Position:
    """
    Return the position that a parameter spells `lat,lon`.

    Raises:
        GeometryMalformed, PositionOutOfBounds, PositionSwapped: naming `field`.
    """
    lat, lon = _numbers(text, count=2, field=field)
    return read_position(lat=lat, lon=lon, field=field)


def parse_bounding_box(text: str, *, field: str) -> tuple[BoundingBox, ...]:
    """
    Return the boxes that a parameter spells `west,south,east,north`: one, or two where it
    crosses the antimeridian, that is, where west lies east of east.

    Raises:
        GeometryMalformed, PositionOutOfBounds, PositionSwapped, BoxEmpty: naming `field`.
    """
    west, south, east, north = _numbers(text, count=4, field=field)
    read_position(lat=south, lon=west, field=field)
    read_position(lat=north, lon=east, field=field)
    if south >= north or west == east:
        raise BoxEmpty(field=field)
    if west < east:
        return (BoundingBox(west=west, south=south, east=east, north=north),)
    halves = (
        BoundingBox(west=west, south=south, east=180.0, north=north),
        BoundingBox(west=-180.0, south=south, east=east, north=north),
    )
    return tuple(half for half in halves if half.west < half.east)


def parse_geometry(value: object, *, allowed: Iterable[str], field: str) -> GEOSGeometry:
    """
    Return the geometry of parsed GeoJSON whose outermost type is one of `allowed`.

    Raises:
        GeometryMalformed, PositionOutOfBounds, PositionSwapped: naming `field`.
    """
    parser = _GeometryParser(field=field)
    kind, _ = parser.read_members(value)
    if kind not in set(allowed):
        raise GeometryMalformed(why=WRONG_TYPE, field=field)
    geometry = parser.parse(value, depth=1)
    if not geometry.valid:
        raise GeometryMalformed(why=NOT_SIMPLE, field=field)
    return geometry


class _GeometryParser:
    """Builds one geometry and counts its vertices; it recurses DEPTH_HIGH deep at most."""

    def __init__(self, *, field: str) -> None:
        self.field = field
        self.vertices = 0
        self._shapes: Mapping[str, Callable[[object], GEOSGeometry]] = {
            "Point": self._point,
            "LineString": lambda value: LineString(self._vertices(value, low=2), srid=WGS84),
            "Polygon": self._polygon,
            "MultiPoint": lambda value: MultiPoint(
                [self._point(item) for item in self._items(value)], srid=WGS84
            ),
            "MultiLineString": lambda value: MultiLineString(
                [LineString(self._vertices(item, low=2)) for item in self._items(value)],
                srid=WGS84,
            ),
            "MultiPolygon": lambda value: MultiPolygon(
                [self._polygon(item) for item in self._items(value)], srid=WGS84
            ),
        }

    def refuse(self, why: Bilingual) -> GeometryMalformed:
        return GeometryMalformed(why=why, field=self.field)

    def read_members(self, value: object) -> tuple[str, object]:
        if not isinstance(value, dict):
            raise self.refuse(NOT_GEOJSON)
        if "crs" in value:
            raise self.refuse(FOREIGN_CRS)
        kind = value.get("type")
        member = "geometries" if kind == "GeometryCollection" else "coordinates"
        if not isinstance(kind, str) or set(value) - {"bbox"} != {"type", member}:
            raise self.refuse(NOT_GEOJSON)
        return kind, value[member]

    def parse(self, value: object, *, depth: int) -> GEOSGeometry:
        if depth > DEPTH_HIGH:
            raise self.refuse(TOO_DEEP)
        kind, content = self.read_members(value)
        if kind == "GeometryCollection":
            parts = [self.parse(part, depth=depth + 1) for part in self._items(content)]
            return GeometryCollection(parts, srid=WGS84)
        shape = self._shapes.get(kind)
        if shape is None:
            raise self.refuse(NOT_GEOJSON)
        return shape(content)

    def _items(self, value: object) -> list[object]:
        if not isinstance(value, list):
            raise self.refuse(NOT_GEOJSON)
        if not value:
            raise self.refuse(TOO_SHORT)
        # Even empty parts cost something; there can be no more of them than vertices.
        if len(value) > VERTICES_HIGH:
            raise self.refuse(TOO_LONG)
        return value

    def _pair(self, value: object) -> tuple[float, float]:
        self.vertices += 1
        if self.vertices > VERTICES_HIGH:
            raise self.refuse(TOO_LONG)
        if not isinstance(value, list) or len(value) != 2:
            raise self.refuse(WRONG_COUNT)
        position = read_position(lat=value[1], lon=value[0], field=self.field)
        return position.lon, position.lat

    def _point(self, value: object) -> Point:
        return Point(*self._pair(value), srid=WGS84)

    def _vertices(self, value: object, *, low: int) -> list[tuple[float, float]]:
        pairs = [self._pair(item) for item in self._items(value)]
        if len(pairs) < low:
            raise self.refuse(TOO_SHORT)
        return pairs

    def _polygon(self, value: object) -> Polygon:
        rings = [self._vertices(ring, low=4) for ring in self._items(value)]
        if any(ring[0] != ring[-1] for ring in rings):
            raise self.refuse(TOO_SHORT)
        return Polygon(*rings, srid=WGS84)


def _numbers(text: str, *, count: int, field: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != count:
        raise GeometryMalformed(why=WRONG_COUNT, field=field)
    return [_spelled_number(part, field=field) for part in parts]


def _spelled_number(text: str, *, field: str) -> float:
    if not re.fullmatch(SPELT, text.strip(" ")):
        raise GeometryMalformed(why=NOT_NUMBERS, field=field)
    return _number(float(text), field=field)


def _number(value: object, *, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeometryMalformed(why=NOT_NUMBERS, field=field)
    # An integer too large for a float is not on Earth; comparing it is safe, converting is not.
    if isinstance(value, int) and abs(value) > 1_000_000:
        raise PositionOutOfBounds(field=field)
    number = float(value)
    if not math.isfinite(number):
        raise GeometryMalformed(why=NOT_NUMBERS, field=field)
    return number
