"""What a city's records are checked against: its districts, stations and best-known areas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection

from places.adapters.geography import District, read_districts, read_hotspots, read_stations
from places.services.cities import read_shipped_districts
from places.services.judging import read_priors
from places.services.locating import CityShape

# What the composed places of a city rest on beside their own rows; see `Publisher`.
COMPOSED: Final = "composed"


class NoOutline(ValueError):
    """Neither the folder nor the project knows where the city ends."""


@dataclass(frozen=True)
class CityReferences:
    """The districts as a shape, the stations, and the names of the areas most people know."""

    city: str
    shape: CityShape
    stations: tuple[tuple[float, float], ...]
    hotspots: tuple[str, ...]


def keep_references(*, city: str, folder: Path, now: datetime) -> bool:
    """
    Keep what `folder` has of a city's references; return whether places may look other for it.

    What the folder lacks stays as it was.
    """
    found: dict[str, Any] = {}
    if districts := read_districts(folder, city=city):
        found["districts"] = [
            [one.name_ko, one.name_en, one.outline.hex.decode()] for one in districts
        ]
    if stations := read_stations(folder):
        found["stations"] = stations
    if hotspots := read_hotspots(folder):
        found["hotspots"] = hotspots
    changed = [kind for kind, payload in found.items() if put(city, kind, payload, now)]
    return bool(set(changed) - {"districts"})


def load_references(*, city: str) -> CityReferences:
    """
    Return the references that are kept, or of the districts those that are shipped.

    Raises:
        NoOutline: there are no districts.
    """
    kept = get_all(city)
    districts = [
        District(ko, en, _multi(GEOSGeometry(wkb, srid=4326)))
        for ko, en, wkb in kept.get("districts", ())
    ] or read_shipped_districts(city=city)
    if not districts:
        raise NoOutline(city)
    return CityReferences(
        city=city,
        shape=CityShape(districts, name=read_priors(city).city["name_ko"]),
        stations=tuple((x, y) for x, y in kept.get("stations", ())),
        hotspots=tuple(kept.get("hotspots", ())),
    )


def get_all(city: str) -> Mapping[str, Any]:
    """Return kind → payload."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, payload::text FROM raw_ingestion.city_references WHERE city = %s", [city]
        )
        return {kind: json.loads(payload) for kind, payload in cursor.fetchall()}


def put(city: str, kind: str, payload: Any, now: datetime) -> bool:
    """Keep a payload; return whether it was another before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO raw_ingestion.city_references AS r (city, kind, payload, updated_at)
            VALUES (%s, %s, %s, %s)
            ON CONFLICT (city, kind) DO UPDATE
            SET payload = EXCLUDED.payload, updated_at = EXCLUDED.updated_at
            WHERE r.payload <> EXCLUDED.payload
            """,
            [city, kind, json.dumps(payload, ensure_ascii=False), now],
        )
        return bool(cursor.rowcount)


def _multi(shape: GEOSGeometry) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=4326)
