"""The cells that forecasts are kept for: 0.05 degrees each way, some five kilometres."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final, Self

from django.contrib.gis.geos import Polygon

from engine.types import Point

PER_DEGREE: Final = 20


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell, counted from the south pole's side and from Greenwich."""

    row: int
    column: int

    @classmethod
    def of(cls, position: Point, /) -> Self:
        """Return the cell that a position lies in."""
        return cls(floor(position.latitude * PER_DEGREE), floor(position.longitude * PER_DEGREE))

    @property
    def key(self) -> str:
        return f"{self.row}:{self.column}"

    @property
    def centre(self) -> Point:
        return Point((self.row + 0.5) / PER_DEGREE, (self.column + 0.5) / PER_DEGREE)

    @property
    def outline(self) -> Polygon:
        south, west = self.row / PER_DEGREE, self.column / PER_DEGREE
        north, east = (self.row + 1) / PER_DEGREE, (self.column + 1) / PER_DEGREE
        return Polygon.from_bbox((west, south, east, north))
