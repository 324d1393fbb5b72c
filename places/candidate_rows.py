"""
The two queries behind `selectors.list_candidates`, and what becomes of their rows.

The first finds what is near on the planar GiST index, nearest first and bounded, judges it and
ranks it within its category; it carries hours and little else. The second fetches the facts of the
few dozen places that were chosen. Neither makes model instances.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
import orjson
import structlog
from django.db import connection

from engine.catalogue import CATEGORIES, MODES
from engine.embedding.wishing import wish_of
from engine.types import Constraints, Point
from places.models import SIGHTS
from places.opening.types import MalformedHours, OpeningHours

logger = structlog.get_logger(__name__)

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

# What makes a place worth looking at before the engine scores it: each in [0, 1], by weight.
WEIGHTS: Final = {
    "proximity": 0.30,
    "popularity": 0.25,
    "quality": 0.15,
    "freshness": 0.10,
    "known_hours": 0.15,
    "mood": 0.40,
    "similarity": 0.60,
    "chain": -0.20,
}

# An arm is nothing but "the nearest so many": the index yields them in order and stops, however dense
# or empty the city is, and there is no estimate of a radius to lead the planner astray. What is too far
# is dropped afterwards. No place comes by two arms, so that nothing has to be compared by id.
_ARM: Final = """
(SELECT p.id, p.category, {is_included} AS is_included,
        p.cost_high > %(budget)s AS is_too_dear,
        (p.public_id = ANY(%(excluded)s::uuid[]) OR p.category = ANY(%(avoided)s)
         OR p.currency <> %(currency)s) AS is_excluded,
        {score} AS score
 FROM (SELECT *, planar <-> {origin} AS away_m FROM places_place
       WHERE {within}{order}) AS p
 WHERE {among})"""
_NEAREST: Final = "\n       ORDER BY planar <-> {centre} LIMIT {limit}"

# What is there on some days only, not on those of the plan, must take no place of the rank.
_THEN: Final = """(p.valid_until IS NULL
        OR p.valid_until >= %(first_day)s AND p.valid_from <= %(last_day)s)"""

_ONCE: Final = "SELECT DISTINCT ON (id) * FROM ({arms}) AS twice ORDER BY id"

# What a thousand rows are ranked by is little; hours are fetched for the hundred that are left.
_JUDGED: Final = """
WITH judged AS ({arms}),
counted AS (
  SELECT count(*) FILTER (WHERE is_too_dear AND NOT is_excluded) AS too_dear,
         count(*) FILTER (WHERE is_excluded) AS excluded,
         count(*) AS in_reach
  FROM judged
),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY category, is_too_dear OR is_excluded ORDER BY score DESC, id) AS rank
  FROM judged
)
SELECT id, ranked.category, p.city_id, p.hours::text, p.hours_provenance, p.stay_min, score,
       is_included, NOT (is_too_dear OR is_excluded) AS is_eligible,
       EXISTS (SELECT FROM places_factconfidence d
               WHERE d.place_id = p.id AND d.fact = 'hours' AND d.is_doubted) AS is_doubted, rank,
       too_dear, excluded, in_reach
FROM counted CROSS JOIN ranked JOIN places_place p USING (id)
WHERE is_included OR rank <= %(per_category)s AND (NOT (is_too_dear OR is_excluded) OR rank = 1)
ORDER BY score DESC, id
"""

_BEYOND: Final = """
SELECT count(*) FROM (
  SELECT 1 FROM places_place p
  WHERE p.is_active AND ST_DWithin(p.planar, {origin}, 2 * %(radius)s)
    AND NOT ST_DWithin(p.planar, {origin}, %(radius)s)
    AND NOT p.category = ANY(%(avoided)s) LIMIT 1000) AS ring
"""

_FACTS: Final = """
SELECT p.id, p.public_id, coalesce(p.names ->> 'ko', p.name), coalesce(p.names ->> 'en', p.name),
       p.category, ST_Y(p.location), ST_X(p.location),
       p.address, p.cost_low, p.cost_high, p.cost_provenance, p.stay_min, p.stay_provenance,
       p.hours_source, p.hours_as_of, p.site, p.chain, p.indoor, p.mood_scores::text, p.quality,
       p.freshness, p.popularity, p.congestion_score, p.source_class, p.pets_allowed, p.wheelchair,
       p.parking, p.as_of, CASE WHEN p.encoder = %(encoder)s THEN vector_send(p.embedding) END,
       (SELECT jsonb_object_agg(d.fact, jsonb_build_array(d.confidence,
                                        (d.last_seen_at AT TIME ZONE p.time_zone)::date))
        FROM places_factconfidence d WHERE d.place_id = p.id AND d.is_doubted)::text
