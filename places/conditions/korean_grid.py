"""
The grid of the Korea Meteorological Administration's village forecast: cells of 5 km.

A Lambert conformal conic projection with two standard parallels (Snyder 1987, chapter 15) and the
constants of the administration's guide to its open data.
"""

from __future__ import annotations

from math import cos, floor, log, pi, radians, sin, tan
from typing import Final

from engine.types import Point

EARTH_RADIUS_KM: Final = 6371.00877
CELL_KM: Final = 5.0
FIRST_PARALLEL, SECOND_PARALLEL = 30.0, 60.0
ORIGIN: Final = Point(38.0, 126.0)
ORIGIN_X, ORIGIN_Y = 43, 136
COLUMNS, ROWS = 149, 253


def _half_tangent(latitude: float) -> float:
    return tan(pi / 4 + radians(latitude) / 2)


_CONE: Final = log(cos(radians(FIRST_PARALLEL)) / cos(radians(SECOND_PARALLEL))) / log(
    _half_tangent(SECOND_PARALLEL) / _half_tangent(FIRST_PARALLEL)
)
_SCALE: Final = (
    EARTH_RADIUS_KM
    / CELL_KM
    * cos(radians(FIRST_PARALLEL))
    * _half_tangent(FIRST_PARALLEL) ** _CONE
    / _CONE
)
_ORIGIN_RADIUS: Final = _SCALE / _half_tangent(ORIGIN.latitude) ** _CONE


def find_cell(position: Point, /) -> tuple[int, int] | None:
    """Return the cell (x, y) that a position lies in, or None off the grid."""
    radius = _SCALE / _half_tangent(position.latitude) ** _CONE
    angle = radians((position.longitude - ORIGIN.longitude + 180) % 360 - 180) * _CONE
    x = floor(radius * sin(angle) + ORIGIN_X + 0.5)
    y = floor(_ORIGIN_RADIUS - radius * cos(angle) + ORIGIN_Y + 0.5)
    return (x, y) if 1 <= x <= COLUMNS and 1 <= y <= ROWS else None
