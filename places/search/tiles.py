"""Vector tiles of places (Mapbox Vector Tile 2, made by PostGIS) and the TileJSON that tells of them."""

from __future__ import annotations

import math
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef

from places.candidate_rows import EARTH_RADIUS_M
from places.ingestion_models import ContentSource
from places.models import PlaceSource
from places.search.choosing import box_of, choose_best_known
from places.search.patience import within_time

LAYER: Final = "places"
ZOOM_LOW, ZOOM_HIGH = 8, 18
BUFFER_SHARE: Final = 64 / 4096  # so that a symbol on an edge is whole in both tiles
# The best known of each tile: more than a map can show apart. From DETAIL_FROM on all are there.
THINNED_TO: Final = 300
DETAIL_FROM: Final = 16
DETAIL_HIGH: Final = 2_000

_TILE: Final = "ST_TileEnvelope(%(z)s, %(x)s, %(y)s)"
_WHERE: Final = f"p.is_active AND p.spot <@ {box_of('')}"
_FEATURES: Final = f"""
SELECT ST_AsMVT(feature, '{LAYER}', 4096, 'geom') FROM (
  SELECT p.public_id::text AS id, p.names ->> 'ko' AS name_ko, p.names ->> 'en' AS name_en,
         p.category, p.cost_band, round(p.popularity::numeric, 3)::float8 AS popularity,
         ST_AsMVTGeom(p.planar, {_TILE}, 4096, 64, true) AS geom
  FROM chosen JOIN places_place p ON p.id = chosen.id ORDER BY chosen.place
) AS feature
"""  # noqa: S608 - built from the constants above


def list_attributions() -> list[str]:
    """Return what is owed to the sources that places rest on. One query."""
    rows = PlaceSource.objects.filter(source=OuterRef("slug"))
    owed = ContentSource.objects.filter(Exists(rows)).order_by("slug")
    return list(dict.fromkeys(owed.values_list("attribution", flat=True)))


@within_time()
def make_tile(*, z: int, x: int, y: int) -> bytes:
    """
    Return the places of a tile that exists, the best known where they are many. One query.

    Raises:
        SearchTooSlow: the database was not let look any longer.
    """
    limit = DETAIL_HIGH if z >= DETAIL_FROM else THINNED_TO
    parameters: dict[str, Any] = {
        "z": z,
        "x": x,
        "y": y,
        **_corners(z, x, y),
        "limit": limit,
        "reach_of_page": limit,
        "offset": 0,
    }
    chosen = choose_best_known(_WHERE)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {chosen} {_FEATURES}", parameters)
        return bytes(cursor.fetchone()[0])


def exists(*, z: int, x: int, y: int) -> bool:
    """Tell whether there is such a tile between ZOOM_LOW and ZOOM_HIGH."""
    return ZOOM_LOW <= z <= ZOOM_HIGH and x < 2**z and y < 2**z


def _corners(z: int, x: int, y: int) -> dict[str, float]:
    """Return the corners of a tile and of the buffer around it, in metres of the plane."""
    side = 2 * math.pi * EARTH_RADIUS_M / 2**z
    west, north = side * x - math.pi * EARTH_RADIUS_M, math.pi * EARTH_RADIUS_M - side * y
    buffer = BUFFER_SHARE * side
    return {
        "west": west - buffer,
        "south": north - side - buffer,
        "east": west + side + buffer,
        "north": north + buffer,
    }
