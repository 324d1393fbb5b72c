"""
The two queries behind `selectors.list_candidates`.

The first finds what is near, nearest first and bounded, in brief (`PlaceBrief`); `near_rows` judges
and ranks it. The second fetches the facts of the few dozen places that were chosen. Neither makes
model instances.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
import orjson
from django.db import connection

from engine.catalogue import CATEGORIES, MODES
from engine.embedding.wishing import wish_of
from engine.types import Constraints, Point
from places.models import SIGHTS
from places.opening.types import OpeningHours

EARTH_RADIUS_M: Final = 6_378_137.0  # of the sphere that EPSG:3857 projects from
LATITUDE_HIGH: Final = 85.0  # where that projection ends

# How many of the nearest places are looked at. The sights have a number of their own, for where
# cafés stand door to door the nearest hundreds are all food; and so has each category asked for.
NEAREST: Final = 800
NEAREST_SIGHTS: Final = 250
NEAREST_ASKED: Final = 250
NEAREST_DESTINATION: Final = 250
# As the index of sights spells them, so that the database sees that it serves.
_SIGHTS: Final = "('" + "', '".join(SIGHTS) + "')"
SHORTEST_STAY_MIN: Final = 15

# An arm is nothing but "the nearest so many": the index yields them in order and stops, however dense
# or empty the city is, and there is no estimate of a radius to lead the planner astray. What is too far
# is dropped afterwards. A thousand rows come as one value for each city, packed as `near_rows` reads
# them, since to send and to read a thousand rows costs more than to find them.
_ARM: Final = """
(SELECT {is_included} AS is_included, p.city, string_agg({sent}, '')
 FROM (SELECT * FROM places_placebrief
       WHERE {within}{order}) AS p
 WHERE {among} GROUP BY p.city)"""
# Once for all arms: its text is longer than all else of the query.
_WISHED: Final = "WITH wished AS MATERIALIZED (SELECT %(wish)s::halfvec AS vector)"
_NEAREST: Final = "\n       ORDER BY spot <-> {centre} LIMIT {limit}"

# What is there on some days only, not on those of the plan, must take no place of the rank.
_THEN: Final = """(p.valid_until IS NULL
        OR p.valid_until >= %(first_day)s AND p.valid_from <= %(last_day)s)"""

_BEYOND: Final = """
SELECT count(*) FROM (
  SELECT 1 FROM places_placebrief p
  WHERE p.is_active
    AND p.spot <@ circle(point(%(origin_x)s, %(origin_y)s), 2 * %(radius)s)
    AND NOT p.spot <@ circle(point(%(origin_x)s, %(origin_y)s), %(radius)s)
    AND NOT p.category = ANY(%(avoided)s) LIMIT 1000) AS ring
"""

_FACTS: Final = """
SELECT p.id, p.public_id, coalesce(p.names ->> 'ko', p.name), coalesce(p.names ->> 'en', p.name),
       p.category, ST_Y(p.location), ST_X(p.location),
       p.address, p.cost_low, p.cost_high, p.cost_provenance, p.stay_min, p.stay_provenance,
       p.hours_source, p.hours_as_of, p.site, p.chain, p.indoor, p.mood_scores::text, p.quality,
       p.freshness, p.popularity, p.congestion_score, p.source_class, p.pets_allowed, p.wheelchair,
       p.parking, p.as_of, CASE WHEN p.encoder = %(encoder)s THEN vector_send(p.embedding) END,
       doubted.facts::text
FROM places_place p LEFT JOIN (
  SELECT d.place_id, jsonb_object_agg(d.fact, jsonb_build_array(d.confidence,
                                      (d.last_seen_at AT TIME ZONE q.time_zone)::date)) AS facts
  FROM places_factconfidence d JOIN places_place q ON q.id = d.place_id
  WHERE d.place_id = ANY(%(ids)s::bigint[]) AND d.is_doubted GROUP BY d.place_id
) AS doubted ON doubted.place_id = p.id
WHERE p.id = ANY(%(ids)s::bigint[])
"""
VECTOR: Final = 28  # its column


def reach_m(constraints: Constraints) -> float:
    """Return how far, crow-fly, a stop may lie: the mode's reach, or what the time allows."""
    profile = MODES[constraints.mode]
    way_min = max(0.0, constraints.time_budget_min - SHORTEST_STAY_MIN)
    on_foot = MODES[profile.mode.WALK]
    by_mode = max(0.0, way_min - profile.overhead_min) * profile.speed_m_per_min / profile.detour
    walked = way_min * on_foot.speed_m_per_min / on_foot.detour
    return max(150.0, min(profile.reach_high_m, max(by_mode, walked)))


def planar_reach(constraints: Constraints) -> float:
    """Return `reach_m` as it measures on the plane, which stretches with the latitude."""
    latitude = min(LATITUDE_HIGH, abs(constraints.origin.latitude))
    return reach_m(constraints) / math.cos(math.radians(latitude))


def asked_categories(constraints: Constraints) -> tuple[str, ...]:
    """Return every category that was asked for by name, in a stated order."""
    asked = (*constraints.mostly, *constraints.categories, *constraints.category_counts)
    return tuple(dict.fromkeys(asked))


def near_query(
    *, constraints: Constraints, included: Sequence[UUID] = ()
) -> tuple[str, dict[str, Any]]:
    """
    Return the first query and its parameters.

    Its rows are whether they were included, a city, and its places as `near_rows.received` says.
    """
    sent, more = _sent(constraints)
    arms, asked = _arms(constraints, sent, has_included=bool(included))
    return f"{_WISHED}{arms}" if "wish" in more else arms, {
        **_parameters(constraints),
        "included": [str(value) for value in included],
        "asked": list(asked_categories(constraints)),
        **more,
        **asked,
    }