FROM places_place p WHERE p.id = ANY(%(ids)s)
"""


class NearRow(NamedTuple):
    """One place near enough, with what decides whether it goes on."""

    pk: int
    category: str
    city: str
    hours: OpeningHours | None
    stay_min: int
    score: float
    is_included: bool
    is_eligible: bool
    is_doubted: bool  # visitors found other hours


@dataclass(frozen=True, slots=True, kw_only=True)
class NearRows:
    """The best places of each category, and what was counted on the way."""

    rows: tuple[NearRow, ...]
    too_dear: int
    excluded: int
    in_reach: int
    is_all: bool  # no category has more places than were returned


def reach_m(constraints: Constraints) -> float:
    """Return how far, crow-fly, a stop may lie: the mode's reach, or what the time allows."""
    profile = MODES[constraints.mode]
    way_min = max(0.0, constraints.time_budget_min - SHORTEST_STAY_MIN)
    on_foot = MODES[profile.mode.WALK]
    by_mode = max(0.0, way_min - profile.overhead_min) * profile.speed_m_per_min / profile.detour
    walked = way_min * on_foot.speed_m_per_min / on_foot.detour
    return max(150.0, min(profile.reach_high_m, max(by_mode, walked)))


def asked_categories(constraints: Constraints) -> tuple[str, ...]:
    """Return every category that was asked for by name, in a stated order."""
    asked = (*constraints.mostly, *constraints.categories, *constraints.category_counts)
    return tuple(dict.fromkeys(asked))


def find_near(
    *,
    constraints: Constraints,
    excluded: Sequence[UUID],
    included: Sequence[UUID],
    per_category: int,
) -> NearRows:
    """Return the best `per_category` places of each category within reach. One query."""
    sql, parameters = near_query(
        constraints=constraints, excluded=excluded, included=included, per_category=per_category
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        raw = cursor.fetchall()
    rows = [
        NearRow(
            pk,
            category,
            city,
            _hours(pk, hours) if provenance != "prior" else None,
            stay_min,
            score,
            *flags,
        )
        for pk, category, city, hours, provenance, stay_min, score, *flags, _, _, _, _ in raw
    ]
    last = raw[0][-3:] if raw else (0, 0, 0)
    return NearRows(
        rows=tuple(row for row in rows if row.is_included or row.is_eligible),
        too_dear=last[0],
        excluded=last[1],
        in_reach=last[2],
        is_all=all(row[-4] < per_category for row in raw if row[8]),
    )


def near_query(
    *,
    constraints: Constraints,
    excluded: Sequence[UUID],
    included: Sequence[UUID],
    per_category: int,
) -> tuple[str, dict[str, Any]]:
    """Return the first query and its parameters; the test explains it."""
    parameters = _parameters(constraints) | {
        "excluded": [str(value) for value in excluded],
        "included": [str(value) for value in included],
        "per_category": per_category,
        "budget": constraints.budget if constraints.budget is not None else 2**31 - 1,
        "currency": constraints.currency,
        "asked": list(asked_categories(constraints)),
    }
    score, more = _score(constraints)
    arms, asked = _arms(constraints, score, has_included=bool(included))
    return _JUDGED.format(arms=arms), parameters | more | asked


def count_beyond(*, constraints: Constraints) -> int:
    """Return how many places, up to 1,000, lie out of reach but within twice of it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND.format(origin=_point("origin")), _parameters(constraints))
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def fetch_facts(*, pks: Sequence[int], encoder: str) -> Mapping[int, tuple[Any, ...]]:
    """Return the columns of `_FACTS` by primary key; a vector that `encoder` made. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"ids": list(pks), "encoder": encoder})
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


def read_vector(sent: bytes | memoryview | None) -> npt.NDArray[np.float32] | None:
    """Return the float32 vector that `vector_send` wrote: two counts, then big-endian floats."""
    if sent is None:
        return None
    return np.frombuffer(sent, dtype=">f4", offset=4).astype(np.float32)


def _hours(pk: int, text: str | None) -> OpeningHours | None:
    """Return stored hours; those that cannot be read count as unknown, and the log names them."""
    try:
        return read_stored_hours(text)
    except MalformedHours:
        # Not the reason: it quotes the hours, which may hold the place's position.
        logger.warning("place_hours_malformed", place=pk)
        return None


