"""OpenStreetMap features, points and areas: an export as GeoJSON, or an extract as `.osm.pbf`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point

from places.adapters import osm_standing as standing
from places.adapters.cleaning import is_name, out_of_range, split_name, text
from places.adapters.osm_extract import is_extract, read_extract
from places.adapters.reading import read_records
from places.adapters.source import Feed, SourceAdapter
from places.types import Draft, HoursText, Refusal, Row, SourceTerms

# The day on which a node of this id was made: an export has no date, but its newest node does.
NODE_DAYS: Final = (
    (1_000_000_000, date(2010, 11, 17)), (2_000_000_000, date(2012, 11, 5)),
    (3_000_000_000, date(2014, 8, 7)), (4_000_000_000, date(2016, 2, 10)),
    (5_000_000_000, date(2017, 8, 1)), (6_000_000_000, date(2018, 10, 18)),
    (7_000_000_000, date(2019, 11, 20)), (8_000_000_000, date(2020, 10, 14)),
    (9_000_000_000, date(2021, 8, 15)), (10_000_000_000, date(2022, 9, 1)),
    (11_000_000_000, date(2023, 6, 22)), (12_000_000_000, date(2024, 7, 3)),
)  # fmt: skip
OLD_IMPORT: Final = re.compile(r"yahoo|gugi", re.IGNORECASE)  # a business directory of 2009
OLD_IMPORT_DAY: Final = date(2009, 12, 31)

AMENITIES: Final = {
    "cafe": "cafe", "restaurant": "restaurant", "fast_food": "restaurant", "food_court": "restaurant",
    "ice_cream": "dessert", "bar": "bar", "pub": "bar", "biergarten": "bar", "nightclub": "club",
    "theatre": "theatre", "cinema": "theatre", "arts_centre": "gallery", "library": "library",
    "marketplace": "market",
}  # fmt: skip
SHOPS: Final = {
    "coffee": "cafe", "tea": "cafe", "bakery": "dessert", "pastry": "dessert",
    "confectionery": "dessert", "books": "bookstore", "art": "gallery", "gift": "shop",
    "craft": "shop", "antiques": "shop", "music": "shop", "ceramics": "shop", "second_hand": "shop",
}  # fmt: skip
TOURISM: Final = {
    "museum": "museum", "gallery": "gallery", "viewpoint": "viewpoint", "attraction": "heritage",
    "theme_park": "activity", "zoo": "activity", "aquarium": "activity",
}  # fmt: skip
HISTORIC: Final = ("castle", "palace", "monument", "city_gate", "temple", "fort", "tomb", "ruins")
DESSERT_CUISINE: Final = re.compile(
    r"ice_cream|donut|doughnut|bread|cake|dessert|pastry|bakery|waffle|crepe|빵|디저트|빙수"
)
SEPARATORS: Final = re.compile(r"\s*[;,/]\s*")
COFFEE_CUISINE: Final = re.compile(r"coffee|cafe|커피")
ROYAL_PARK: Final = re.compile(r"(?:궁|릉|능|묘)(?:\s*\(.*\))?$")
MARKET_NAME: Final = re.compile(r"(?<!전)시장(?:\s*\(.*\))?$|\bMarket\)?$")
TINY_PARK: Final = re.compile(r"어린이\s*공원|놀이터|쌈지")
NOT_STOPS: Final = {
    "bank", "atm", "hospital", "toilets", "parking", "veterinary", "dentist", "coworking_space",
    "dojo", "supermarket", "convenience", "furniture", "fitness_centre", "fitness_station",
    "pitch", "playground",
}  # fmt: skip
YES_NO: Final = {"yes": True, "designated": True, "no": False}


class OpenStreetMap(SourceAdapter):
    """Reads `CITY.geojson` or `CITY.osm.pbf`; a closed way or relation keeps its outline."""

    files: tuple[str, ...] = ("{city}.geojson", "{city}.osm.pbf")
    parser_version: int = 3  # what is out of use, private or yet to open is told; fees are read
    terms: SourceTerms = SourceTerms(
        slug="osm",
        name="OpenStreetMap",
        kind="open_map",
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors",
        terms="https://opendatacommons.org/licenses/odbl/1-0/",
        may_ship=True,
    )

    def is_found(self, feed: Feed) -> bool:
        return any(feed.find(self.files, name) is not None for name in self.files)

    def fetch(self, feed: Feed) -> Iterator[Row | Refusal]:
        path = feed.find(self.files, self.files[0]) or feed.path(self.files, self.files[1])
        if is_extract(path):
            yield from read_extract(path, bounds=feed.bounds)
            return
        export = feed.open(self.files, marks=('"features"',))
        as_of = _export_day(read_records(export, key="features")).isoformat()
        for row in read_records(export, key="features"):
            if isinstance(row, Row):
                values = {**row.values, "as_of": as_of}
                yield Row(row.where, values, ref=text(row.values.get("id")))
            else:
                yield row

    def clean(self, row: Row) -> Draft | Refusal:
        tags = row.values.get("properties")
        if not isinstance(tags, dict):
            return Refusal(row.where, "no properties")
        shape = _shape(row)
        if isinstance(shape, Refusal):
            return shape
        said = tags.get("name:ko") or tags.get("name") or tags.get("name:en")
        name, aside = split_name(text(said))
        if not is_name(name):
            return Refusal(row.where, "unnamed", expected=True)
        kind = _kind(tags, name)
        reason = _reason_to_refuse(tags, kind, name) or standing.reason_to_refuse(
            tags, as_of=row.values["as_of"]
        )
        if not kind or reason:
            return Refusal(row.where, reason, name, expected=True)
        category, source_class = kind
        x, y = _representative(shape)
        return Draft(
            source=self.terms.slug,
            ref=str(row.values.get("id") or tags.get("id") or row.where),
            where=row.where,
            name=name,
            name_en=text(tags.get("name:en")) or aside,
            category=category,
            source_class=source_class,
            latitude=y,
            longitude=x,
            address=_address(tags),
            outline=shape.wkt if shape.geom_type in ("Polygon", "MultiPolygon") else "",
            hours=HoursText(osm=text(tags.get("opening_hours"))),
            cost=standing.cost(tags, category=category),
            is_closed=standing.is_closed(tags, as_of=row.values["as_of"]),
            indoor=YES_NO.get(str(tags.get("indoor_seating"))),
            wheelchair=YES_NO.get(str(tags.get("wheelchair"))),
            pets_allowed=YES_NO.get(str(tags.get("dog"))),
            identifiers=_identifiers(tags),
            signs=_signs(tags),
            as_of=_as_of(tags, row.values["as_of"]),
            payload=tags,
        )


def _export_day(rows: Iterable[Row | Refusal]) -> date:
    newest = 0
    for row in rows:
        kind, _, number = (
            str(row.values.get("id", "")).partition("/") if isinstance(row, Row) else ("",) * 3
        )
        if kind == "node" and number.isdigit():
            newest = max(newest, int(number))
    return max((day for at, day in NODE_DAYS if at <= newest), default=NODE_DAYS[0][1])


def _shape(row: Row) -> GEOSGeometry | Refusal:
    said = row.values.get("geometry")
    if (point := _plain_point(said)) is not None:
        return point
    try:
        shape = GEOSGeometry(json.dumps(said))
    except (GDALException, GEOSException, ValueError, TypeError):
        return Refusal(row.where, "malformed geometry")
    west, south, east, north = shape.extent if not shape.empty else (999.0,) * 4
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        return Refusal(row.where, out_of_range(north, east))
    return shape


def _plain_point(said: Any) -> Point | None:
    """Return what most records are, a point on Earth; None where it takes a closer look."""
    if not isinstance(said, dict) or said.get("type") != "Point":
        return None
    match said.get("coordinates"):
        case [float(x), float(y)] if -180 <= x <= 180 and -90 <= y <= 90:
            return Point(x, y, srid=4326)
    return None


def _representative(shape: GEOSGeometry) -> tuple[float, float]:
    """Return a position on the shape; the middle of its box where it crosses itself."""
    if isinstance(shape, Point):
        return float(shape.x), float(shape.y)
    try:
        point = shape.point_on_surface
    except GEOSException:
        west, south, east, north = shape.extent
        return (west + east) / 2, (south + north) / 2
    return float(point.x), float(point.y)


def _as_of(tags: Mapping[str, Any], said: str) -> date | None:
    if OLD_IMPORT.search(str(tags.get("source", ""))):
        return OLD_IMPORT_DAY
    return date.fromisoformat(said) if said else None


def _kind(tags: Mapping[str, Any], name: str) -> tuple[str, str] | None:
    """Return our category and the source's own class; None for what is no stop."""
    if MARKET_NAME.search(name) and tags.get("landuse") == "retail":
        return "market", "market"
    return _sight(tags, name) or _venue(tags)


