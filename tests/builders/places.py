"""Makes places, cities and areas with every default filled in."""

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection

from places.models import Area, City, ContentSource, Place
from places.services.wording import NameWords

SEOUL_BOX = (126.76, 37.42, 127.19, 37.71)


def make_city(*, slug: str = "seoul", **fields: Any) -> City:
    """Return the city `slug`, made on first use; its outline is Seoul's box."""
    box = Polygon.from_bbox(SEOUL_BOX)
    box.srid = 4326
    defaults: dict[str, Any] = {
        "name_ko": "서울",
        "name_en": "Seoul",
        "country": "KR",
        "currency": "KRW",
        "time_zone": "Asia/Seoul",
        "outline": MultiPolygon(box, srid=4326),
        "bounds": box,
    }
    city, _ = City.objects.get_or_create(slug=slug, defaults=defaults | fields)
    return city


def make_place(
    *,
    name: str = "조용한카페",
    latitude: float = 37.5563,
    longitude: float = 126.9236,
    city: City | None = None,
    **fields: Any,
) -> Place:
    """Return a stored café in Hongdae whose hours nobody knows."""
    defaults: dict[str, Any] = {
        "names": {"ko": name, "en": name},
        "category": "cafe",
        "time_zone": "Asia/Seoul",
        "currency": "KRW",
        "cost_low": 5000,
        "cost_high": 8000,
        "cost_band": "low",
        "cost_provenance": "prior",
        "stay_min": 50,
        "stay_provenance": "prior",
    }
    place = Place.objects.create(
        city=city or make_city(),
        name=name,
        location=Point(longitude, latitude, srid=4326),
        **(defaults | fields),
    )
    NameWords().learn(names=[place.names])
    return place


def make_area(
    *,
    slug: str = "hongdae",
    name_ko: str = "홍대",
    name_en: str = "Hongdae",
    latitude: float = 37.5563,
    longitude: float = 126.9236,
    city: City | None = None,
    **fields: Any,
) -> Area:
    """Return a stored neighbourhood of 700 m around its centre."""
    defaults: dict[str, Any] = {"kind": "neighbourhood", "radius_m": 700, "source": "test"}
    return Area.objects.create(
        city=city or make_city(),
        slug=slug,
        name_ko=name_ko,
        name_en=name_en,
        centre=Point(longitude, latitude, srid=4326),
        **(defaults | fields),
    )


def make_source(*, slug: str = "osm", **fields: Any) -> ContentSource:
    """Return the content source `slug`, made on first use."""
    defaults: dict[str, Any] = {
        "name": "OpenStreetMap",
        "kind": "open_map",
        "licence": "ODbL 1.0",
        "attribution": "© OpenStreetMap contributors",
        "may_ship": True,
    }
    source, _ = ContentSource.objects.get_or_create(slug=slug, defaults=defaults | fields)
    return source


def multiply_places(made: Mapping[str, str], *, count: int, **parameters: str) -> None:
    """
    Make `count` more of each place there is, as its columns say.

    Those that `made` names are made by its SQL (its % doubled), of `n` from 1 to `count` and of the
    parameters.
    """
    columns = [
        field.column
        for field in Place._meta.concrete_fields
        if field.column and not field.generated and not field.primary_key
    ]
    values = ", ".join(made.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO places_place ({', '.join(columns)}) SELECT {values}"
            " FROM places_place, generate_series(1, %(count)s) AS n",
            {"count": count, **parameters},
        )
