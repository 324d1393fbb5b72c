"""
Places by the million around real cities, in minutes.

Each is one of the shipped sample's places again: its category, hours, moods, costs, texts and vector
as they occur together, put down near a neighbourhood of one of the cities in `cities.toml`. So the
shares of what is known, of chains and of categories are those of real data.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import call_command
from django.db import connection

from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from places.services.cities import store_city

SEED: Final = 20261121
NEIGHBOURHOODS: Final = 60
SPREAD_M: Final = 450  # of the places of one neighbourhood, one standard deviation
SHIPPED: Final = "seoul"
# What no recommendation asks; to build the vectors' alone takes longer than all else.
LEFT_OUT: Final = ("brief_vector_hnsw", "place_name_trigram", "listing_words")
TABLES: Final = ("places_place", "places_placebrief", "places_placelisting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """Where places stand close together; `weight` is its share of its city's places."""

    city: str
    latitude: float
    longitude: float
    weight: float
    name: str = ""  # only where the gazetteer has it


def read_cities() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("cities.toml").read_text("utf-8"))


def call_as_shipped(cursor: Any) -> None:
    """Let each of the sample's places be called what it is."""
    cursor.execute("INSERT INTO called SELECT number, number, name, names, embedding FROM template")


def load(
    *,
    places: int,
    call: Callable[[Any], None] = call_as_shipped,
    left_out: Collection[str] = LEFT_OUT,
) -> None:
    """
    Fill an empty, migrated database: the shipped sample, the cities, and `places` places.

    `call` fills the table `called` from the table `template`: each place drawn is one of its rows.
    The indexes `left_out` are not made again.
    """
    call_command("load_city", SHIPPED, verbosity=0, stdout=sys.stderr)
    cities = read_cities()
    for slug, city in cities.items():
        if slug != SHIPPED:
            store_city(slug=slug, facts=_facts(city), outline=_outline(city))
    with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
        indexes = _drop_indexes(cursor, left_out)
        cursor.execute("ALTER TABLE places_place DISABLE TRIGGER USER")
        _write_places(cursor, cities, list_neighbourhoods(), places, call)
        cursor.execute("ALTER TABLE places_place ENABLE TRIGGER USER")
        for kind in ("briefs", "listings"):
            cursor.execute(f"SELECT places_fill_{kind}(min(id), max(id)) FROM places_place")  # noqa: S608 - own words
        cursor.execute("SET maintenance_work_mem = '2GB'")
        for definition in indexes:
            cursor.execute(definition)
        for table in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("ANALYZE")
        # Last, so that a database which was left half filled is not taken for a full one.
        cursor.execute("UPDATE places_city SET data_version = %s", [version_of(places)])


def version_of(places: int) -> str:
    return f"benchmark-{places}"


def list_neighbourhoods() -> tuple[Neighbourhood, ...]:
    """Return the neighbourhoods of every city: the shipped areas of one, drawn ones of the others."""
    shipped = _shipped_areas()
    found = [
        Neighbourhood(
            city=SHIPPED,
            latitude=latitude,
            longitude=longitude,
            weight=1 / (3 + index) / len(shipped),
            name=name,
        )
        for index, (name, latitude, longitude) in enumerate(shipped)
    ]
    draw = random.Random(SEED)
    for slug, city in read_cities().items():
        if slug == SHIPPED:
            continue
        latitude, longitude = city["centre"]
        spread = city["spread_km"] / 111.3
        found += [
            Neighbourhood(
                city=slug,
                latitude=latitude + draw.gauss(0, spread),
                longitude=longitude + draw.gauss(0, spread) * 1.4,
                weight=1 / (3 + index),
            )
            for index in range(NEIGHBOURHOODS)
        ]
    return tuple(found)


def _shipped_areas() -> list[tuple[str, float, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name_ko, ST_Y(centre), ST_X(centre) FROM places_area"
            " WHERE city_id = %s AND kind IN ('neighbourhood', 'station')"
            " ORDER BY md5(slug)",
            [SHIPPED],
        )
        return list(cursor.fetchall())


def _facts(city: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name_ko": city["names"][0],
        "name_en": city["names"][1],
        "country": city["country"],
        "currency": city["currency"],
        "time_zone": city["zone"],
    }


def _outline(city: Mapping[str, Any]) -> MultiPolygon:
    latitude, longitude = city["centre"]
    reach = 4 * city["spread_km"] / 111.3
    box = (longitude - 1.4 * reach, latitude - reach, longitude + 1.4 * reach, latitude + reach)
    return MultiPolygon(Polygon.from_bbox(box), srid=4326)


def _drop_indexes(cursor: Any, left_out: Collection[str]) -> list[str]:
    """
    Drop the indexes that would slow the rows down; return how to make those that are asked.

    To make them after the rows is several times quicker than to keep them along; so are the briefs.
    """
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique"
        # The slowest last: whoever watches can ask all else meanwhile.
        " ORDER BY pg_get_indexdef(i.indexrelid) LIKE '%%USING hnsw%%', c.relname",
        [list(TABLES)],
    )
    rows = cursor.fetchall()
    for name, _ in rows:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for name, definition in rows if name not in left_out]


