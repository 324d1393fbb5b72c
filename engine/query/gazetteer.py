"""
Area names: which area a name means, and where a sentence names one.

A name is looked up as it is said, by its letters and digits only, so that blanks, hyphens and case
do not matter. Exact names and aliases come first, trigrams last and only for a name given alone:
in a sentence nothing is guessed. Only areas are in here, so no shop can answer to a name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.query.area_words import AREA_WORDS, AreaWords, is_hangul
from engine.text.normalising import Normalised, match_key, normalise, trigrams
from engine.types import Point

# Of areas that lie at one place, the name means the most particular.
_KIND_ORDER: Final = ("neighbourhood", "landmark", "station", "street", "area", "district")
_METRES_PER_DEGREE: Final = 111_195.0  # on the mean sphere


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaName:
    """One area of a gazetteer, with every name it goes by."""

    slug: str
    name_ko: str
    name_en: str
    aliases: tuple[str, ...]
    kind: str  # district, neighbourhood, station, landmark, street, area
    centre: Point
    radius_m: float
    city: str = ""  # the slug of its city

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name_ko, self.name_en, *self.aliases)


class Match(StrEnum):
    """How a name was resolved."""

    NAME = "name"
    SIMILAR = "similar"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a name means: one `area`, or else the `candidates` to choose from, best first."""

    match: Match
    area: AreaName | None
    candidates: tuple[AreaName, ...]  # ambiguous: all that are meant; unknown: the most similar
    confidence: float  # 1 for a name or an alias, the share of trigrams for a similar one


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """
    An area name in a sentence.

    `start` and `end` are half-open offsets into the sentence as given; particles and the words that
    tell what kind of place it is are left out (북촌 한옥마을에서 → 북촌). `areas` has one entry
    where the name is clear, several where it is not, none for a place known to lie elsewhere.
    """

    start: int
    end: int
    text: str
    matched_end: int  # the end of all words taken up, 한옥마을 included
    areas: tuple[AreaName, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The letters and digits of a sentence, with their positions in its normalised text."""

    normalised: Normalised
    letters: str
    positions: tuple[int, ...]

    @classmethod
    def read(cls, source: str) -> _Sentence:
        normalised = normalise(source)
        positions = tuple(i for i, c in enumerate(normalised.text) if c.isalnum())
        return cls(normalised, "".join(normalised.text[i] for i in positions), positions)


class Gazetteer:
    """An index of the areas of one city; build it once for each version of the data."""

    def __init__(self, areas: Iterable[AreaName], *, words: AreaWords = AREA_WORDS) -> None:
        self.areas: Final = tuple(areas)
        self._words = words
        self._by_slug = {area.slug: area for area in self.areas}
        self._by_key = self._index()
        self._grams = [
            (trigrams(name), area) for area in self.areas for name in dict.fromkeys(area.names)
        ]
        self._elsewhere = {match_key(name) for name in words.elsewhere} - set(self._by_key)
        self._lengths = self._lengths_by_head()

    def find(self, slug: str) -> AreaName | None:
        """Return the area called `slug`."""
        return self._by_slug.get(slug)

    def resolve(self, text: str) -> Resolution:
        """
        Return what `text`, a name said alone, means.

        A trailing place word or particle is passed over: "성수 쪽", "Mangwon area".
        """
        mentions = [m for m in self.find_all(text) if m.areas]
        areas = self._lookup(match_key(text)) or (mentions[0].areas if len(mentions) == 1 else ())
        if len(areas) == 1:
            return Resolution(match=Match.NAME, area=areas[0], candidates=(), confidence=1.0)
        if areas:
            return Resolution(match=Match.AMBIGUOUS, area=None, candidates=areas, confidence=1.0)
        return self._resolve_similar(text)

    def longest_match(self, text: str, start: int = 0) -> Mention | None:
        """Return the longest area name that begins at offset `start` of `text`."""
        return next((m for m in self.find_all(text) if m.start == start), None)

    def find_all(self, text: str) -> tuple[Mention, ...]:
        """Return the area names in the sentence `text`, left to right, none overlapping."""
        sentence = _Sentence.read(text)
        mentions: list[Mention] = []
        index = 0
        after_mention = False
        while index < len(sentence.letters):
            end = 0
            if after_mention or _begins_word(sentence, index):
                end = self._match_end(sentence, index)
            after_mention = end > 0
            if end:
                self._append(mentions, self._mention(sentence, index, end))
            index = end or index + 1
        return tuple(mentions)

    def _index(self) -> dict[str, tuple[AreaName, ...]]:
        found: dict[str, list[AreaName]] = {}
        for area in self.areas:
            for key in {match_key(name) for name in area.names} - {""}:
                found.setdefault(key, []).append(area)
        return {key: _apart(areas) for key, areas in found.items()}

    def _lengths_by_head(self) -> dict[str, tuple[int, ...]]:
        """Return, for the first two letters of a name, the lengths such names have, descending."""
        lengths: dict[str, set[int]] = {}
        for key in (*self._by_key, *self._elsewhere):
            lengths.setdefault(key[:2], set()).add(len(key))
        return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in lengths.items()}

    def _lookup(self, key: str) -> tuple[AreaName, ...]:
        return self._by_key.get(key, ())

    def _match_end(self, sentence: _Sentence, index: int) -> int:
        """Return where the longest name that begins at letter `index` ends, 0 for none."""
        head = sentence.letters[index : index + 2]
        for length in self._lengths.get(head, ()):
            end = index + length
            key = sentence.letters[index:end]
            known = key in self._by_key or key in self._elsewhere
            if len(key) == length and known and self._stands(sentence, index, end):
                return end
        return 0

    def _stands(self, sentence: _Sentence, index: int, end: int) -> bool:
        """Tell whether letters [index, end) are a name here and not a part of other words."""
        text = sentence.normalised.text
        first, last = sentence.positions[index], sentence.positions[end - 1]
        return _is_unbroken(text[first : last + 1]) and self._words.allow(
            text, first, last + 1, key=sentence.letters[index:end]
        )

    def _mention(self, sentence: _Sentence, index: int, end: int) -> Mention:
        areas = self._lookup(sentence.letters[index:end])
        first, last = sentence.positions[index], sentence.positions[end - 1]
        start, matched_end = sentence.normalised.span(first, last + 1)
        said = sentence.normalised.text[first : last + 1]
        last = first + len(self._as_said(said, areas)) - 1
        stop = sentence.normalised.span(first, last + 1)[1]
        return Mention(
            start=start,
            end=stop,
            text=sentence.normalised.source[start:stop],
            matched_end=matched_end,
            areas=areas,
        )

    def _as_said(self, said: str, areas: tuple[AreaName, ...]) -> str:
        """Return the name without its kind, where that alone means the same: 북촌 한옥마을 → 북촌."""
        shorter = said
        while shorter.rpartition(" ")[2] in self._words.kind_words and " " in shorter:
            shorter = shorter.rpartition(" ")[0]
            if self._lookup(match_key(shorter)) == areas:
                return shorter
        return said

    def _append(self, mentions: list[Mention], mention: Mention) -> None:
        """Add `mention`; right after a place elsewhere it lies there too: 인천 차이나타운."""
        last = mentions[-1] if mentions else None
        if last is None or last.areas or mention.start - last.end > 1:
            mentions.append(mention)
            return
        mentions[-1] = Mention(
            start=last.start,
            end=mention.end,
            text=f"{last.text} {mention.text}",
            matched_end=mention.matched_end,
            areas=(),
        )

    def _resolve_similar(self, text: str) -> Resolution:
        ranked = self._rank(text)
        near = [area for share, area in ranked if share >= self._words.suggest_low]
        unknown = Resolution(
            match=Match.UNKNOWN,
            area=None,
            candidates=tuple(near[: self._words.suggestions]),
            confidence=0.0,
        )
        if any(not mention.areas for mention in self.find_all(text)):
            return unknown
        if not ranked or ranked[0][0] < self._words.share_low:
            return unknown
        best, area = ranked[0]
        rivals = [
            other
            for share, other in ranked[1:]
            if best - share < self._words.margin and not _is_near(area, other)
        ]
        if rivals:
            candidates = (area, *rivals)[: self._words.suggestions]
            return Resolution(
                match=Match.AMBIGUOUS, area=None, candidates=candidates, confidence=best
            )
        return Resolution(match=Match.SIMILAR, area=area, candidates=(), confidence=best)

    def _rank(self, text: str) -> list[tuple[float, AreaName]]:
        """Return each area's share of trigrams with `text`, best first, those that share any."""
        asked = trigrams(text)
        shares: dict[str, float] = {}
        for grams, area in self._grams:
            common = len(asked & grams)
            if common:
                share = common / (len(asked) + len(grams) - common)
                shares[area.slug] = max(share, shares.get(area.slug, 0.0))
        ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
        return [(share, self._by_slug[slug]) for slug, share in ranked]


def _begins_word(sentence: _Sentence, index: int) -> bool:
    """Tell whether letter `index` begins a word; Latin and Hangul letters part words too."""
    if index == 0:
        return True
    position = sentence.positions[index]
    before, here = sentence.normalised.text[position - 1], sentence.normalised.text[position]
    if not before.isalnum():
        return True
    return is_hangul(before) != is_hangul(here) and not before.isdigit() and not here.isdigit()


def _is_unbroken(said: str) -> bool:
    """Tell whether a name may be written so: short Korean names have no blank, none a comma."""
    blanks = sum(not c.isalnum() for c in said)
    if any(c in ",;!?" for c in said):
        return False
    return blanks == 0 or len(said) - blanks > (2 if is_hangul(said[0]) else 4)


def _distance_m(a: AreaName, b: AreaName) -> float:
    """Return the distance of two centres on the tangent plane, exact enough within a city."""
    north = a.centre.latitude - b.centre.latitude
    east = (a.centre.longitude - b.centre.longitude) * math.cos(math.radians(a.centre.latitude))
    return _METRES_PER_DEGREE * math.hypot(north, east)


def _is_near(a: AreaName, b: AreaName) -> bool:
    return _distance_m(a, b) <= AREA_WORDS.apart_m


def _apart(areas: Sequence[AreaName]) -> tuple[AreaName, ...]:
    """Return the areas a name can mean, one for each place, the most particular of those there."""
    kept: list[AreaName] = []
    for area in sorted(areas, key=lambda a: (_KIND_ORDER.index(a.kind), a.slug)):
        if not any(_is_near(area, other) for other in kept):
            kept.append(area)
    return tuple(kept)
