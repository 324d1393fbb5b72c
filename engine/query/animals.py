"""
Tells a café of animals, which is a kind of place, from a café that takes one's own.

고양이 카페, "dog cafe" and 강아지 있는 카페 are gone to for their animals, as other pastimes are; nobody brings
one along. What hangs on the animal, or stands between it and the café, says that somebody does:
강아지랑 카페, 애견동반 카페, "my dog", "dog friendly cafe".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from engine.query.readings import Unit, Word

_PASTIME: Final = Word("categories", "activity")
_CAFE: Final = frozenset({"카페", "까페", "cafe", "cafes"})
# Words under `companions` that speak of taking an animal in, or of one's own.
_TAKING: Final = re.compile(
    r"동반|프렌들리|friendly|allowed|welcome|walk|운동장|랑$|^(?:우리|울)|^my\b"
)
_OWN: Final = frozenset(
    {"with", "w", "w/", "my", "our", "her", "his", "their", "우리", "울", "내", "제"}
)
_HAVING: Final = frozenset({"있는", "보는", "키우는", "사는", "나오는", "많은", "보러"})
_SUBJECT: Final = ("", "이", "가", "들", "들이", "를", "을")


def mark_cafes(units: Sequence[Unit]) -> list[tuple[Unit, Unit]]:
    """Read an animal and the café of it as one pastime; return these pairs."""
    found = []
    for index, unit in enumerate(units[:-1]):
        if not _is_an_animal(unit) or (index and _is_own(units[index - 1], unit)):
            continue
        having = units[index + 1]
        if _is_a_cafe(having) and not (having.gap.strip() or unit.tail):
            found.append((unit, having))
        elif index + 2 < len(units) and having.text in _HAVING and unit.tail in _SUBJECT:
            cafe = units[index + 2]
            if _is_a_cafe(cafe) and not (having.gap.strip() or cafe.gap.strip()):
                found.append((unit, cafe))
    for unit in (one for pair in found for one in pair):
        unit.read_as((_PASTIME,), confidence=unit.confidence)
    return found


def negate_together(cafes: Sequence[tuple[Unit, Unit]]) -> None:
    """Let what excludes one word of a pair exclude both: "no cat cafe", 애견 카페 말고."""
    for pair in cafes:
        is_excluded = any(unit.negated for unit in pair)
        for unit in pair:
            unit.negated = is_excluded


def _is_an_animal(unit: Unit) -> bool:
    return unit.says("companions", "pet") and _TAKING.search(unit.text) is None


def _is_own(before: Unit, unit: Unit) -> bool:
    return before.text in _OWN and not unit.gap.strip()


def _is_a_cafe(unit: Unit) -> bool:
    return unit.text in _CAFE and unit.says("categories", "cafe")
