"""Which meals a sentence names, also where the word tells the time of day: 점심시간에, lunch break."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.query.readings import Unit
from engine.query.resolving import is_meal, lead_in

_TIME_FIRST: Final = frozenset({"저녁", "아침"})  # a meal only where something says so
_ABOUT_TAILS: Final = ("쯤", "경", "즈음", "무렵", "부터", "까지", "이후", "후", "전", "보다")
_EATEN_TAILS: Final = ("었", "은")  # 먹었, 먹은: before the trip
_AROUND_KO: Final = frozenset(
    {"전", "전에", "이전", "이후", "후", "후에", "뒤", "지나", "출발", "출발해서", "시작", "시작해서"}
)  # fmt: skip
_AROUND_EN: Final = frozenset(
    {"before", "after", "until", "till", "til", "by", "around", "about", "from", "since", "past"}
)


def meals(units: Sequence[Unit]) -> list[tuple[str, Unit]]:
    """Return the meals named; a word that only says when (점심 이후, 저녁 8시) names none."""
    return [
        (value, unit)
        for index, unit in enumerate(units)
        if unit.says("meals") and not unit.negated and _is_eaten(units, index)
        for value in unit.values["meals"]
    ]


def _is_eaten(units: Sequence[Unit], index: int) -> bool:
    if _is_around(units, index):
        return False
    follows = units[index + 1] if index + 1 < len(units) else None
    included = follows is not None and follows.says("includes") and not follows.gap.strip()
    if included or is_meal(units, index):
        return True
    unit = units[index]
    return unit.text not in _TIME_FIRST and not unit.tail.startswith(_ABOUT_TAILS)


def _is_around(units: Sequence[Unit], index: int) -> bool:
    """Tell whether the trip begins or ends at the meal: 점심 이후, 점심 먹고 출발, "after the lunch"."""
    unit = units[index]
    if unit.text.endswith("먹") and unit.tail.startswith(_EATEN_TAILS):
        return True
    follows = units[index + 1] if index + 1 < len(units) else None
    if follows is not None and follows.text in _AROUND_KO and not follows.gap.strip():
        return True
    return lead_in(units, unit).text in _AROUND_EN
