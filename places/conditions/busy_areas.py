"""The areas that a city counts people in: their codes, names and outlines, from a shipped file."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.gis.geos import GEOSException, GEOSGeometry

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "busy_areas"
WGS84: Final = 4326
_FINEST_DEGREES: Final = 0.0002  # some twenty metres: crowds have no sharper edges
_DIGITS: Final = 5


class BusyAreasUnreadable(ValueError):
    """The file does not hold a city's busy areas."""


@dataclass(frozen=True, slots=True)
class BusyArea:
    """One area; `code` is how the city's service knows it."""

    code: str
    name: str
    outline: GEOSGeometry  # of many polygons


def shipped_file(city: str, /) -> Path:
    return FOLDER / f"{city}.jsonl.gz"


@cache
def list_busy_areas(city: str, /) -> Sequence[BusyArea]:
    """Return the shipped areas of a city by code; none where none are shipped."""
    path = shipped_file(city)
    if not path.is_file():
        return ()
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return tuple(
        BusyArea(row["code"], row["name"], GEOSGeometry(json.dumps(row["outline"]), srid=WGS84))
        for row in rows
    )


def build_busy_areas(*, source: Path, output: Path) -> int:
    """
    Write the shipped file from the city's table (area_cd, name_ko, polygon_wkt_4326); count them.

    The same table gives the same bytes.

    Raises:
        BusyAreasUnreadable: a column is missing, or an outline is none.
    """
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            lines = sorted(_line(row) for row in csv.DictReader(file))
    except (KeyError, GEOSException, UnicodeDecodeError, ValueError) as error:
        raise BusyAreasUnreadable(f"{source.name}: {error!r}") from error
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
        packed.write("".join(f"{line}\n" for line in lines).encode())
    return len(lines)


def _line(row: dict[str, str]) -> str:
    outline = GEOSGeometry(row["polygon_wkt_4326"], srid=WGS84).buffer(0)
    plain = outline.simplify(_FINEST_DEGREES, preserve_topology=True)
    shape = json.loads(plain.geojson)
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    coordinates = [
        [[[round(x, _DIGITS), round(y, _DIGITS)] for x, y, *_ in ring] for ring in polygon]
        for polygon in polygons
    ]
    area = {
        "code": row["area_cd"].strip(),
        "name": row["name_ko"].strip(),
        "outline": {"type": "MultiPolygon", "coordinates": coordinates},
    }
    return json.dumps(area, ensure_ascii=False)
