"""
What a sentence takes back or sets beside: the later of two values wins, the lesser is not asked for.

"3시간 아니 4시간", "make that 4 hours", "예산은 3만원? 4만원" take the earlier value back. 카페보다 공원 and
"rather a park than a museum" prefer one thing: the other is neither wanted nor avoided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.query.readings import Clock, Duration, Money, People, Unit, Word

_SAYS_NOTHING: Final = Word("fillers")
_MEASURES: Final = (Money, Duration, Clock, People)
_ONE_OF: Final = ("days", "area", "dayparts", "durations", "budget")
_BEFORE, _AFTER = 4, 3  # units that may stand between a correction and the values
_THINGS: Final = ("categories", "moods", "crowded", "food")
_PREFER: Final = "prefer"  # what "to" and "over" may follow
_THAN_KO: Final = ("보다", "보단", "보담")


def take_back(units: Sequence[Unit]) -> None:
    """Mark every value negated that a later one of its kind corrects."""
    for index, unit in enumerate(units):
        if unit.says("corrections"):
            _correct(units, index)
        if "?" in unit.gap and index:
            _answer(units, index)


def _kinds(unit: Unit) -> set[str]:
    kinds = {type(r).__name__ for r in unit.readings if isinstance(r, _MEASURES)}
    kinds |= {section for section in _ONE_OF if unit.says(section)}
    return {_ALIKE.get(kind, kind) for kind in kinds}


_ALIKE: Final = {"durations": "Duration", "budget": "Money"}


def _correct(units: Sequence[Unit], index: int) -> None:
    """Take back the value before the correction at `index` that the value behind it replaces."""
    for later in units[index + 1 : index + 1 + _AFTER]:
        kinds = _kinds(later)
        if not kinds:
            continue
        for earlier in units[max(0, index - _BEFORE) : index][::-1]:
            if kinds & _kinds(earlier):
                earlier.negated = True
                units[index].read_as((_SAYS_NOTHING,), confidence=1.0)  # "no wait" is no queue
                return
        return


def _answer(units: Sequence[Unit], index: int) -> None:
    """Take back an amount or a length that was asked about and then said: "3만원? 4만원으로"."""
    for later in units[index : index + _AFTER]:
        kinds = _kinds(later) & {"Money", "Duration"}
        for earlier in units[max(0, index - 2) : index]:
            if kinds & _kinds(earlier):
                earlier.negated = True


def set_aside(units: Sequence[Unit]) -> None:
    """Take its meaning from what something else is preferred to."""
    preferring: Unit | None = None
    has_better = False  # a thing was named since, and no comma came after
    for index, unit in enumerate(units):
        if set(unit.gap) & set(".;!?\n"):
            preferring = None
        has_better = has_better and "," not in unit.gap
        if _is_lesser(unit) and _is_thing(unit):
            _set_list_aside(units, index)
        # "I'd rather go to a museum" compares nothing.
        compares = preferring and (
            (has_better and _PREFER in preferring.text) or unit.text == "than"
        )
        if compares and unit.says("than"):
            _set_next_aside(units, index)
        has_better = preferring is not None and (has_better or _is_thing(unit))
        if preferring is None and unit.says("preferences"):
            preferring, has_better = unit, False


def _is_lesser(unit: Unit) -> bool:
    """Tell whether something is said to be better: 공연보다, also where 공연보 was read as "see"."""
    cut = unit.text.endswith("보") and " " not in unit.text and unit.tail[:1] in {"다", "단"}
    return unit.tail.startswith(_THAN_KO) or (cut and not unit.tail.startswith("다가"))


def _is_thing(unit: Unit) -> bool:
    return any(section in unit.values for section in _THINGS)


def _set_list_aside(units: Sequence[Unit], at: int) -> None:
    """Set aside `units[at]` with its quality and the members of its list before it."""
    while True:
        units[at].read_as((_SAYS_NOTHING,), confidence=1.0)
        before = units[at - 1] if at else None
        if before is None or units[at].gap.strip() or not _is_thing(before):
            return
        listed = before.tail in {"이나", "나", "랑", "이랑", "하고", "와", "과"}
        describes = before.says("moods") and before.tail in {"", "한", "운", "은", "는", "적인"}
        if not (listed or describes):
            return
        at -= 1


def _set_next_aside(units: Sequence[Unit], index: int) -> None:
    """Set aside the thing right behind `units[index]`, its quality included."""
    for unit in units[index + 1 : index + 4]:
        if unit.gap.strip():
            return
        if unit.says("categories") or unit.says("food"):
            unit.read_as((_SAYS_NOTHING,), confidence=1.0)
            return
        if _is_thing(unit):
            unit.read_as((_SAYS_NOTHING,), confidence=1.0)
        elif not (unit.says("fillers") or unit.says("particles")):
            return
