"""
The queries behind `places.search.selectors`.

First it is chosen which places, from their listings (`places.search.choosing`), then what a list shows
of them is read. A text is sought in names (`places.search.named`) and, where these are few, by what it
means (`places.search.meant`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db import connection

from engine.embedding.meaning import says_more_than_concepts
from places.search.choosing import AWAY, LISTED, choose, filters, parameters_of
from places.search.meant import list_meant
from places.search.named import SLIP_SCORE, Names, NameSearch, Scored
from places.search.reading import Reading, read_search
from places.search.spelt import Fit
from places.search.types import Entry, PlaceSearch

_COLUMNS: Final = """
p.public_id, p.names, p.category, p.city_id, ST_Y(p.location), ST_X(p.location), p.address,
p.cost_low, p.cost_high, p.currency, p.cost_provenance, p.stay_min, p.mood_scores, p.popularity
"""
_DISTANCE: Final = "ST_DistanceSphere(p.location, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))"
NAMED_LOW: Final = 0.8 * SLIP_SCORE  # so nearly spelt is no other name
_SHOWN: Final = "FROM chosen JOIN places_place p ON p.id = chosen.id ORDER BY chosen.place"
_ENTRIES: Final = """
SELECT p.place_id, p.city, p.category, p.moods, p.hours
FROM chosen JOIN places_placelisting p ON p.place_id = chosen.id ORDER BY chosen.place
"""


def list_rows(search: PlaceSearch, /, *, limit: int, offset: int) -> list[tuple[Any, ...]]:
    """
    Return rows of _COLUMNS and the distance in metres or None, best first.

    One query behind those that find a text.
    """
    chosen, parameters = _choose(search, limit=limit, offset=offset)
    return _ask(f"WITH {chosen} {_shown(search)}", {**parameters, **_origin(search)})


def show_rows(search: PlaceSearch, ids: Sequence[int], /) -> list[tuple[Any, ...]]:
    """Return what `list_rows` does of these places, in this order. One query."""
    return _ask(f"WITH {LISTED} {_shown(search)}", {"ids": list(ids), **_origin(search)})


def list_entries(search: PlaceSearch, /, *, limit: int, offset: int = 0) -> list[Entry]:
    """Return what places are told apart by, best first. One query behind those that find a text."""
    chosen, parameters = _choose(search, limit=limit, offset=offset)
    return [Entry(*row) for row in _ask(f"WITH {chosen} {_ENTRIES}", parameters)]


def _shown(search: PlaceSearch) -> str:
    distance = "NULL::float8" if search.near is None else _DISTANCE
    return f"SELECT {_COLUMNS}, {distance} {_SHOWN}"


def _origin(search: PlaceSearch) -> dict[str, float]:
    return {} if search.near is None else {"lat": search.near.lat, "lon": search.near.lon}


def _choose(search: PlaceSearch, *, limit: int, offset: int) -> tuple[str, Any]:
    parameters: dict[str, Any] = {"limit": limit, "offset": offset, "reach_of_page": limit + offset}
    parameters |= parameters_of(search)
    if not search.text:
        return choose(search, parameters)
    return LISTED, {**parameters, "ids": _list_by_text(search, parameters)}


def _list_by_text(search: PlaceSearch, parameters: dict[str, Any]) -> list[int]:
    """Return the ids of the page: what the text spells, then what it asks for, nearly spells or means."""
    reach, offset = parameters["reach_of_page"], parameters["offset"]
    said = _folded(search.text)
    reading = read_search(search.text)
    asked = reading.narrow(search)
    names = _names(search, parameters)
    names.run(said, most=_surest(reading))
    # Who asks for one place by its name does not ask for others of its kind.
    is_named = names.is_whole and says_more_than_concepts(said)
    misspelt = [] if reading.is_sure else [(names, said)]
    if asked is not None and not is_named:
        # "스타벅스 홍대" are those in 홍대, whatever they are called; "달빛 카페" is most surely a name.
        if reading.rest and not names.is_enough() and (reading.boxes or not names.found):
            # The words of a name may sound like a kind that the place is not.
            any_kind = replace(asked, categories=search.categories, moods=search.moods)
            there = _names(any_kind if reading.boxes else asked, parameters)
            rest = _folded(reading.rest)
            there.run(rest, most=Fit.WORDS if reading.boxes else Fit.BEGINS)
            names.found |= there.found
            is_named = there.is_whole
            # "스푸이스 이수" is one that stands there, or a name with a slip.
            spelt = [(there, rest), *([] if there.found else misspelt)]
            misspelt = spelt if reading.boxes else misspelt
        if reading.is_plain and not names.is_enough():
            names.found |= dict.fromkeys(entry.id for entry in list_entries(asked, limit=reach))
    if reading.is_one_word and not names.is_enough():
        names.run(said)
    if not names.is_enough():
        scored = _nearly_spelt(misspelt)
        is_named |= any(one.score >= NAMED_LOW for one in scored) and says_more_than_concepts(said)
        is_complete = reading.is_plain and not reading.moods  # all that it asks for is there
        if asked is not None and not is_named and not is_complete:
            # Of moods that the text names, what places mean says more than what is known.
            of_kinds = replace(asked, moods=search.moods)
            known = {**parameters, **dict(parameters_of(of_kinds))}
            scored += list_meant(of_kinds, said, named=reading.kinds, parameters=known)
        names.found |= dict.fromkeys(_in_order(scored))
    if asked is not None and not names.found and reading.kinds and reading.says_beside:
        # No place is known to be so; of a dish that none has, others are no answer.
        names.found |= dict.fromkeys(entry.id for entry in list_entries(asked, limit=reach))
    return list(names.found)[offset:reach]


def _nearly_spelt(asked: Iterable[tuple[NameSearch, str]]) -> list[Scored]:
    """Return names that spell a text nearly; behind the first text that is any's, only what is surely a slip."""
    scored: list[Scored] = []
    for names, text in asked:
        found = names.list_misspelt(text)
        scored += [one for one in found if not scored or one.score >= NAMED_LOW]
    return scored


def _surest(reading: Reading) -> Fit:
    """Return how nearly a name must fit the text to come before what the text asks for."""
    if reading.is_one_word:
        return Fit.WHOLE
    return Fit.BEGINS if reading.is_plain else Fit.WORDS


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _names(search: PlaceSearch, parameters: dict[str, Any]) -> NameSearch:
    return NameSearch(
        Names(
            where=" AND ".join(filters(search)),
            parameters={**parameters, **dict(parameters_of(search))},
            away="NULL::float8" if search.near is None else AWAY,
            reach=parameters["reach_of_page"],
        )
    )


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


def _ask(query: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
