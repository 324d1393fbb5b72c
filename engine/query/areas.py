"""
Where a sentence wants to go: a name of the gazetteer, else what stands where names of places do.

An area that the gazetteer does not know is still an area, so that the caller can say so instead of
planning somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.query.folding import Folded, is_hangul
from engine.query.gazetteer import Gazetteer, Mention
from engine.query.readings import Item, Unit, Word

_KNOWN, _PLACED, _SHAPED, _WHOLE_CITY = 1.0, 0.6, 0.5, 0.4

_SHAPE_KO: Final = re.compile(
    r".+(?:동|역|구|길|마을|거리|사거리|시장|공원|해수욕장|해변|포구|대학교|한옥마을|\d가)$"
)
_SHAPE_EN: Final = re.compile(r"\w+ (?:dong|gu|ro|gil|myeon|eup|ri|si|do)$|\w+-(?:dong|gu|ro|gil)$")
_STATION_EN: Final = re.compile(r" station\b")  # part of the name as written
_CITY: Final = Word("cities")
_LOCATIVES: Final = ("에서", "쪽")
_NAME_ENDINGS_EN: Final = frozenset(
    {"station", "market", "village", "street", "park", "dong", "gu", "ro", "gil"}
)
_NAME_ENDINGS_KO: Final = frozenset(
    {"시장", "공원", "궁", "전통시장", "재래시장", "한강공원", "숲", "수목원"}
)
_SHORTEST_LATIN: Final = 4
_WRITTEN_ON: Final = frozenset(
    {"한옥마을", "먹자골목", "카페거리", "벽화마을"}
)  # as in 북촌한옥마을


@dataclass(frozen=True, slots=True)
class AreaFound:
    """The units that name the area, what was written, and what the gazetteer calls it."""

    start: int  # in the folded text
    end: int
    slugs: tuple[str, ...]
    confidence: float
    units: tuple[Unit, ...]
    is_city: bool = False  # a whole one


def area_items(*, folded: Folded, sentence: str, gazetteer: Gazetteer) -> Iterator[Item]:
    """Yield the area names that `gazetteer` finds in `sentence`."""
    for mention in gazetteer.find_all(sentence):
        start, end = folded.positions(mention.start, mention.end)
        station = _STATION_EN.match(folded.text, end)
        if start < end:
            named = Word("area", _slugs(mention))
            is_city = all(area.slug == area.city for area in mention.areas)
            readings = (named, _CITY) if is_city else (named,)
            yield Item(start, station.end() if station else end, readings)


def _slugs(mention: Mention) -> str:
    return " ".join(area.slug for area in mention.areas)


def find_area(
    *, units: Sequence[Unit], folded: Folded, sentence: str, kinds: Sequence[str]
) -> AreaFound | None:
    """
    Return the area that `units` name: a known one first, then the likeliest, then the first.

    A whole city gives way to what is named in it: "Prague, Vinohrady".
    """
    found = [area for i in range(len(units)) if (area := _area_at(units, i, folded, sentence))]
    if not found:
        return None
    best = max(area.confidence for area in found)
    likeliest = [area for area in found if area.confidence == best]
    chosen = min(likeliest, key=lambda area: area.is_city)
    return _without_kind(chosen, folded, kinds)


def _area_at(units: Sequence[Unit], index: int, folded: Folded, sentence: str) -> AreaFound | None:
    unit = units[index]
    if unit.negated or (index and _continues_area(units, index)):
        return None
    if unit.says("area"):
        return None if _is_origin(units, index) else _known(units, index)
    if unit.says("cities"):
        return _city(units, index)
    if not unit.unknown:
        return None
    if is_hangul(unit.text[-1]):
        return _unknown_korean(units, index)
    return _unknown_english(units, index, folded, sentence)


def _is_origin(units: Sequence[Unit], index: int) -> bool:
    """Tell whether somebody comes from there: 부산에서 친구 올라와서."""
    follows = units[index + 1 : index + 3]
    return units[index].tail.startswith("에서") and any(u.says("origins") for u in follows)


def _continues_area(units: Sequence[Unit], index: int) -> bool:
    before = units[index - 1]
    return (
        (before.says("area") or before.says("cities"))
        and not before.negated
        and before.tail == ""
        and (
            units[index].gap == " "
            and units[index].says("area")
            and units[index].text != before.text
        )
    )


def _known(units: Sequence[Unit], index: int) -> AreaFound:
    """Return the area of `units[index]` and of the names that follow it: "부산 해운대"."""
    last = index
    while last + 1 < len(units) and _continues_area(units, last + 1):
        last += 1
    elsewhere = not units[last].values["area"][0]
    follows = units[last + 1] if last + 1 < len(units) else None
    if elsewhere and follows and follows.unknown and follows.gap == " " and not units[last].tail:
        last += 1 if is_hangul(follows.text[-1]) and len(follows.text) > 1 else 0
    named = [unit for unit in units[index : last + 1] if unit.says("area")]
    slugs = tuple(named[-1].values["area"][0].split())
    return AreaFound(
        units[index].start,
        units[last].end,
        slugs,
        _KNOWN,
        tuple(units[index : last + 1]),
        is_city=named[-1].says("cities"),
    )


def _city(units: Sequence[Unit], index: int) -> AreaFound:
    """Return the city, with the area in it that follows: "서울 성수동"."""
    if index + 1 < len(units) and _continues_area(units, index + 1):
        known = _known(units, index + 1)
        return replace(known, start=units[index].start, units=(units[index], *known.units))
    return AreaFound(units[index].start, units[index].end, (), _WHOLE_CITY, (units[index],))


def _unknown_korean(units: Sequence[Unit], index: int) -> AreaFound | None:
    unit = units[index]
    follows = units[index + 1] if index + 1 < len(units) else None
    if len(unit.text) == 1:
        return None
    ends = follows is not None and follows.gap == "" and follows.text in _NAME_ENDINGS_KO
    if ends and follows is not None and not unit.tail:
        return AreaFound(unit.start, follows.end, (), _PLACED, (unit, follows))
    near = (
        follows is not None
        and (follows.says("near") or follows.says("goals"))
        and unit.tail in {"", "역"}
    )
    if near or unit.tail.startswith(_LOCATIVES):
        return AreaFound(unit.start, unit.end, (), _PLACED, (unit,))
    if _SHAPE_KO.match(unit.text) and len(unit.text) > 2:
        return AreaFound(unit.start, unit.end, (), _SHAPED, (unit,))
    return None


def _unknown_english(
    units: Sequence[Unit], index: int, folded: Folded, sentence: str
) -> AreaFound | None:
    if index and units[index - 1].unknown and units[index].gap == " ":
        return None  # read from its first word
    last = index
    while (
        last + 1 < len(units)
        and units[last + 1].gap == " "
        and not units[last].tail
        and (units[last + 1].unknown or units[last + 1].text in _NAME_ENDINGS_EN)
    ):
        last += 1
    start, end = units[index].start, units[last].end
    span = folded.span(start, end)
    written = sentence[span.start : span.end]
    placed = (
        index > 0 and units[index - 1].says("place_prepositions") and not units[index].gap.strip()
    )
    placed = placed or units[last].tail.startswith(_LOCATIVES)
    placed = placed or (last + 1 < len(units) and units[last + 1].says("near"))
    shaped = _SHAPE_EN.search(folded.text[start:end]) is not None
    if not (shaped or (placed and _reads_like_name(written))):
        return None
    return AreaFound(start, end, (), _PLACED if placed else _SHAPED, tuple(units[index : last + 1]))


def _reads_like_name(written: str) -> bool:
    letters = [c for c in written if c.isalpha()]
    return bool(letters) and (written[0].isupper() or len(letters) >= _SHORTEST_LATIN)


def _without_kind(found: AreaFound, folded: Folded, kinds: Sequence[str]) -> AreaFound:
    """Drop what kind of place it is from the name: 북촌 한옥마을 is 북촌."""
    text = folded.text[found.start : found.end]
    for kind in kinds:
        shorter = text[: -len(kind)].rstrip()
        attached = kind in _WRITTEN_ON
        if text.endswith(kind) and len(shorter) > 1 and (attached or text[len(shorter)] == " "):
            return AreaFound(
                found.start, found.start + len(shorter), found.slugs, found.confidence, found.units
            )
    return found