def _reason_to_refuse(tags: Mapping[str, Any], kind: tuple[str, str] | None, name: str) -> str:
    if kind is None:
        return "not a trip stop"
    if kind[0] == "market" and _is_only_in_old_directory(tags):
        return "only in an old directory"
    return "playground park" if TINY_PARK.search(name) else ""


def _is_only_in_old_directory(tags: Mapping[str, Any]) -> bool:
    """Tell whether nobody has touched the entry since: shops of 2009 that called themselves 시장."""
    is_touched = "tourism" in tags or any(key in tags for key in ("name:ja", "name:zh"))
    return bool(OLD_IMPORT.search(str(tags.get("source", "")))) and not is_touched


def _sight(tags: Mapping[str, Any], name: str) -> tuple[str, str] | None:
    if tags.get("leisure") == "park":
        return ("heritage", "royal_site") if ROYAL_PARK.search(name) else ("park", "park")
    tourism = str(tags.get("tourism", ""))
    if tourism == "attraction" and "shop" in tags:
        return None
    if tourism in TOURISM:
        return TOURISM[tourism], tourism
    if tags.get("historic") in HISTORIC:
        return "heritage", str(tags["historic"])
    return None


def _venue(tags: Mapping[str, Any]) -> tuple[str, str] | None:
    amenity, shop = str(tags.get("amenity", "")), str(tags.get("shop", ""))
    cuisine = str(tags.get("cuisine", "")).lower()
    category = AMENITIES.get(amenity) or SHOPS.get(shop)
    if category is None:
        return None
    if category in ("cafe", "restaurant") and _is_sweet(cuisine):
        category = "cafe" if COFFEE_CUISINE.search(cuisine) else "dessert"
    elif category == "restaurant" and COFFEE_CUISINE.search(cuisine):
        category = "cafe"
    return category, amenity or shop


