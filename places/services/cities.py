"""The cities the project knows: their rows, and the outlines that are shipped with it."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db.models import Q

from places.adapters.geography import District
from places.models import Area, AreaKind, City
from places.services.gazetteer_building import gazetteer_file
from places.services.gazetteer_loading import GazetteerLoading

DATA: Final = Path(__file__).resolve().parent.parent / "data"
CITIES: Final = DATA / "cities"
DISTRICTS: Final = "districts.geojson.gz"
SIMPLIFIED_DEGREES: Final = 0.0004  # about 40 m: enough for a map to point at


def store_city(*, slug: str, facts: Mapping[str, str], outline: MultiPolygon) -> City:
    """Store the city's row and its areas, or bring them up to date; return the city."""
    city, _ = City.objects.update_or_create(
        slug=slug,
        defaults={
            "name_ko": facts["name_ko"],
            "name_en": facts["name_en"],
            "country": facts["country"],
            "currency": facts["currency"],
            "time_zone": facts["time_zone"],
            "outline": outline,
            "bounds": Polygon.from_bbox(outline.extent),
        },
    )
    gazetteer = gazetteer_file(slug)
    if gazetteer.is_file():
        GazetteerLoading(path=gazetteer).load(city=city)
    return city


def areas_version(city: str) -> str:
    """Return a text that changes with the gazetteer shipped for a city."""
    path = gazetteer_file(city)
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()[:8]


def read_shipped_districts(*, city: str) -> list[District]:
    """Return the district outlines shipped for a city; none where it is not shipped."""
    path = CITIES / city / DISTRICTS
    if not path.is_file():
        return []
    document = json.loads(gzip.decompress(path.read_bytes()))
    return [
        District(
            feature["properties"]["name_ko"],
            feature["properties"]["name_en"],
            _multi(GEOSGeometry(json.dumps(feature["geometry"]))),
        )
        for feature in document["features"]
    ]


def district_collection(districts: Sequence[District]) -> dict[str, Any]:
    """Return districts as GeoJSON with simplified outlines."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(one.name_ko, one.name_en, one.outline) for one in districts],
    }


def loaded_outlines() -> str:
    """Return what a map of the loaded cities is drawn from, as GeoJSON text; one query.

    Districts and neighbourhoods as simplified outlines, stations as points, each with its kind.
    """
    areas = Area.objects.filter(
        Q(kind__in=(AreaKind.DISTRICT, AreaKind.NEIGHBOURHOOD), outline__isnull=False)
        | Q(kind=AreaKind.STATION)
    ).order_by("kind", "city", "slug")
    return json.dumps(
        {"type": "FeatureCollection", "features": [_area_feature(area) for area in areas]},
        ensure_ascii=False,
    )


def _area_feature(area: Area) -> dict[str, Any]:
    shape = area.outline if area.outline and area.kind != AreaKind.STATION else area.centre
    return _feature(area.name_ko, area.name_en, shape) | {"id": f"{area.kind}/{area.slug}"}


def _feature(name_ko: str, name_en: str, shape: GEOSGeometry) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name_ko": name_ko, "name_en": name_en},
        "geometry": _rounded(shape.simplify(SIMPLIFIED_DEGREES, preserve_topology=True)),
    }


def _multi(shape: GEOSGeometry) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon(shape, srid=4326)


def _rounded(shape: GEOSGeometry) -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(
        shape.json, parse_float=lambda text: round(float(text), 5)
    )
    return geometry
