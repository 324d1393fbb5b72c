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
from places.search.choosing import AWAY, choose_best_known, conditions, filters
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
_SCORE: Final = "least(0.6, 0.9 * meant.alike)"


def list_meant(
    search: PlaceSearch, text: str, /, *, named: Collection[str], parameters: Mapping[str, Any]
) -> list[Scored]:
    """
    Return what the text means, if it means anything, among what `search` asks for. One query.

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
        "kinds": kinds,
        **{f"kind{number}": kind for number, kind in enumerate(kinds)},
    }
    where = " AND ".join(
        [*filters(search), *(["p.category || '' = ANY(%(kinds)s)"] if kinds else [])]
    )
    away = "NULL::float8" if search.near is None else AWAY
    before = ""
    if search.near is not None:
        before = f"WITH chosen AS MATERIALIZED ({_nearest(kinds)}) "
        source = "chosen JOIN places_placelisting p ON p.place_id = chosen.id"
    elif search.boxes or search.moods or (search.categories and not named):
        # Of these the index of vectors may pass few: it would be gone through for a hundred.
        of_kinds = ["p.category = ANY(%(kinds)s)"] if kinds else []
        of_index = " AND ".join([*conditions(search), *of_kinds])
        before = f"WITH {choose_best_known(of_index)} "
        asked |= {"reach_of_page": COMPARED_HIGH, "limit": COMPARED_HIGH, "offset": 0}
        source = "chosen JOIN places_placelisting p ON p.place_id = chosen.id"
    else:
        where += f" AND (SELECT {STANDS})"  # all vectors are not compared one by one
        source = "places_placelisting p"
    # All cafés are more or less quiet; not all restaurants have something of "라멘".
    is_of_kind = concepts >= set(named) or before
    low = "" if named and is_of_kind else f" WHERE meant.alike >= {ALIKE_LOW}"
    query = (
        f"{before}SELECT meant.id, {_SCORE}, meant.popularity, meant.away FROM ("  # noqa: S608 - own texts
        f"SELECT p.place_id AS id, p.popularity, {away} AS away,"
        " 1 - (b.vector <=> %(vector)s::halfvec) AS alike"
        f" FROM {source} JOIN places_placebrief b ON b.place_id = p.place_id"
        f" WHERE {where} AND b.encoder = %(encoder)s"
        f" ORDER BY b.vector <=> %(vector)s::halfvec LIMIT {MEANT_HIGH}) AS meant{low}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return [Scored(*row) for row in cursor.fetchall()]


def _nearest(kinds: Sequence[str]) -> str:
    """Return SQL for the nearest COMPARED_HIGH of each kind, or of all where none is named."""
    return " UNION ALL ".join(
        f"(SELECT p.place_id AS id FROM places_placelisting p WHERE p.is_active{of_kind}"  # noqa: S608 - own texts
        f" ORDER BY {AWAY} LIMIT {COMPARED_HIGH})"
        for of_kind in [f" AND p.category = %(kind{number})s" for number in range(len(kinds))]
        or [""]
    )
