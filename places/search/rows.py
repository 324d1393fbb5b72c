"""
The query behind `places.search.selectors.search_places`.

Near a position the planar index yields the nearest first; else the best known come first, by their
own index or, within a small box, by sorting what lies in it. A text is sought in four ways, each
on an index of its own: as part of a name, by the first consonants of its syllables (초성: ㅅㅌㅂㅅ),
spelled nearly so, letter by letter (자모), in which a slip is one letter and not a syllable, and by
what it means: its vector among those of the places ("조용한 카페", "rooftop bar").
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from engine.catalogue import CATEGORIES
from engine.embedding.meaning import concepts_in
from places.search.types import PlaceSearch
from places.services.describing import label_of_vectors
from places.services.encoding import as_text, current_encoder

# How many names each way of seeking a text may bring, of which the best are shown.
NAMES_HIGH: Final = 300
MEANT_HIGH: Final = 100
# Less alike than this have little to do with each other, unless the text names their kind; and
# whatever a text means, a name that it spells comes first.
ALIKE_LOW: Final = 0.2
_MEANT: Final = "least(0.6, 0.9 * meant.alike)"
LATITUDE_HIGH: Final = 85.0  # where the planar projection ends

# Compatibility consonants, as a keyboard types them, and the leading ones that syllables are made of.
_INITIALS: Final = dict(
    zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", map(chr, range(0x1100, 0x1113)), strict=True)
)

_COLUMNS: Final = """
p.public_id, p.names, p.category, p.city_id, ST_Y(p.location), ST_X(p.location), p.address,
p.cost_low, p.cost_high, p.currency, p.cost_provenance, p.stay_min, p.mood_scores, p.popularity,
p.hours::text
"""
_DISTANCE: Final = "ST_DistanceSphere(p.location, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))"
_ORIGIN: Final = "ST_Transform(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 3857)"
# As the indexes of the model spell them.
_LETTERS: Final = "NORMALIZE(p.name_search, NFD)"
_SOUNDS: Final = "REGEXP_REPLACE(NORMALIZE(p.name_search, NFD), '[^ᄀ-ᄒ]', '', 'g')"

_WAYS: Final = {
    "part": (
        "p.name_search LIKE %(part)s",
        "CASE WHEN %(text)s IN (lower(p.names ->> 'ko'), lower(p.names ->> 'en')) THEN 1.0 ELSE 0.8 END",
    ),
    "initials": (f"{_SOUNDS} LIKE %(initials)s", "0.7"),
    "nearly": (
        f"{_LETTERS} %%> %(letters)s",
        f"0.75 * word_similarity(%(letters)s, {_LETTERS})",
    ),
}


def list_rows(search: PlaceSearch, /, *, limit: int, offset: int) -> list[tuple[Any, ...]]:
    """Return rows of _COLUMNS and the distance in metres or None, best first. One query."""
    parameters = dict(_parameters(search), limit=limit, offset=offset)
    with connection.cursor() as cursor:
        cursor.execute(_compose(search), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def list_facet_rows(search: PlaceSearch, /, *, limit: int) -> list[tuple[Any, ...]]:
    """Return (id, city, category, moods, hours) of what matches, best first. One query."""
    parameters = dict(_parameters(search), limit=limit, offset=0)
    columns = "p.public_id, p.city_id, p.category, p.mood_scores, p.hours::text"
    with connection.cursor() as cursor:
        cursor.execute(_compose(search, columns=columns), parameters)
        rows: list[tuple[Any, ...]] = [row[:-1] for row in cursor.fetchall()]
    return rows


def _compose(search: PlaceSearch, *, columns: str = _COLUMNS) -> str:
    distance = "NULL::float8" if search.near is None else _DISTANCE
    where = " AND ".join(_conditions(search))
    if not search.text:
        order = "p.popularity DESC, p.id" if search.near is None else f"p.planar <-> {_ORIGIN}"
        return (
            f"SELECT {columns}, {distance} FROM places_place p WHERE {where}"  # noqa: S608 - own texts
            f" ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
        )
    arms = " UNION ALL ".join(_arms(search, where))
    return (
        f"SELECT {columns}, {distance}"  # noqa: S608 - own texts
        f" FROM (SELECT id, max(score) AS score FROM ({arms}) AS arm GROUP BY id) AS named"
        " JOIN places_place p ON p.id = named.id"
        f" ORDER BY round(named.score::numeric, 1) DESC, {distance}, p.popularity DESC, p.id"
        " LIMIT %(limit)s OFFSET %(offset)s"
    )


def _arms(search: PlaceSearch, where: str) -> Iterator[str]:
    is_initials = _is_initials(search.text)
    for way in ("initials",) if is_initials else ("part", "nearly"):
        match, score = _WAYS[way]
        yield (
            f"(SELECT p.id, {score} AS score FROM places_place p WHERE {where} AND {match}"  # noqa: S608 - own texts
            f" LIMIT {NAMES_HIGH})"
        )
    if not is_initials and (concepts := concepts_in(search.text)):
        # Who names a kind of place wants that kind: a quiet gallery is no quiet café.
        is_kind = bool(concepts & CATEGORIES.keys())
        kinds = " AND p.category = ANY(%(kinds)s)" if is_kind else ""
        low = "" if is_kind else f" WHERE meant.alike >= {ALIKE_LOW}"
        yield (
            f"(SELECT meant.id, {_MEANT} FROM ("  # noqa: S608 - own texts
            "SELECT p.id, 1 - (p.embedding <=> %(vector)s::vector) AS alike FROM places_place p"
            f" WHERE {where} AND p.encoder = %(encoder)s{kinds}"
            f" ORDER BY p.embedding <=> %(vector)s::vector LIMIT {MEANT_HIGH}"
            f") AS meant{low})"
        )


def _is_initials(text: str) -> bool:
    return all(letter in _INITIALS or letter == " " for letter in text)


def _conditions(search: PlaceSearch) -> Iterator[str]:
    yield "p.is_active"
    if search.near is not None:
        yield f"ST_DWithin(p.planar, {_ORIGIN}, %(reach)s)"
    if search.boxes:
        boxes = (
            "p.planar && ST_Transform(ST_MakeEnvelope("
            f"%(west{index})s, %(south{index})s, %(east{index})s, %(north{index})s, 4326), 3857)"
            for index in range(len(search.boxes))
        )
        yield f"({' OR '.join(boxes)})"
    if search.categories:
        yield "p.category = ANY(%(categories)s)"
    if search.moods:
        yield "p.mood_scores ?& %(moods)s"


def _parameters(search: PlaceSearch) -> Iterator[tuple[str, Any]]:
    yield "categories", list(search.categories)
    yield "moods", list(search.moods)
    if search.near is not None:
        yield "lat", _clipped(search.near.lat)
        yield "lon", search.near.lon
        # The projection stretches metres by 1 / cos(latitude).
        yield "reach", search.radius_m / math.cos(math.radians(_clipped(search.near.lat)))
    for index, box in enumerate(search.boxes):
        yield f"west{index}", box.west
        yield f"east{index}", box.east
        yield f"south{index}", _clipped(box.south)
        yield f"north{index}", _clipped(box.north)
    text = unicodedata.normalize("NFC", search.text).lower()
    yield "text", text
    yield "part", f"%{_escaped(text)}%"
    yield "letters", unicodedata.normalize("NFD", text)
    if text and not _is_initials(text):
        encoder = current_encoder()
        (vector,) = encoder.encode([text])
        yield "vector", as_text(vector)
        yield "encoder", label_of_vectors(encoder)
        yield "kinds", sorted(concepts_in(text) & CATEGORIES.keys())
    yield "initials", f"%{''.join(_INITIALS.get(letter, '') for letter in text)}%"


def _clipped(latitude: float) -> float:
    return max(-LATITUDE_HIGH, min(LATITUDE_HIGH, latitude))


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