def _write_places(
    cursor: Any,
    cities: Mapping[str, Mapping[str, Any]],
    neighbourhoods: tuple[Neighbourhood, ...],
    places: int,
    call: Callable[[Any], None],
) -> None:
    totals = {
        slug: sum(each.weight for each in neighbourhoods if each.city == slug) for slug in cities
    }
    cursor.execute(
        "CREATE TEMP TABLE neighbourhood (id int PRIMARY KEY, city text, latitude float8,"
        " longitude float8, currency text, zone text, money float8)"
    )
    reached, bounds = 0.0, []
    with cursor.copy("COPY neighbourhood FROM STDIN") as copy:
        for number, each in enumerate(neighbourhoods):
            city = cities[each.city]
            bounds.append(reached)
            reached += city["share"] * each.weight / totals[each.city]
            copy.write_row(
                (
                    number, each.city, each.latitude, each.longitude,
                    city["currency"], city["zone"], city["money"],
                )
            )  # fmt: skip
    cursor.execute(
        "CREATE TEMP TABLE template AS SELECT row_number() OVER (ORDER BY md5(id::text)) - 1 AS number,"
        " * FROM places_place WHERE city_id = %s",
        [SHIPPED],
    )
    cursor.execute("ALTER TABLE template ADD PRIMARY KEY (number)")
    cursor.execute(
        "CREATE TEMP TABLE called (number int PRIMARY KEY, template int, name text, names jsonb,"
        " embedding vector)"
    )
    call(cursor)
    cursor.execute("SELECT setseed(0.4711)")
    cursor.execute(
        _PLACES,
        {"places": places, "bounds": bounds, "spread": SPREAD_M / 111_320},
    )


# In the order of the geohash, as an import writes them (ADR 2). Twenty spellings of every text of
# hours, since real ones repeat less than a sample that is drawn again and again.
_PLACES: Final = """
INSERT INTO places_place (
  public_id, city_id, name, names, has_romanised_name, category, source_class, chain, site, location,
  address, district, time_zone, currency, cost_low, cost_high, cost_band, cost_provenance, stay_min,
  stay_provenance, hours, hours_provenance, hours_source, hours_as_of, hours_text, mood_scores,
  congestion_score, indoor, pets_allowed, wheelchair, parking, quality, popularity, freshness,
  description, embedding, encoder, facts, as_of, content_hash, is_active, created_at, updated_at)
SELECT gen_random_uuid(), n.city, c.name, c.names, t.has_romanised_name, t.category, t.source_class,
  t.chain, CASE t.site WHEN '' THEN '' ELSE t.site || ':' || n.id END, drawn.location,
  t.address, t.district, n.zone, n.currency, round(t.cost_low * n.money), round(t.cost_high * n.money),
  t.cost_band, t.cost_provenance, t.stay_min, t.stay_provenance,
  CASE WHEN t.hours ? 'source_text' THEN
    jsonb_set(t.hours, '{source_text}', to_jsonb((t.hours ->> 'source_text') || ' ' || drawn.i %% 20))
  ELSE t.hours END,
  t.hours_provenance, t.hours_source, t.hours_as_of, t.hours_text, t.mood_scores, t.congestion_score,
  t.indoor, t.pets_allowed, t.wheelchair, t.parking, t.quality,
  least(1, greatest(0, t.popularity + drawn.known)), t.freshness, t.description, c.embedding,
  t.encoder,
  t.facts, t.as_of, t.content_hash, true, now(), now()
FROM (
  SELECT r.i, r.called, r.known, n.id AS neighbourhood,
    ST_SetSRID(ST_MakePoint(
      n.longitude + r.far * cos(r.angle) * %(spread)s / cos(radians(n.latitude)),
      n.latitude + r.far * sin(r.angle) * %(spread)s), 4326) AS location
  FROM (
    SELECT i, width_bucket(random(), %(bounds)s::float8[]) - 1 AS neighbourhood,
      floor(random() * (SELECT count(*) FROM called))::int AS called,
      sqrt(-2 * ln(1 - random())) AS far, 2 * pi() * random() AS angle, 0.1 * random() - 0.05 AS known
    FROM generate_series(1, %(places)s) AS i
  ) AS r JOIN neighbourhood n ON n.id = r.neighbourhood
) AS drawn
JOIN neighbourhood n ON n.id = drawn.neighbourhood
JOIN called c ON c.number = drawn.called
JOIN template t ON t.number = c.template
ORDER BY ST_GeoHash(drawn.location, 8)
"""
