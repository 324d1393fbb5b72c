"""Positions out of the national grids into longitude and latitude."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.contrib.gis.gdal import CoordTransform, GDALException, SpatialReference, SRSException
from django.contrib.gis.geos import GEOSException, Point

WGS84: Final = 4326
# Korea's grids, in metres east and north of an origin that lies outside of the country: the older
# one of Seoul's own lists (Bessel), and the one that has taken its place (GRS 80).
KOREA_CENTRAL_BESSEL: Final = 2097
KOREA_CENTRAL_2010: Final = 5186


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
