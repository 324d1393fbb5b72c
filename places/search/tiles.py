"""Vector tiles of places (Mapbox Vector Tile 2, made by PostGIS) and the TileJSON that tells of them."""

from __future__ import annotations

from typing import Final

from django.db import connection

LAYER: Final = "places"
ZOOM_LOW, ZOOM_HIGH = 8, 18
BUFFER_SHARE: Final = 64 / 4096  # so that a symbol on an edge is whole in both tiles
# The best known of each tile: more than a map can show apart. From DETAIL_FROM on all are there.
THINNED_TO: Final = 300
DETAIL_FROM: Final = 16
DETAIL_HIGH: Final = 2_000

# Where a tile is large the best known come by their index; where it is small, by the planar one.
_TILE: Final = """
WITH box AS (
  SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS tile,
         ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(margin)s) AS around
), chosen AS (
  SELECT p.public_id, p.names, p.category, p.popularity, p.cost_band, p.planar
  FROM places_place p
  WHERE p.is_active AND p.planar && (SELECT around FROM box)
  ORDER BY p.popularity DESC, p.id LIMIT %(most)s
)
SELECT ST_AsMVT(feature, 'places', 4096, 'geom') FROM (
  SELECT public_id::text AS id, names ->> 'ko' AS name_ko, names ->> 'en' AS name_en, category,
         cost_band, round(popularity::numeric, 3)::float8 AS popularity,
         ST_AsMVTGeom(planar, (SELECT tile FROM box), 4096, 64, true) AS geom
  FROM chosen
) AS feature
"""


def make_tile(*, z: int, x: int, y: int) -> bytes:
    """Return the places of a tile that exists, the best known where they are many. One query."""
    parameters = {
        "z": z,
        "x": x,
        "y": y,
        "margin": BUFFER_SHARE,
        "most": DETAIL_HIGH if z >= DETAIL_FROM else THINNED_TO,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TILE, parameters)
        return bytes(cursor.fetchone()[0])


def exists(*, z: int, x: int, y: int) -> bool:
    """Tell whether there is such a tile between ZOOM_LOW and ZOOM_HIGH."""
    return ZOOM_LOW <= z <= ZOOM_HIGH and x < 2**z and y < 2**z
