"""Reads of places, cities and areas. The hot path, `list_candidates`, takes two or three queries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point as Geometry
from django.db import connection

from common.acting import NOBODY, acting
from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.catalogue import CATEGORIES, MODES
from engine.query.gazetteer import AreaName
from engine.text.normalising import match_key
from engine.types import Mode, Point
from places.candidate_rows import asked_categories, count_beyond, fetch_facts
from places.former_selectors import resolve_ids
from places.models import Area, City, Place
from places.near_rows import find_near
from places.opened_rows import Spans, list_opened, make_candidates
from places.shortlisting import shortlist
from places.types import CandidateQuery, CandidateSet, CitySummary, NearbyArea

# How many places of each category are looked at first, and when too few of them are open.
FIRST_LOOK: Final = 20
SECOND_LOOK: Final = 120
FEW: Final = 8  # candidates under which one asks what lies beyond the reach
LANDMARK_REACH_M: Final = 500  # a palace's entrance lies apart from its centre
ENOUGH_STOPS: Final = 12  # places that make an area worth going to
ENOUGH_SIGHTS: Final = 2  # of them no food


_CITIES: Final = """
SELECT slug, name_ko, name_en, country, currency, time_zone, data_version,
       ST_YMin(bounds), ST_XMin(bounds), ST_YMax(bounds), ST_XMax(bounds)
FROM places_city ORDER BY slug
"""


class NoCityLoaded(DomainError):
    """There is no city to plan in yet."""

    kind = Kind.UNAVAILABLE
    code = "places/no-city-loaded"
    detail = Bilingual(
        ko="아직 불러온 도시가 없어요. 운영자가 도시를 불러오면 이용할 수 있어요.",
        en="No city is loaded yet; an operator has to load one first.",
    )


class PlaceNotFound(DomainError):
    """No active place has this id."""

    kind = Kind.NOT_FOUND
    code = "places/place-not-found"
    detail = Bilingual(ko="그런 장소가 없어요.", en="There is no such place.")


# Cities and places are nobody's. Asked for nobody, a question is the same for everybody, so that the
# driver has it read already, and nothing has to be told in front of it.
@acting(NOBODY)
def list_cities() -> tuple[CitySummary, ...]:
    """Return the loaded cities by slug. One query."""
    # The database reads the bounds, for every request asks and an object for each costs a millisecond.
    with connection.cursor() as cursor:
        cursor.execute(_CITIES)
        rows = cursor.fetchall()
    return tuple(
        CitySummary(
            slug=slug,
            name_ko=name_ko,
            name_en=name_en,
            country=country,
            currency=currency,
            zone=ZoneInfo(zone),
            data_version=version,
            bounds=(south, west, north, east),
        )
        for slug, name_ko, name_en, country, currency, zone, version, south, west, north, east in rows
    )


def find_city_at(*, position: Point) -> str | None:
    """Return the slug of the city whose outline contains `position`. One query."""
    return (
        City.objects.filter(outline__contains=_geometry(position))
        .order_by("slug")
        .values_list("slug", flat=True)
        .first()
    )


def nearest_city(*, cities: Sequence[CitySummary], position: Point) -> CitySummary:
    """
    Return the city whose bounds contain `position` or lie nearest; of several the nearest centre.

    Raises:
        NoCityLoaded: there is none.
    """
    if not cities:
        raise NoCityLoaded("No city is loaded.")
    return min(cities, key=lambda city: (*_distance_to_bounds(city, position), city.slug))


def get_data_version() -> str:
    """Return one text that changes whenever a city's data does. One query."""
    versions = City.objects.order_by("slug").values_list("slug", "data_version")
    return ",".join(f"{slug}:{version}" for slug, version in versions)


def list_areas() -> tuple[AreaName, ...]:
    """Return the gazetteer of all loaded cities, by city and slug. One query."""
    rows = Area.objects.order_by("city_id", "slug").values_list(
        "slug", "name_ko", "name_en", "aliases", "kind", "centre", "radius_m", "city_id"
    )
    return tuple(
        AreaName(
            slug=slug,
            name_ko=name_ko,
            name_en=name_en,
            aliases=tuple(aliases),
            kind=kind,
            centre=Point(centre.y, centre.x),
            radius_m=float(radius_m),
            city=str(city),
        )
        for slug, name_ko, name_en, aliases, kind, centre, radius_m, city in rows
    )


def find_place_called(*, area: AreaName) -> UUID | None:
    """
    Return the place that an area is named after: "광장시장" is both an area and a place in it.

    It lies within the area and goes by one of its names; of several the best known. One query.
    """
    reach_m = max(area.radius_m, LANDMARK_REACH_M) / math.cos(math.radians(area.centre.latitude))
    near = (
        Place.objects.active()
        .filter(planar__dwithin=(_geometry(area.centre).transform(3857, clone=True), reach_m))
        .order_by("-popularity", "public_id")
        .values_list("public_id", "name", "names")
    )
    keys = {match_key(name) for name in area.names}
    for public_id, name, names in near:
        if {match_key(name), match_key(names["en"])} & keys:
            return UUID(str(public_id))
    return None


def find_place(*, public_id: UUID) -> Place | None:
    """Return the active place of this id, or the one that it became. One query; else two."""
    shown = Place.objects.active()
    found = shown.filter(public_id=public_id).first()
    return found or shown.filter(formers__place__public_id=public_id).first()


def get_place(*, public_id: UUID) -> Place:
    """
    Return an active place, or what a former one became. One query; else two.

    Raises:
        PlaceNotFound: this id is no active place's, and leads to none.
    """
    place = find_place(public_id=public_id)
    if place is None:
        raise PlaceNotFound(f"No place {public_id}.")
    return place