def _parameters(constraints: Constraints) -> dict[str, Any]:
    x, y = _projected(constraints.origin)
    asked = asked_categories(constraints)
    never = [name for name, row in CATEGORIES.items() if not row.stop and name not in asked]
    scale = math.cos(math.radians(min(LATITUDE_HIGH, abs(constraints.origin.latitude))))
    parameters = {
        "origin_x": x,
        "origin_y": y,
        "radius": reach_m(constraints) / scale,
        "first_day": constraints.starts_at.date(),
        "last_day": (constraints.starts_at + timedelta(minutes=constraints.time_budget_min)).date(),
        "avoided": [*never, *(word for word in constraints.avoid if word in CATEGORIES)],
    }
    if constraints.destination is not None:
        parameters["end_x"], parameters["end_y"] = _projected(constraints.destination)
    return parameters


def _projected(point: Point) -> tuple[float, float]:
    latitude = math.radians(max(-LATITUDE_HIGH, min(LATITUDE_HIGH, point.latitude)))
    x = EARTH_RADIUS_M * math.radians(point.longitude)
    return x, EARTH_RADIUS_M * math.log(math.tan(math.pi / 4 + latitude / 2))


def _point(name: str) -> str:
    return f"ST_SetSRID(ST_MakePoint(%({name}_x)s, %({name}_y)s), 3857)"


def _arms(
    constraints: Constraints, score: str, *, has_included: bool
) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the arms, and the parameters that it names beside the common ones."""
    origin, asked = _point("origin"), asked_categories(constraints)
    in_reach = ["p.away_m <= %(radius)s", _THEN]
    if has_included:
        in_reach.append("NOT p.public_id = ANY(%(included)s::uuid[])")
    unasked = [*in_reach, "NOT p.category = ANY(%(asked)s)"] if asked else in_reach
    # (the rows, how many, what of them is kept, the centre); each first condition leads to one index.
    arms = [
        ("true", NEAREST, ["p.is_active", *unasked, f"p.category NOT IN {_SIGHTS}"], origin),
        (f"is_active AND category IN {_SIGHTS}", NEAREST_SIGHTS, unasked, origin),
        *(
            (f"is_active AND category = %(asked_{i})s", NEAREST_ASKED, in_reach, origin)
            for i in range(len(asked))
        ),
    ]
    if constraints.destination is not None:
        arms.append(("true", NEAREST_DESTINATION, ["p.is_active", *in_reach], _point("end")))
    selects = [
        _ARM.format(
            is_included="false",
            score=score,
            origin=origin,
            within=within,
            order=_NEAREST.format(centre=centre, limit=limit),
            among=" AND ".join(among),
        )
        for within, limit, among, centre in arms
    ]
    if has_included:
        selects.append(
            _ARM.format(
                is_included="true",
                score=score,
                origin=origin,
                within="public_id = ANY(%(included)s::uuid[])",
                order="",
                among="true",
            )
        )
    union = "\nUNION ALL".join(selects)
    if constraints.destination is not None:  # what lies near both ends comes by two arms
        union = _ONCE.format(arms=union)
    return union, {f"asked_{i}": name for i, name in enumerate(asked)}


def _score(constraints: Constraints) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the score before scoring, and the parameters that it names."""
    terms = [
        f"{WEIGHTS['proximity']} * greatest(0, 1 - p.away_m / %(radius)s)",
        f"{WEIGHTS['popularity']} * p.popularity",
        f"{WEIGHTS['quality']} * p.quality",
        f"{WEIGHTS['freshness']} * p.freshness",
        f"{WEIGHTS['known_hours']} * (p.hours_provenance <> 'prior')::int",
    ]
    parameters: dict[str, Any] = {}
    if not constraints.chains_wanted:
        terms.append(f"({WEIGHTS['chain']}) * (p.chain <> '')::int")
    if constraints.moods:
        confidences = []
        for i, mood in enumerate(constraints.moods):
            parameters[f"mood_{i}"] = mood
            confidences.append(
                f"coalesce((p.mood_scores -> %(mood_{i})s ->> 'confidence')::float, 0)"
            )
        terms.append(f"{WEIGHTS['mood']} * greatest({', '.join(confidences)})")
    wish = wish_of(query=constraints.query_embedding, taste=constraints.taste)
    if wish is not None:
        parameters["wish"] = "[" + ",".join(f"{value:.6g}" for value in wish) + "]"
        parameters["encoder"] = constraints.encoder
        terms.append(
            f"{WEIGHTS['similarity']} * CASE WHEN p.encoder = %(encoder)s"
            " THEN coalesce(greatest(0, 1 - (p.embedding <=> %(wish)s::vector)), 0) ELSE 0 END"
        )
    return "\n         + ".join(terms), parameters