def avoided_categories(constraints: Constraints) -> tuple[str, ...]:
    """Return the categories of which no place may come, those that are no stop unless asked for."""
    asked = asked_categories(constraints)
    never = (name for name, row in CATEGORIES.items() if not row.stop and name not in asked)
    return (*never, *(word for word in constraints.avoid if word in CATEGORIES))


def count_beyond(*, constraints: Constraints) -> int:
    """Return how many places, up to 1,000, lie out of reach but within twice of it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND, _parameters(constraints))
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def fetch_facts(*, pks: Sequence[int], encoder: str) -> Mapping[int, tuple[Any, ...]]:
    """Return the columns of `_FACTS` by primary key; a vector that `encoder` made. One query."""
    with connection.cursor() as cursor:
        # As a text, which costs a tenth of a list to pass.
        cursor.execute(_FACTS, {"ids": f"{{{','.join(map(str, pks))}}}", "encoder": encoder})
        return {row[0]: row for row in cursor.fetchall()}


@lru_cache(maxsize=65_536)
def read_stored_hours(text: str | None) -> OpeningHours | None:
    """
    Return stored hours; None for none.

    Raises:
        MalformedHours: another version wrote them.
    """
    value = None if text is None else orjson.loads(text)
    return None if value is None else OpeningHours.from_json(value)


def read_vectors(
    sent: Sequence[bytes | memoryview | None],
) -> list[npt.NDArray[np.float32] | None]:
    """
    Return the float32 vectors that `vector_send` wrote, None for none.

    Each is two counts of two bytes, then big-endian floats; all have as many.
    """
    known = [vector for vector in sent if vector is not None]
    if not known:
        return [None] * len(sent)
    table = np.frombuffer(b"".join(known), dtype=">f4").reshape(len(known), -1)
    vectors = iter(table[:, 1:].astype(np.float32))
    return [None if vector is None else next(vectors) for vector in sent]


def _parameters(constraints: Constraints) -> dict[str, Any]:
    x, y = projected(constraints.origin)
    parameters = {
        "origin_x": x,
        "origin_y": y,
        "radius": planar_reach(constraints),
        "first_day": constraints.starts_at.date(),
        "last_day": (constraints.starts_at + timedelta(minutes=constraints.time_budget_min)).date(),
        "avoided": list(avoided_categories(constraints)),
    }
    if constraints.destination is not None:
        parameters["end_x"], parameters["end_y"] = projected(constraints.destination)
    return parameters


def projected(point: Point) -> tuple[float, float]:
    """Return x and y of a point in EPSG:3857."""
    latitude = math.radians(max(-LATITUDE_HIGH, min(LATITUDE_HIGH, point.latitude)))
    x = EARTH_RADIUS_M * math.radians(point.longitude)
    return x, EARTH_RADIUS_M * math.log(math.tan(math.pi / 4 + latitude / 2))


def _point(name: str) -> str:
    return f"point(%({name}_x)s, %({name}_y)s)"


def _arms(constraints: Constraints, sent: str, *, has_included: bool) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the arms, and the parameters that it names beside the common ones."""
    origin, asked = _point("origin"), asked_categories(constraints)
    in_reach = [f"p.spot <-> {origin} <= %(radius)s", _THEN]
    unasked = [*in_reach, "NOT p.category = ANY(%(asked)s)"] if asked else in_reach
    # (the rows, how many, what of them is kept, the centre); each first condition leads to one index.
    arms = [
        ("is_active", NEAREST, [*unasked, f"p.category NOT IN {_SIGHTS}"], origin),
        (f"is_active AND category IN {_SIGHTS}", NEAREST_SIGHTS, unasked, origin),
        *(
            (f"is_active AND category = %(asked_{i})s", NEAREST_ASKED, in_reach, origin)
            for i in range(len(asked))
        ),
    ]
    if constraints.destination is not None:
        arms.append(("is_active", NEAREST_DESTINATION, in_reach, _point("end")))
    selects = [
        _ARM.format(
            is_included="false",
            sent=sent,
            within=within,
            order=_NEAREST.format(centre=centre, limit=limit),
            among=" AND ".join(among),
        )
        for within, limit, among, centre in arms
    ]
    if has_included:
        within = (
            "place_id IN (SELECT id FROM places_place WHERE public_id = ANY(%(included)s::uuid[]))"
        )
        selects.append(
            _ARM.format(is_included="true", sent=sent, within=within, order="", among="true")
        )
    return "\nUNION ALL".join(selects), {f"asked_{i}": name for i, name in enumerate(asked)}


def _sent(constraints: Constraints) -> tuple[str, dict[str, Any]]:
    """Return the SQL of one place as it is sent, and the parameters that it names."""
    parts, parameters = ["p.packed", "boolsend(p.has_doubted_hours)"], dict[str, Any]()
    if constraints.moods:
        confidences = []
        for i, mood in enumerate(constraints.moods):
            parameters[f"mood_{i}"] = mood
            confidences.append(f"coalesce((p.moods ->> %(mood_{i})s)::float, 0)")
        parts.append(f"float8send(greatest({', '.join(confidences)}))")
    wish = wish_of(query=constraints.query_embedding, taste=constraints.taste)
    if wish is not None:
        parameters["wish"] = orjson.dumps(
            wish.astype(np.float32), option=orjson.OPT_SERIALIZE_NUMPY
        ).decode()
        parameters["encoder"] = constraints.encoder
        parts.append(
            "float8send(CASE WHEN p.encoder = %(encoder)s"
            " THEN coalesce(p.vector <=> (SELECT vector FROM wished), 1) ELSE 1 END)"
        )
    return " || ".join(parts), parameters
