"""
Which clean rows may have to do with each other: as one place, one site, or a part and its whole.

A change of one row can change what is made of these and of no others, so that only they are judged
anew. Each row is stored under keys (its names, its address, the cell of a grid it lies in) and asks
for the keys of all that it could be related to; `are_related` then looks at the two themselves. It
may say yes too often, which costs time, but never no where grouping or attaching would see a bond.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import Final

from places.adapters.cleaning import road_address
from places.services.attaching import (
    CAMPUS_REACH_M,
    DESIGNATIONS,
    HALL,
    KEEPERS,
    NAMESAKE_REACH_M,
    SITE_NAME,
    bare_site_name,
    is_designation,
    leading_word,
)
from places.services.grouping import NEIGHBOUR_DEGREES, SAME_SPOT_M, SITE_REACH_M, is_one_site
from places.services.likeness import is_likely_same, is_owned, may_be_alike
from places.services.locating import METRES_PER_DEGREE, distance_m, metres
from places.services.merging import (
    ENTRANCE_REACH_M,
    FOOD,
    FOOD_REACH_M,
    asides,
    bare_key,
    english_key,
    is_same,
    joined,
    name_key,
)
from places.types import Draft

ENTRANCES: Final = ("입구", "정문", "후문", "출입구")
KEY_BYTES: Final = 8


@dataclass(frozen=True)
class Known:
    """A clean row that is being judged; `order` is its place among all: by source, then by age."""

    raw_id: int
    order: tuple[int, int]
    draft: Draft
    is_missing: bool = False  # from the last listing of its source

    @cached_property
    def faces(self) -> tuple[Draft, ...]:
        return faces_of(self.draft)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return all that the draft is called, by whichever face."""
        return frozenset(name for face in self.faces for name in _names(face))

    @cached_property
    def road(self) -> str:
        return road_address(self.draft.address)

    @cached_property
    def identifiers(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.draft.identifiers.items())

    @cached_property
    def words(self) -> frozenset[str]:
        return site_words(self.draft)

    @cached_property
    def is_entrance(self) -> bool:
        return is_gate(self.draft)

    @cached_property
    def is_designation(self) -> bool:
        return is_designation(self.draft)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What is known of a row around another before it is read whole."""

    source: str
    name: str
    longitude: float
    latitude: float


def is_gate(draft: Draft) -> bool:
    """Tell whether the name is of a way into something."""
    return name_key(draft.name).endswith(ENTRANCES)


def is_sight(draft: Draft) -> bool:
    return draft.category not in FOOD


def site_words(draft: Draft) -> frozenset[str]:
    """Return the temple, palace or school that the draft is, and that it is named after."""
    said = [bare_site_name(draft.name)]
    first = leading_word(draft.name)
    if first and (is_designation(draft) or HALL.search(draft.name)):
        said.append(first)
    return frozenset(word for word in said if SITE_NAME.fullmatch(word))


def faces_of(draft: Draft) -> tuple[Draft, ...]:
    """Return the draft, and the sites that it may stand for: "봉은사" of "봉은사 판전"."""
    if not is_designation(draft):
        return (draft,)
    words = sorted(site_words(draft) - {draft.name})
    return (draft, *(replace(draft, name=word) for word in words))


def stored_keys(draft: Draft, *, city: str) -> list[int]:
    """Return the keys under which the draft is found, sorted."""
    found = set(_words(draft))
    x, y = _cell(draft.longitude, draft.latitude)
    names = {name for face in faces_of(draft) for name in _names(face)}
    if is_sight(draft):
        found.update(f"n:{name}" for name in names)
    else:
        found.update(f"n:{name}:{x}:{y}" for name in names)
    if is_sight(draft) or is_designation(draft):
        found.add(f"c:{x}:{y}")
    if is_gate(draft):
        found.add(f"e:{x}:{y}")
    return sorted(_number(city, key) for key in found)


def asked_keys(draft: Draft, *, city: str) -> set[int]:
    """Return the keys of all that may be related to the draft, but for where it lies."""
    found = set(_words(draft))
    if is_sight(draft):
        found.update(f"n:{name}" for name in _names(draft))
    else:
        cells = _cells_within_reach(draft)
        found.update(f"n:{name}:{x}:{y}" for name in _names(draft) for x, y in cells)
    if draft.category == "market":
        found.update(f"e:{x}:{y}" for x, y in _cells_around(draft))
    return {_number(city, key) for key in found}


def asked_cells(draft: Draft, *, city: str) -> set[int]:
    """
    Return the keys of all sights around the draft, where some of them may be related to it.

    Of a dense city these are thousands: `may_matter` tells which are worth a look.
    """
    if not (is_sight(draft) or is_gate(draft) or is_designation(draft)):
        return set()
    return {_number(city, f"c:{x}:{y}") for x, y in _cells_around(draft)}


def may_matter(one: Known, neighbour: Neighbour) -> bool:
    """
    Tell whether a sight around `one` may be related to it, if no other key says so.

    Quick, and right where it says no: else they share an address, an identifier or a name, and a key.
    """
    if one.is_designation or neighbour.source == DESIGNATIONS:
        return True
    if one.is_entrance or one.draft.category == "viewpoint":
        return True
    x, y = one.draft.longitude, one.draft.latitude
    if distance_m(x, y, neighbour.longitude, neighbour.latitude) <= SAME_SPOT_M:
        return True
    return any(may_be_alike(face.name, neighbour.name) for face in one.faces)


def _words(draft: Draft) -> Iterator[str]:
    """Yield the keys that are the same for related rows, wherever they lie."""
    yield f"i:{draft.key}"
    if road := road_address(draft.address):
        yield f"r:{road}"
    if draft.address and draft.source != "osm":
        yield f"p:{draft.source}:{draft.latitude}:{draft.longitude}"
    if is_designation(draft):
        yield f"h:{round(draft.latitude, 5)}:{round(draft.longitude, 5)}"
    yield from (f"s:{word}" for word in site_words(draft))
    yield from (f"x:{kind}:{value}" for kind, value in draft.identifiers.items())


def _names(draft: Draft) -> set[str]:
    said = draft.name
    names = {name_key(said), bare_key(said), *asides(said), *joined(said), english_key(draft)}
    return names - {""}


def _cell(longitude: float, latitude: float) -> tuple[int, int]:
    """Return the cell of a grid in which related sights lie at most one cell apart."""
    return math.floor(longitude / (2 * NEIGHBOUR_DEGREES)), math.floor(latitude / NEIGHBOUR_DEGREES)


def _cells_around(draft: Draft) -> list[tuple[int, int]]:
    x, y = _cell(draft.longitude, draft.latitude)
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


def _cells_within_reach(draft: Draft) -> set[tuple[int, int]]:
    """Return the cells that a namesake of some food lies in: one, or up to four at an edge."""
    dy = FOOD_REACH_M / METRES_PER_DEGREE
    dx = dy / max(0.01, math.cos(math.radians(draft.latitude)))
    return {_cell(draft.longitude + x, draft.latitude + y) for x in (-dx, dx) for y in (-dy, dy)}


def _number(city: str, key: str) -> int:
    data = f"{city}/{key}".encode(errors="replace")
    return int.from_bytes(blake2b(data, digest_size=KEY_BYTES).digest(), signed=True)


def are_related(a: Known, b: Known) -> bool:
    """Tell whether what becomes of one may depend on the other."""
    if _is_again(a.draft, b.draft) or _share_an_address(a, b):
        return True
    if not a.identifiers.isdisjoint(b.identifiers):
        return True
    away = metres(a.draft, b.draft)
    if _may_attach(a, b, away) or _is_gate_of(a, b) or _is_gate_of(b, a):
        return True
    return _is_worth_comparing(a, b, away) and any(
        _may_be_one(face, other) for face in a.faces for other in b.faces
    )


def _is_again(a: Draft, b: Draft) -> bool:
    """Tell whether both are of one record, or of one point of a source that geocodes."""
    if a.source != b.source:
        return False
    is_one_point = a.latitude == b.latitude and a.longitude == b.longitude
    return a.ref == b.ref or (is_one_point and a.source != "osm")


def _share_an_address(a: Known, b: Known) -> bool:
    return bool(a.road) and a.road == b.road and a.draft.district == b.draft.district


def _is_worth_comparing(a: Known, b: Known, away: float) -> bool:
    """Tell whether names, spot or kind let the two be one place or site; quick where they do not."""
    if away <= SAME_SPOT_M or (a.road and a.road == b.road) or not a.names.isdisjoint(b.names):
        return True
    if a.draft.category == b.draft.category == "viewpoint":
        return True
    return any(may_be_alike(face.name, other.name) for face in a.faces for other in b.faces)


def _may_attach(a: Known, b: Known, away: float) -> bool:
    """Tell whether one may be a part of the other, or both parts of one."""
    if away <= NAMESAKE_REACH_M and not a.words.isdisjoint(b.words):
        return True
    parts = is_designation(a.draft), is_designation(b.draft)
    if all(parts):
        return _point(a.draft) == _point(b.draft)
    if not any(parts) or away > CAMPUS_REACH_M:
        return False
    keeper = b.draft if parts[0] else a.draft
    return keeper.category in KEEPERS


def _point(draft: Draft) -> tuple[float, float]:
    return round(draft.latitude, 5), round(draft.longitude, 5)


def _is_gate_of(a: Known, b: Known) -> bool:
    is_gate = a.is_entrance and b.draft.category == "market"
    return is_gate and metres(a.draft, b.draft) <= ENTRANCE_REACH_M


def _may_be_one(a: Draft, b: Draft) -> bool:
    """Tell whether the two are one place or of one site."""
    if is_same(a, b):
        return True
    if not (is_sight(a) and is_sight(b)):
        return False
    return (
        is_likely_same(a, b)
        or is_owned(a, b)
        or (metres(a, b) <= SITE_REACH_M and is_one_site(a, b))
    )
