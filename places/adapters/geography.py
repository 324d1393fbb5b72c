"""A city's districts, stations and best-known areas, which importing checks places against."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from places.adapters import cleaning
from places.adapters.reading import decode, read_records, read_table
from places.types import Row

DISTRICT_FILES: Final = ("{city}_municipalities_geo_simple.json", "{city}_districts.geojson")
NAME_KEYS: Final = ("name_ko", "SIG_KOR_NM", "name")
ENGLISH_NAME_KEYS: Final = ("name_en", "SIG_ENG_NM", "name_eng")
STATION_FILE: Final = "stations.csv"
HOTSPOT_FILE: Final = "hotspots_120.csv"


@dataclass(frozen=True, slots=True)
class District:
    """One district of a city with its outline in WGS 84."""

    name_ko: str
    name_en: str
    outline: MultiPolygon


def read_districts(folder: Path, *, city: str) -> list[District]:
    """Return the districts found under `folder`, in the file's order; none without a file."""
    for pattern in DISTRICT_FILES:
        paths = sorted(folder.rglob(pattern.format(city=city)))
        if paths:
            decoded = decode(paths[0].read_bytes(), marks=('"features"',))
            rows = read_records(decoded, key="features")
            return [_district(row) for row in rows if isinstance(row, Row)]
    return []


def _district(row: Row) -> District:
    shape = GEOSGeometry(json.dumps(row.values["geometry"]))
    outline = shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=4326)
    tags = row.values["properties"]
    return District(_first(tags, NAME_KEYS), _first(tags, ENGLISH_NAME_KEYS), outline)


def _first(tags: Mapping[str, str], keys: Sequence[str]) -> str:
    return next((tags[key] for key in keys if tags.get(key)), "")


def read_stations(folder: Path) -> list[tuple[float, float]]:
    """Return the (longitude, latitude) of the stations found under `folder`."""
    points = (
        (row.values.get("lon"), row.values.get("lat")) for row in _table(folder, STATION_FILE)
    )
    numbers = ((cleaning.number(x), cleaning.number(y)) for x, y in points)
    return [(x, y) for x, y in numbers if x is not None and y is not None]


def read_hotspots(folder: Path) -> list[str]:
    """Return the names of the areas whose crowds the city watches, one for each place named."""
    names = (cleaning.text(row.values.get("name_ko")) for row in _table(folder, HOTSPOT_FILE))
    return [
        part.strip() for name in names for part in re.split(r"[·‧・ㆍ∙,&]", name) if part.strip()
    ]


def _table(folder: Path, name: str) -> Iterator[Row]:
    paths = sorted(folder.rglob(name))
    if paths:
        rows = read_table(decode(paths[0].read_bytes(), marks=("name_ko", "lat")))
        yield from (row for row in rows if isinstance(row, Row))
