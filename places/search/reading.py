"""
What a text that is looked for says beside a name: where, what kind of place, how it is there.

"성수동 조용한 카페" names no place: it is read as a sentence of a trip is (`engine.query`), so that both
mean the same cafés.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from common.geo import BoundingBox
from engine.catalogue import CATEGORIES, MOODS
from engine.embedding.meaning import concepts_in
from engine.query.gazetteer import AreaName
from engine.query.types import Interpretation, Span, Understood
from engine.text.normalising import match_key
from places.search.spelt import is_initials
from places.search.types import PlaceSearch
from places.selectors import list_cities
from places.types import CitySummary
from places.vocabulary import vocabulary_of

# What a list can be narrowed down to; a text that says more is compared with what places mean.
_NARROWING: Final = frozenset({"categories", "mostly", "moods", "indoor", "area", "area_slugs"})
# Besides kinds and moods: the first is looked at, the other is where one is.
_SAID_BESIDE: Final = frozenset({"indoor", "near_by"})
_WORD: Final = re.compile(r"\S+")
_METRES_PER_DEGREE: Final = 111_320


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says; nothing, where it says nothing that we know."""

    kinds: Sequence[str] = ()  # categories that it names
    moods: Sequence[str] = ()
    is_indoor: bool = False
    boxes: Sequence[BoundingBox] = ()  # around the areas or the city that it names
    rest: str = ""  # words that may be a name, beside others that are none
    is_sure: bool = False  # every word is known, and none of them is a guess
    is_plain: bool = False  # and it says nothing but what stands above
    says_beside: bool = False  # with whom, when or for how much: "혼밥"
    is_one_word: bool = False  # that is a kind of place or how it is there

    def narrow(self, search: PlaceSearch, /) -> PlaceSearch | None:
        """
        Return the search for what the text says, without the text, or None where that contradicts `search`.

        An area that is named takes the place of the circle around a position: it says where.
        """
        kinds = self._kinds(search.categories)
        boxes = _overlaps(self.boxes, search.boxes) if self.boxes else search.boxes
        if kinds is None or (self.boxes and not boxes):
            return None
        return replace(
            search,
            text="",
            near=None if self.boxes else search.near,
            boxes=boxes,
            categories=kinds,
            moods=tuple(dict.fromkeys([*search.moods, *self.moods])),
        )

    def _kinds(self, asked: Sequence[str]) -> Sequence[str] | None:
        """Return the categories that the text and the caller both mean, None where there are none."""
        named: Collection[str] = self.kinds
        if not named and self.is_indoor:
            named = [name for name, category in CATEGORIES.items() if category.indoor]
        if not named:
            return asked
        return [kind for kind in named if not asked or kind in asked] or None


def read_search(text: str, /) -> Reading:
    """Return what a text says. One query for the cities, and one for their areas where they are new."""
    if is_initials(text):
        return Reading()
    cities = list_cities()
    vocabulary = vocabulary_of(tuple(city.data_version for city in cities))
    said = vocabulary.parser.parse(sentence=text)
    areas = [vocabulary.gazetteer.find(slug) for slug in said.area_slugs]
    boxes = [_box_of_area(area) for area in areas if area is not None]
    if said.area is not None and not boxes:
        boxes = [_box_of_city(city) for city in cities if _is_called(city, said.area.value)]
    kinds = [one.value for one in said.categories]
    is_sure = _is_sure(said, is_located=bool(boxes))
    return Reading(
        kinds=kinds or sorted(concepts_in(text) & CATEGORIES.keys()),
        moods=[one.value for one in said.moods],
        is_indoor=said.indoor is not None and said.indoor.value,
        boxes=boxes,
        rest=_rest(text, said) if boxes or kinds else "",
        is_sure=is_sure,
        is_plain=is_sure and _is_narrowing(said) and _says_no_more(text, said),
        says_beside=bool(_held(said) - _NARROWING),
        is_one_word=_is_one_word(text, [*said.categories, *said.moods]),
    )


def _is_sure(said: Interpretation, *, is_located: bool) -> bool:
    if not _held(said) or said.ignored or said.chains_wanted is not None:
        return False  # the name of a chain is a name
    if said.area is not None and not is_located:
        return False
    sure = [one.confidence for one in (*said.categories, *said.moods)]
    # A city is an area in want of a better one, which lowers its confidence, but no guess.
    sure += [said.area.confidence] if said.area is not None and said.area_slugs else []
    return min(sure, default=1) == 1


def _is_narrowing(said: Interpretation) -> bool:
    if said.indoor is not None and (said.categories or not said.indoor.value):
        return False  # "an outdoor café": not its kind tells
    return not _held(said) - _NARROWING


def _held(said: Interpretation) -> set[str]:
    """Return the fields that hold something."""
    return {name for name in said.__slots__ if getattr(said, name)}


def _says_no_more(text: str, said: Interpretation) -> bool:
    """Tell whether the words say no more than their category: "라멘" is no mere restaurant."""
    areas = () if said.area is None else said.area.spans
    concepts = concepts_in("".join(" " if _lies_in(n, areas) else c for n, c in enumerate(text)))
    kinds = {one.value for one in said.categories}
    return concepts <= {*kinds, *MOODS, *_SAID_BESIDE} and kinds <= concepts


def _lies_in(position: int, spans: Sequence[Span]) -> bool:
    return any(span.start <= position < span.end for span in spans)


def _is_one_word(text: str, said: Sequence[Understood[str]]) -> bool:
    if len(said) != 1 or len(said[0].spans) != 1:
        return False
    (span,) = said[0].spans
    return text[span.start : span.end].strip() == text.strip()


def _rest(text: str, said: Interpretation) -> str:
    """
    Return the words that nothing is known of, or that name a chain, as they stand in the text.

    Whole ones: of "고래물고기" a part is known, and it is a name.
    """
    spans = list(said.ignored)
    if said.chains_wanted is not None:
        spans += said.chains_wanted.spans
    areas = () if said.area is None else said.area.spans
    return " ".join(
        word[0]
        for word in _WORD.finditer(text)
        if any(span.start < word.end() and word.start() < span.end for span in spans)
        and not any(span.start <= word.start() < span.end for span in areas)
    )


def _is_called(city: CitySummary, name: str) -> bool:
    return match_key(name) in map(match_key, (city.name_ko, city.name_en))


def _box_of_city(city: CitySummary) -> BoundingBox:
    south, west, north, east = city.bounds
    return BoundingBox(west=west, south=south, east=east, north=north)


def _box_of_area(area: AreaName) -> BoundingBox:
    high = area.radius_m / _METRES_PER_DEGREE
    wide = high / math.cos(math.radians(area.centre.latitude))
    return BoundingBox(
        west=area.centre.longitude - wide,
        south=area.centre.latitude - high,
        east=area.centre.longitude + wide,
        north=area.centre.latitude + high,
    )


def _overlaps(named: Sequence[BoundingBox], asked: Sequence[BoundingBox]) -> Sequence[BoundingBox]:
    return [*_each_overlap(named, asked)] if asked else named


def _each_overlap(
    named: Sequence[BoundingBox], asked: Sequence[BoundingBox]
) -> Iterator[BoundingBox]:
    for one in named:
        for other in asked:
            west, east = max(one.west, other.west), min(one.east, other.east)
            south, north = max(one.south, other.south), min(one.north, other.north)
            if west < east and south < north:
                yield BoundingBox(west=west, south=south, east=east, north=north)
