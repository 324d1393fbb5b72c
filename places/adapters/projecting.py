"""Positions out of the national grids into longitude and latitude."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.contrib.gis.gdal import CoordTransform, GDALException, SpatialReference, SRSException
from django.contrib.gis.geos import GEOSException, Point

WGS84: Final = 4326
KOREA_CENTRAL: Final = 5181  # metres east and north, of which Seoul's own lists are made


class NoSuchGrid(ValueError):
    """No coordinate system has this EPSG number."""


@cache
def _to_wgs84(srid: int) -> CoordTransform:
    try:
        return CoordTransform(SpatialReference(srid), SpatialReference(WGS84))
    except (GDALException, SRSException):
        raise NoSuchGrid(f"EPSG:{srid} is not known") from None


def to_wgs84(*, east: float, north: float, srid: int) -> tuple[float, float]:
    """
    Return the longitude and latitude of a position in a grid.

    Raises:
        NoSuchGrid: the grid is not known.
        ValueError: the grid has no such position.
    """
    if srid == WGS84:
        return east, north
    point = Point(east, north, srid=srid)
    try:
        point.transform(_to_wgs84(srid))
    except (GDALException, GEOSException) as error:
        raise ValueError(f"EPSG:{srid} has no such position: {error}") from None
    return float(point.x), float(point.y)