def list_places_by_public_id(*, public_ids: Sequence[UUID]) -> tuple[Place, ...]:
    """Return the active places that these are or became, each once, in the order of the ids. Two queries."""
    became = resolve_ids(public_ids=public_ids)
    ids = tuple(dict.fromkeys(became.get(public_id, public_id) for public_id in public_ids))
    found = {place.public_id: place for place in Place.objects.active().filter(public_id__in=ids)}
    return tuple(found[public_id] for public_id in ids if public_id in found)


def list_to_learn_from() -> tuple[Place, ...]:
    """Return all active places, in an order that does not hang on when they were stored."""
    return tuple(Place.objects.active().defer("embedding").order_by("city_id", "name", "location"))


@acting(NOBODY)
def list_candidates(
    *, query: CandidateQuery, cities: Sequence[CitySummary] | None = None
) -> CandidateSet:
    """
    Return the places that a plan may stop at: in reach, open at some time of it, and affordable.

    At most `query.limit`, varied by category, those first that the engine would like. What is
    asked for in `included_places` comes in any case. Two queries; a third where hours come up that
    this process has not read yet, one more to count what lies out of reach when few are left, one
    where `cities`, as `list_cities` returns them, are not given, and one where places are excluded,
    for what these became.
    """
    became = resolve_ids(public_ids=query.excluded_places)
    excluded = (*query.excluded_places, *became.values())
    constraints = query.constraints
    known = list_cities() if cities is None else cities
    spans = Spans(query, {city.slug: city for city in known})
    near = find_near(constraints=constraints, excluded=excluded, included=query.included_places)
    rows = near.best(FIRST_LOOK)
    opened = list_opened(rows, spans)
    if len(opened) < query.limit and near.has_more_than(FIRST_LOOK):
        rows = near.best(SECOND_LOOK)
        opened = list_opened(rows, spans)
    wanted = [row for row in opened if row.near.is_included]
    chosen = wanted + shortlist(
        [row for row in opened if not row.near.is_included],
        limit=max(0, query.limit - len(wanted)),
        asked=asked_categories(constraints),
        mostly=constraints.mostly,
    )
    dropped = {
        "closed": len(rows) - len(opened),
        "too_dear": near.too_dear,
        "excluded": near.excluded,
        "out_of_reach": count_beyond(constraints=constraints) if len(chosen) < FEW else 0,
    }
    facts = fetch_facts(pks=[row.near.pk for row in chosen], encoder=query.constraints.encoder)
    return CandidateSet(
        places=make_candidates(chosen, facts),
        dropped={reason: count for reason, count in dropped.items() if count},
    )


def find_area_with_places(*, city: str, position: Point, mode: Mode) -> NearbyArea | None:
    """
    Return the nearest area of `city` that has enough stops within a walk of its centre.

    Districts are left out, since their centre is nowhere in particular, and so is the area that
    one stands in. One query.
    """
    parameters: dict[str, Any] = {
        "city": city,
        "longitude": position.longitude,
        "latitude": position.latitude,
        "radius": MODES[Mode.WALK].reach_high_m / 2,
        "least": MODES[mode].walk_below_m + MODES[Mode.WALK].reach_high_m / 4,
        "stops": [name for name, row in CATEGORIES.items() if row.stop],
        "sights": [name for name, row in CATEGORIES.items() if row.stop and not row.food],
        "enough": ENOUGH_STOPS,
        "enough_sights": ENOUGH_SIGHTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AREA_WITH_PLACES, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    slug, name_ko, name_en, latitude, longitude, distance_m, places = row
    return NearbyArea(
        slug=slug,
        name_ko=name_ko,
        name_en=name_en,
        centre=Point(latitude, longitude),
        distance_m=round(distance_m),
        places=places,
    )


# Nearest first, so that counting ends with the first area that has enough.
_AREA_WITH_PLACES: Final = """
SELECT a.slug, a.name_ko, a.name_en, ST_Y(a.centre), ST_X(a.centre), a.distance_m, found.places
FROM (
  SELECT *, ST_DistanceSphere(centre, ST_SetSRID(ST_MakePoint(%(longitude)s, %(latitude)s), 4326))
            AS distance_m
  FROM places_area WHERE city_id = %(city)s AND kind <> 'district'
) AS a
CROSS JOIN LATERAL (
  SELECT count(*) AS places, count(*) FILTER (WHERE category = ANY(%(sights)s)) AS sights
  FROM places_place p
  WHERE p.is_active AND p.category = ANY(%(stops)s)
    AND ST_DWithin(p.planar, ST_Transform(a.centre, 3857),
                   %(radius)s / cos(radians(ST_Y(a.centre))))
) AS found
WHERE a.distance_m > %(least)s AND found.places >= %(enough)s AND found.sights >= %(enough_sights)s
ORDER BY a.distance_m, a.slug LIMIT 1
"""


def _geometry(position: Point) -> Geometry:
    return Geometry(position.longitude, position.latitude, srid=4326)


def _distance_to_bounds(city: CitySummary, position: Point) -> tuple[float, float]:
    """Return degrees, east–west ones shortened, to the bounds and to their centre."""
    south, west, north, east = city.bounds
    shortened = math.cos(math.radians(position.latitude))
    up = max(south - position.latitude, 0.0, position.latitude - north)
    along = max(west - position.longitude, 0.0, position.longitude - east) * shortened
    centre = math.hypot(
        (south + north) / 2 - position.latitude,
        ((west + east) / 2 - position.longitude) * shortened,
    )
    return math.hypot(up, along), centre