def _is_sweet(cuisine: str) -> bool:
    """Tell whether all that is served there is: a pizzeria that has ice cream too is none."""
    dishes = [
        dish for dish in SEPARATORS.split(cuisine) if dish and not COFFEE_CUISINE.search(dish)
    ]
    return bool(dishes) and all(DESSERT_CUISINE.search(dish) for dish in dishes)


def _address(tags: Mapping[str, Any]) -> str:
    parts = (tags.get(f"addr:{part}") for part in ("city", "district", "street", "housenumber"))
    return " ".join(text(part) for part in parts if part)


def _identifiers(tags: Mapping[str, Any]) -> dict[str, str]:
    return {"wikidata": text(tags["wikidata"])} if tags.get("wikidata") else {}


def _signs(tags: Mapping[str, Any]) -> dict[str, str]:
    signs = {}
    if OLD_IMPORT.search(str(tags.get("source", ""))):
        signs["old_directory"] = text(tags["source"])
    if tags.get("outdoor_seating") == "yes":
        signs["terrace"] = "outdoor_seating=yes"
    if tags.get("internet_access") in ("wlan", "yes"):
        signs["wifi"] = f"internet_access={tags['internet_access']}"
    if tags.get("wikidata") or tags.get("wikipedia"):
        signs["wikidata"] = text(tags.get("wikidata") or tags.get("wikipedia"))
    if tags.get("website") or tags.get("phone"):
        signs["contact"] = "website or phone"
    if tags.get("cuisine"):
        signs["cuisine"] = text(tags["cuisine"])
    return signs
