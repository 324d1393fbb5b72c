"""
Finds places by what a text means: its vector among those of the places ("조용한 카페", "rooftop bar").

Near a position, in a box, with a mood or of a kind that the text does not name, so many of the nearest or
best known are compared; anywhere, the index of vectors is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from engine.embedding.meaning import concepts_in
from places.search.choosing import AWAY, HAS_HOURS, choose_best_known, conditions, filters
from places.search.named import Scored
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
SCORE, SCORE_HIGH = 0.9, 0.6
# Of a pool of places that was chosen before; so written that no index but the pool's own is thought of.
_COMPARED: Final = f"""
WITH {{pool}}
SELECT pool.id, 1 - (b.vector <=> %(vector)s::halfvec) AS alike, pool.popularity, pool.away
FROM pool JOIN places_placebrief b ON b.place_id = pool.id WHERE b.encoder = %(encoder)s
ORDER BY alike DESC LIMIT {MEANT_HIGH}
"""  # noqa: S608 - built from the constants above
# Of all places, along the index of vectors; the listings are asked for those alone that it finds.
_FOUND: Final = f"""
WITH meant AS MATERIALIZED (
  SELECT b.place_id AS id, 1 - (b.vector <=> %(vector)s::halfvec) AS alike FROM places_placebrief b {{beside}}
  WHERE (SELECT {STANDS}) AND {{where}} AND b.encoder = %(encoder)s
  ORDER BY b.vector <=> %(vector)s::halfvec LIMIT {MEANT_HIGH}
)
SELECT meant.id, meant.alike, p.popularity, NULL::float8
FROM meant JOIN places_placelisting p ON p.place_id = meant.id
"""  # noqa: S608 - built from the constants above
_OF_KINDS: Final = f"""
SELECT count(*) FROM (
  SELECT FROM places_placelisting p WHERE p.is_active AND p.category = ANY(%(kinds)s) LIMIT {COMPARED_HIGH + 1}
) AS of_kinds
"""  # noqa: S608 - built from the constants above


def list_meant(
    search: PlaceSearch, text: str, /, *, named: Collection[str], parameters: Mapping[str, Any]
) -> list[Scored]:
    """
    Return what the text means, if it means anything, among what `search` asks for. One to three queries.

    Who names a kind of place wants that kind, and `search` is for those alone: a quiet gallery is no quiet café.
    """
    concepts = frozenset() if is_initials(text) else concepts_in(text)
    if not named and not concepts:
        return []
    kinds = list(search.categories)
    encoder = current_encoder()
    (vector,) = encoder.encode([text])
    asked = {
        **parameters,
        "vector": as_text(vector),
        "encoder": label_of_vectors(encoder),
        **dict.fromkeys(("reach_of_page", "limit"), COMPARED_HIGH),
        "offset": 0,
        "kinds": kinds,
        **{f"kind{number}": kind for number, kind in enumerate(kinds)},
    }
    # Of these the index of vectors may pass few: it would be gone through for a hundred.
    is_narrow = bool(search.near or search.boxes or search.moods or (kinds and not named))
    if is_narrow or (kinds and _are_few(asked)):
        alike = _ask(_compared(search, kinds), asked)
    else:
        alike = _ask(_found(search, kinds), asked)
        if kinds and len(alike) < MEANT_HIGH:  # it was not gone through to its end
            alike += _ask(_compared(search, kinds), asked)
    # All cafés are more or less quiet; not all restaurants have something of "라멘".
    is_of_kind = named and (is_narrow or concepts >= set(named))
    low = -1.0 if is_of_kind else ALIKE_LOW
    return [
        Scored(place, min(SCORE_HIGH, SCORE * likeness), popularity, away)
        for place, likeness, popularity, away in alike
        if likeness >= low
    ]


def _are_few(asked: Mapping[str, Any]) -> bool:
    """Tell whether all places of the kinds can be compared."""
    ((count,),) = _ask(_OF_KINDS, asked)
    return bool(count <= COMPARED_HIGH)


def _ask(query: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _compared(search: PlaceSearch, kinds: Sequence[str]) -> str:
    """Return SQL for the likest of the nearest or the best known, each of which is looked at."""
    if search.near is not None:
        pool = (
            "pool AS MATERIALIZED (SELECT p.place_id AS id, p.popularity, p.away"  # noqa: S608 - own texts
            f" FROM ({_nearest(kinds)}) AS p WHERE {' AND '.join(filters(search))})"
        )
        return _COMPARED.format(pool=pool)
    of_kinds = ["p.category = ANY(%(kinds)s)"] if kinds else []
    chosen = choose_best_known(" AND ".join([*conditions(search), *of_kinds]))
    pool = f"{chosen}, pool AS (SELECT *, NULL::float8 AS away FROM chosen)"  # noqa: S608 - own texts
    return _COMPARED.format(pool=pool)


def _found(search: PlaceSearch, kinds: Sequence[str]) -> str:
    """Return SQL for the likest of all places, or of those of the kinds."""
    where, beside = ["b.is_active"], ""
    if kinds:
        where.append("b.category || '' = ANY(%(kinds)s)")
    if search.open_at is not None:
        where.append(HAS_HOURS)
        beside = "JOIN places_placelisting p ON p.place_id = b.place_id"
    return _FOUND.format(where=" AND ".join(where), beside=beside)


def _nearest(kinds: Sequence[str]) -> str:
    """Return SQL for the nearest COMPARED_HIGH of each kind, or of all where none is named."""
    return " UNION ALL ".join(
        f"(SELECT *, {AWAY} AS away FROM places_placelisting p WHERE p.is_active{of_kind}"  # noqa: S608 - own texts
        f" ORDER BY {AWAY} LIMIT {COMPARED_HIGH})"
        for of_kind in [f" AND p.category = %(kind{number})s" for number in range(len(kinds))]
        or [""]
    )
