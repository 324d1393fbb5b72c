"""
Which places a list shows, as SQL over their listings (`p`: places_placelisting), of which a million stay in memory.

Near a position an index yields the nearest first. In a box the best known come first: they have
indexes of their own, and the others are only looked at where those hold too few.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from engine.types import Point
from places.candidate_rows import LATITUDE_HIGH, projected
from places.indexes import BANDS
from places.listing_models import MOOD_BITS, bits_of
from places.search.types import PlaceSearch

RINGS: Final = (1 / 8, 1 / 3, 1.0)  # of the radius, in which the nearest are looked for
AWAY: Final = "p.spot <-> point(%(x)s, %(y)s)"
IN_REACH: Final = "p.spot <@ circle(point(%(x)s, %(y)s), %(reach)s)"
HAS_HOURS: Final = "p.hours IS NOT NULL AND NOT p.has_doubted_hours"
LISTED: Final = """
chosen AS MATERIALIZED (SELECT id, place FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS t (id, place))
"""
_PAGE: Final = "LIMIT %(limit)s OFFSET %(offset)s"


def choose(search: PlaceSearch, parameters: Mapping[str, Any], /) -> tuple[str, Mapping[str, Any]]:
    """
    Return SQL for `chosen`, the ids of a page and their `place` in the order, best first, and its parameters.

    Of a search without a text; `parameters` are those of `parameters_of` and of the page.
    """
    where = " AND ".join(conditions(search))
    if search.boxes:
        return choose_best_known(where), parameters
    if search.near is None:
        return _choose_in_order(search, where, "-p.popularity"), parameters
    if len(search.moods) + bool(search.categories) > 1 and search.moods:
        ids = _list_in_rings(search, f"{where} AND {IN_REACH}", parameters)
        return LISTED, {**parameters, "ids": ids}
    return _choose_in_order(search, where, AWAY, "WHERE found.rank <= %(reach)s"), parameters


def choose_best_known(where: str) -> str:
    """
    Return SQL for `chosen`: of the places `where`, the best known first, with how well known they are.

    Band by band: one is looked at only where those above it fall short of the page.
    """
    bands, missing = [], "%(reach_of_page)s"
    for number, band in enumerate(bands_of_the_known()):
        bands.append(
            f"band{number} AS MATERIALIZED (SELECT p.place_id AS id, p.popularity FROM places_placelisting p"  # noqa: S608 - own texts
            f" WHERE {where} AND {band} AND {missing} > 0"
            " ORDER BY p.popularity DESC, p.place_id LIMIT %(reach_of_page)s)"
        )
        missing += f" - (SELECT count(*) FROM band{number})"  # noqa: S608 - own texts
    every = " UNION ALL ".join(f"TABLE band{number}" for number in range(len(bands)))
    return (
        f"{', '.join(bands)}, chosen AS MATERIALIZED ("  # noqa: S608 - own texts
        "SELECT every.id, every.popularity,"
        " row_number() OVER (ORDER BY every.popularity DESC, every.id) AS place"
        f" FROM ({every}) AS every ORDER BY place {_PAGE})"
    )


def bands_of_the_known() -> Iterator[str]:
    """Yield conditions that part all places by how well known they are, the best known first."""
    above = None
    for low in (*BANDS, None):
        limits = [] if low is None else [f"p.popularity >= {low}"]
        limits += [] if above is None else [f"p.popularity < {above}"]
        yield " AND ".join(limits)
        above = low


def conditions(search: PlaceSearch) -> Iterator[str]:
    """Yield what all must meet, as indexes know it; categories and a circle around come beside."""
    yield "p.is_active"
    if search.boxes:
        boxes = (f"p.spot <@ {box_of(index)}" for index in range(len(search.boxes)))
        yield f"({' OR '.join(boxes)})"
        if search.categories:
            yield "p.category = ANY(%(categories)s)"
    for mood in dict.fromkeys(search.moods):
        yield f"(p.moods & {MOOD_BITS[mood]}) = {MOOD_BITS[mood]}"
    if search.open_at is not None:
        yield HAS_HOURS


def filters(search: PlaceSearch) -> Iterator[str]:
    """
    Yield the same, and categories and the circle, so that no index knows it.

    What a text finds is looked at one by one: to find words in what another index yields takes a hundred
    times as long, and the planner does not know.
    """
    yield "p.is_active"
    if search.near is not None:
        yield f"({AWAY}) <= %(reach)s"
    if search.boxes:
        boxes = (
            f"p.spot[0] BETWEEN %(west{n})s AND %(east{n})s AND p.spot[1] BETWEEN %(south{n})s AND %(north{n})s"
            for n in range(len(search.boxes))
        )
        yield f"({' OR '.join(boxes)})"
    if search.categories:
        yield "p.category || '' = ANY(%(categories)s)"
    if search.moods:
        bits = bits_of(search.moods)
        yield f"p.moods & {bits} >= {bits}"
    if search.open_at is not None:
        yield HAS_HOURS


def box_of(index: int | str) -> str:
    """Return the box whose corners are the parameters of `box_parameters`."""
    return (
        f"box(point(%(west{index})s, %(south{index})s), point(%(east{index})s, %(north{index})s))"
    )


def parameters_of(search: PlaceSearch) -> Iterator[tuple[str, Any]]:
    """Yield the parameters that the conditions and the order name."""
    yield "categories", list(search.categories)
    for number, category in enumerate(dict.fromkeys(search.categories)):
        yield f"category{number}", category
    if search.near is not None:
        yield from zip(("x", "y"), projected(Point(search.near.lat, search.near.lon)), strict=True)
        # The projection stretches metres by 1 / cos(latitude).
        yield "reach", search.radius_m / math.cos(math.radians(_clipped(search.near.lat)))
    for index, box in enumerate(search.boxes):
        west, south = projected(Point(box.south, box.west))
        east, north = projected(Point(box.north, box.east))
        yield f"west{index}", west
        yield f"south{index}", south
        yield f"east{index}", east
        yield f"north{index}", north


def _choose_in_order(search: PlaceSearch, where: str, rank: str, bounds: str = "") -> str:
    """
    Return SQL for `chosen` in the order that an index has: one arm, or one for each category.

    `bounds` are looked at afterwards: the planner takes so few to lie in a circle that it would not
    go from the nearest to the next.
    """
    order = "p.popularity DESC, p.place_id" if search.near is None else rank
    parts: Sequence[str] = [where]
    if search.categories:
        parts = [
            f"{where} AND p.category = %(category{number})s"
            for number in range(len(set(search.categories)))
        ]
    arms = " UNION ALL ".join(
        f"(SELECT p.place_id AS id, {rank} AS rank FROM places_placelisting p WHERE {part}"  # noqa: S608 - own texts
        f" ORDER BY {order} LIMIT %(reach_of_page)s)"
        for part in parts
    )
    return (
        "chosen AS MATERIALIZED (SELECT found.id, row_number() OVER (ORDER BY found.rank, found.id)"  # noqa: S608 - own texts
        f" AS place FROM ({arms}) AS found {bounds} ORDER BY place {_PAGE})"
    )


def _list_in_rings(search: PlaceSearch, where: str, parameters: Mapping[str, Any]) -> list[int]:
    """
    Return the ids of the page of the nearest that meet several conditions.

    By circles, not one by one from the middle: few may meet all, and none behind the circle is asked
    for. Where many do, a small one holds enough.
    """
    chosen = _choose_in_order(search, where, AWAY)
    ids: list[int] = []
    for share in RINGS:
        ring = {**parameters, "reach": share * parameters["reach"]}
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {chosen} SELECT id FROM chosen ORDER BY place", ring)  # noqa: S608 - own texts
            ids = [place for (place,) in cursor.fetchall()]
        if len(ids) == parameters["limit"]:
            break
    return ids


def _clipped(latitude: float) -> float:
    return max(-LATITUDE_HIGH, min(LATITUDE_HIGH, latitude))
