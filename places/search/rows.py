"""
The query behind `places.search.selectors.search_places`.

First it chooses which places, from indexes alone as far as it can, then it reads what a list shows of
them. Near a position the planar index yields the nearest first. In a box the best known come first:
they have planar indexes of their own, and the others are only looked at where those hold too few. A
text is sought in names (`places.search.named`) and, where these are few, by what it means: its vector
among those of the places ("조용한 카페", "rooftop bar").
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.db import connection

from engine.catalogue import CATEGORIES
from engine.embedding.meaning import concepts_in, says_more_than_concepts
from places.indexes import BANDS
from places.search.named import Names, NameSearch, Scored
from places.search.spelt import is_initials
from places.search.types import PlaceSearch
from places.services.describing import label_of_vectors
from places.services.encoding import as_text, current_encoder
from places.services.vector_index import STANDS

MEANT_HIGH: Final = 100
# Near a position what the nearest so many mean is compared, in a box or with a mood the best known so many.
COMPARED_HIGH: Final = 1_000
# Less alike than this have little to do with each other, unless the text names their kind; and
# whatever a text means, a name that it spells comes first.
ALIKE_LOW: Final = 0.2
_MEANT: Final = "least(0.6, 0.9 * meant.alike)"
RINGS: Final = (1 / 8, 1 / 3, 1.0)  # of the radius, in which the nearest with a mood are looked for
LATITUDE_HIGH: Final = 85.0  # where the planar projection ends

_COLUMNS: Final = """
p.public_id, p.names, p.category, p.city_id, ST_Y(p.location), ST_X(p.location), p.address,
p.cost_low, p.cost_high, p.currency, p.cost_provenance, p.stay_min, p.mood_scores, p.popularity
"""
_DOUBTED: Final = """EXISTS (SELECT FROM places_factconfidence d
    WHERE d.place_id = p.id AND d.fact = 'hours' AND d.is_doubted)"""
_FACETS: Final = """
SELECT 'all', '', count(*) FROM chosen
UNION ALL SELECT 'category', category, count(*) FROM counted GROUP BY category
UNION ALL SELECT 'mood', mood, count(*) FROM counted, jsonb_object_keys(mood_scores) AS mood GROUP BY mood
"""
_DISTANCE: Final = "ST_DistanceSphere(p.location, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))"
_ORIGIN: Final = "ST_Transform(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 3857)"
_AWAY: Final = f"p.planar <-> {_ORIGIN}"
# The projection stretches metres by 1 / cos(latitude).
_REACH: Final = "%(reach)s"
_IN_REACH: Final = f"ST_DWithin(p.planar, {_ORIGIN}, {_REACH})"
_LISTED: Final = """
chosen AS MATERIALIZED (SELECT id, place FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS t (id, place))
"""
_PAGE: Final = "LIMIT %(limit)s OFFSET %(offset)s"


def list_rows(search: PlaceSearch, /, *, limit: int, offset: int) -> list[tuple[Any, ...]]:
    """
    Return rows of _COLUMNS, the distance in metres or None, and the hours and whether visitors doubt
    them (looked up only for `open_at`), best first. One query behind those that find a text.
    """
    distance = "NULL::float8" if search.near is None else _DISTANCE
    hours = "NULL, false" if search.open_at is None else f"p.hours::text, {_DOUBTED}"
    return _run(
        search,
        f"SELECT {_COLUMNS}, {distance}, {hours}"  # noqa: S608 - own texts
        " FROM chosen JOIN places_place p ON p.id = chosen.id ORDER BY chosen.place",
        limit=limit,
        offset=offset,
    )


def list_facet_rows(search: PlaceSearch, /, *, limit: int) -> list[tuple[Any, ...]]:
    """Return (id, city, category, moods, hours, whether doubted) of what matches, best first."""
    return _run(
        search,
        f"SELECT p.public_id, p.city_id, p.category, p.mood_scores, p.hours::text, {_DOUBTED}"  # noqa: S608 - own texts
        " FROM chosen JOIN places_place p ON p.id = chosen.id ORDER BY chosen.place",
        limit=limit,
    )


def count_facet_rows(search: PlaceSearch, /, *, limit: int) -> list[tuple[str, str, int]]:
    """
    Return (what, its name, how many) of the best `limit` that match. One query.

    "all" counts one more where there are more than `limit`.
    """
    return _run(
        search,
        "SELECT * FROM (WITH counted AS MATERIALIZED (SELECT p.category, p.mood_scores"  # noqa: S608 - own texts
        " FROM chosen JOIN places_place p ON p.id = chosen.id WHERE chosen.place < %(limit)s)"
        f" {_FACETS}) AS facet",
        limit=limit + 1,
    )


def _run(search: PlaceSearch, query: str, *, limit: int, offset: int = 0) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {"limit": limit, "offset": offset}
    parameters |= _parameters(search)
    chosen = _choose(search, parameters)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {chosen} {query}", parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _choose(search: PlaceSearch, parameters: dict[str, Any]) -> str:
    """Return SQL for `chosen`: the ids of a page and their `place` in the order, best first."""
    where = " AND ".join(_conditions(search))
    parameters["reach_of_page"] = parameters["limit"] + parameters["offset"]
    if search.text:
        parameters["ids"] = _list_by_text(search, parameters)
        return _LISTED
    if search.boxes:
        return choose_best_known(where)
    if search.near is None:
        return _choose_in_order(search, where, "-p.popularity")
    if search.moods:
        parameters["ids"] = _list_in_rings(search, f"{where} AND {_IN_REACH}", parameters)
        return _LISTED
    return _choose_in_order(search, where, _AWAY, f"WHERE found.rank <= {_REACH}")


def _choose_in_order(search: PlaceSearch, where: str, rank: str, bounds: str = "") -> str:
    """
    Return SQL for `chosen` in the order that an index has: one arm, or one for each category.

    `bounds` are looked at afterwards: the planner takes so few to lie in a circle that it would not
    go from the nearest to the next.
    """
    order = "p.popularity DESC, p.id" if search.near is None else rank
    parts = [where]
    if search.categories:
        parts = [
            f"{where} AND p.category = %(category{number})s"
            for number in range(len(set(search.categories)))
        ]
    arms = " UNION ALL ".join(
        f"(SELECT p.id, {rank} AS rank FROM places_place p WHERE {part}"  # noqa: S608 - own texts
        f" ORDER BY {order} LIMIT %(reach_of_page)s)"
        for part in parts
    )
    return (
        "chosen AS MATERIALIZED (SELECT found.id, row_number() OVER (ORDER BY found.rank, found.id)"  # noqa: S608 - own texts
        f" AS place FROM ({arms}) AS found {bounds} ORDER BY place {_PAGE})"
    )


def choose_best_known(where: str) -> str:
    """
    Return SQL for `chosen`: of the places `where`, the best known first.

    Band by band: one is looked at only where those above it fall short of the page.
    """
    bands, missing = [], "%(reach_of_page)s"
    for number, band in enumerate(bands_of_the_known()):
        bands.append(
            f"band{number} AS MATERIALIZED (SELECT p.id, p.popularity FROM places_place p"  # noqa: S608 - own texts
            f" WHERE {where} AND {band} AND {missing} > 0"
            " ORDER BY p.popularity DESC, p.id LIMIT %(reach_of_page)s)"
        )
        missing += f" - (SELECT count(*) FROM band{number})"  # noqa: S608 - own texts
    every = " UNION ALL ".join(f"TABLE band{number}" for number in range(len(bands)))
    return (
        f"{', '.join(bands)}, chosen AS MATERIALIZED ("  # noqa: S608 - own texts
        "SELECT every.id, row_number() OVER (ORDER BY every.popularity DESC, every.id) AS place"
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


def _list_in_rings(search: PlaceSearch, where: str, parameters: dict[str, Any]) -> list[int]:
    """
    Return the ids of the page of the nearest that have all moods.

    By circles, not one by one from the middle: few may have them, and none behind the circle is asked
    for. Of a frequent mood a small one holds enough, which is read without the index of moods.
    """
    chosen = _choose_in_order(search, where, _AWAY)
    ids: list[int] = []
    for share in RINGS:
        ring = {**parameters, "reach": share * parameters["reach"]}
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {chosen} SELECT id FROM chosen ORDER BY place", ring)  # noqa: S608 - own texts
            ids = [place for (place,) in cursor.fetchall()]
        if len(ids) == parameters["limit"]:
            break
    return ids


def _list_by_text(search: PlaceSearch, parameters: dict[str, Any]) -> list[int]:
    """Return the ids of the page: what the text spells, then what it nearly spells or means."""
    reach, offset = parameters["reach_of_page"], parameters["offset"]
    where = " AND ".join(_conditions(search))
    away = "NULL::float8" if search.near is None else _AWAY
    said = unicodedata.normalize("NFC", search.text).lower()
    names = NameSearch(Names(where=where, parameters=parameters, away=away, reach=reach))
    names.run(said)
    if not names.is_enough():
        rest = names.list_misspelt(said)
        # Who asks for one place by its name does not ask for others of its kind.
        if not (names.is_whole and says_more_than_concepts(said)):
            rest += _list_meant(search, said, where, away, parameters)
        names.found |= dict.fromkeys(_in_order(rest))
    return list(names.found)[offset:reach]


def _in_order(found: Iterable[Scored]) -> list[int]:
    """Return ids, the likest first; of those that are alike to a tenth the nearest, or the best known."""
    best: dict[int, Scored] = {}
    for one in found:
        if one.id not in best or best[one.id].score < one.score:
            best[one.id] = one
    rows = best.values()
    return [
        one.id
        for one in sorted(
            rows, key=lambda one: (-round(one.score, 1), one.away or 0, -one.popularity, one.id)
        )
    ]


def _list_meant(
    search: PlaceSearch, text: str, where: str, away: str, parameters: Mapping[str, Any]
) -> list[Scored]:
    """Return what the text means, if it means anything. One query."""
    concepts = frozenset() if is_initials(text) else concepts_in(text)
    # Who names a kind of place wants that kind: a quiet gallery is no quiet café.
    named = concepts & CATEGORIES.keys()
    kinds = sorted(named & set(search.categories) if named and search.categories else named)
    if not concepts or (named and not kinds):
        return []
    kinds, best = kinds or list(search.categories), ""
    encoder = current_encoder()
    (vector,) = encoder.encode([text])
    asked = {**parameters, "vector": as_text(vector), "encoder": label_of_vectors(encoder)}
    if search.near is not None:
        asked |= {f"kind{number}": kind for number, kind in enumerate(kinds)}
        of_kinds = [f" AND p.category = %(kind{number})s" for number in range(len(kinds))]
        nearest = " UNION ALL ".join(
            f"(SELECT p.* FROM places_place p WHERE p.is_active{of_kind}"  # noqa: S608 - own texts
            f" ORDER BY {_AWAY} LIMIT {COMPARED_HIGH})"
            for of_kind in of_kinds or [""]
        )
        source = f"({nearest}) AS p"
    else:
        asked["kinds"] = kinds
        where += " AND p.category = ANY(%(kinds)s)" if kinds else ""
        source = "places_place p"
        if (
            search.boxes or search.moods
        ):  # of which the best known are compared: the index passes few
            best = f"WITH {choose_best_known(where)} "
            asked |= {"reach_of_page": COMPARED_HIGH, "limit": COMPARED_HIGH, "offset": 0}
            source = "chosen JOIN places_place p ON p.id = chosen.id"
        else:
            where += f" AND (SELECT {STANDS})"  # all vectors are not compared one by one
    low = "" if named else f" WHERE meant.alike >= {ALIKE_LOW}"
    query = (
        f"{best}SELECT meant.id, {_MEANT}, meant.popularity, meant.away FROM ("  # noqa: S608 - own texts
        f"SELECT p.id, p.popularity, {away} AS away,"
        f" 1 - (p.embedding <=> %(vector)s::vector) AS alike FROM {source}"
        f" WHERE {where} AND p.encoder = %(encoder)s"
        f" ORDER BY p.embedding <=> %(vector)s::vector LIMIT {MEANT_HIGH}) AS meant{low}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return [Scored(*row) for row in cursor.fetchall()]


def _conditions(search: PlaceSearch) -> Iterator[str]:
    """Yield what all must meet; of a search without a text, categories and the circle come beside."""
    yield "p.is_active"
    if search.near is not None and search.text:
        yield _IN_REACH
    if search.boxes:
        boxes = (
            "p.planar && ST_Transform(ST_MakeEnvelope("
            f"%(west{index})s, %(south{index})s, %(east{index})s, %(north{index})s, 4326), 3857)"
            for index in range(len(search.boxes))
        )
        yield f"({' OR '.join(boxes)})"
    if search.categories and (search.text or search.boxes):
        # What is common is not looked up beside a text: that is longer than to pass others over.
        is_common = search.text and any(CATEGORIES[name].food for name in search.categories)
        category = "p.category || ''" if is_common else "p.category"
        yield f"{category} = ANY(%(categories)s)"
    if search.moods:
        yield "p.mood_scores ?& %(moods)s"


def _parameters(search: PlaceSearch) -> Iterator[tuple[str, Any]]:
    yield "categories", list(search.categories)
    for number, category in enumerate(dict.fromkeys(search.categories)):
        yield f"category{number}", category
    yield "moods", list(search.moods)
    if search.near is not None:
        yield "lat", _clipped(search.near.lat)
        yield "lon", search.near.lon
        yield "reach", search.radius_m / math.cos(math.radians(_clipped(search.near.lat)))
    for index, box in enumerate(search.boxes):
        yield f"west{index}", box.west
        yield f"east{index}", box.east
        yield f"south{index}", _clipped(box.south)
        yield f"north{index}", _clipped(box.north)


def _clipped(latitude: float) -> float:
    return max(-LATITUDE_HIGH, min(LATITUDE_HIGH, latitude))
