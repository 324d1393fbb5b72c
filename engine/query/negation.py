"""
What a sentence does not want.

Korean says no behind what it rejects (카페랑 술집은 빼고, 시끄럽지 않은), English before it (no bars
or clubs). A rejection reaches as far as its own list of things and never over a full stop. What
need not be (조용하지 않아도 돼, "doesn't have to be quiet") is neither wanted nor rejected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from engine.query.readings import Clock, Duration, Money, Unit, Word

_TARGETS: Final = (
    "categories", "moods", "crowded", "modes", "indoor", "durations", "days", "dayparts", "food", "praise",
    "area", "companions", "needs", "chains_wanted", "budget", "bands",
)  # fmt: skip
_AND_TAILS: Final = frozenset(
    {
        "이나",
        "나",
        "랑",
        "이랑",
        "하고",
        "와",
        "과",
        "도",
        "이고",
        "든",
        "든지",
        "고",
        "거나",
        "이거나",
        "하거나",
    }
)
_NEGATORS: Final = frozenset({"negators_after", "negators_before", "negators_of_quality"})
_WAIVABLE: Final = ("moods", "crowded", "bands")
_OR_EN: Final = frozenset({"or", "nor"})
_NOT_BUT_KO: Final = frozenset({"말고", "말구", "아니고", "아니"})
_SAYS_NOTHING: Final = Word("fillers")
_EVEN_IF: Final = re.compile(r"(?:[아어여해워려]|더라)도$")
_LIST_SIGNS: Final = frozenset({",", "/", "·", "&", "+"})
# What may stand between going on foot and how little: 걷는 거리는 짧게.
_BETWEEN: Final = ("placeholders", "intensifiers", "particles", "place_kinds", "fillers")
# Not a walk for its own sake: 산책은 짧게 asks for one.
_ON_FOOT: Final = ("걷", "걸", "도보", "walking", "on foot")


def mark_negated(units: Sequence[Unit]) -> None:
    """Set `negated` on every unit that is named in order to be excluded."""
    _waive_qualities(units)
    for index, unit in enumerate(units):
        _reject_what_is_too_much(units, index)
        if unit.says("scant"):
            _reject_the_way(units, index)
        if _NEGATORS.isdisjoint(unit.values):
            continue
        if unit.says("negators_after"):
            _negate_before(units, index)
        if unit.says("negators_before") or unit.says("negators_of_quality"):
            _negate_after(units, index)


def _waive_qualities(units: Sequence[Unit]) -> None:
    """Take their meaning from the qualities that are not asked for."""
    for index, unit in enumerate(units):
        if unit.says("waivers") or unit.says("permits"):
            _waive(units, index)
        elif unit.tail and _is_quality(unit) and _EVEN_IF.search(unit.tail):
            unit.read_as((_SAYS_NOTHING,), confidence=1.0)  # 시끄러워도: "even if it is loud"


def _waive(units: Sequence[Unit], index: int) -> None:
    """Take its meaning from a quality that `units[index]` says is not asked for."""
    if units[index].says("waivers"):
        at = index + 1
        while at < len(units) and _is_passed_over(units[at]):
            at += 1
    else:
        at = index - 1
        if at < 0:
            return
        if units[at].says("negators_after") and _allows(units[at], units[index]):
            units[at].read_as((_SAYS_NOTHING,), confidence=1.0)
            at -= 1
        elif not _allows(units[at], units[index]):
            return
    joined = 0 <= at < len(units) and not units[max(at, index)].gap.strip()
    if joined and _is_quality(units[at]):
        units[at].read_as((_SAYS_NOTHING,), confidence=1.0)


def _is_quality(unit: Unit) -> bool:
    return any(section in unit.values for section in _WAIVABLE)


def _allows(unit: Unit, permit: Unit) -> bool:
    """Tell whether `unit` is what `permit` allows: 않아도 돼, 조용할 필요 없어, "noise is fine"."""
    named = permit.text[0] < "가" or permit.text.startswith("필요")
    return named or _EVEN_IF.search(unit.tail) is not None


def _is_target(unit: Unit) -> bool:
    return any(section in unit.values for section in _TARGETS)


def _is_measure(unit: Unit) -> bool:
    return any(isinstance(reading, Money | Duration | Clock) for reading in unit.readings)


def _kind(unit: Unit) -> str:
    if unit.says("moods", "lively"):
        return "crowded"  # one nuisance: "no crowds and loud music"
    return next((section for section in _TARGETS if section in unit.values), "")


def _negate_before(units: Sequence[Unit], index: int) -> None:
    if units[index].text == "x" and not _ends_a_clause(units, index):
        return  # 카페 x 공원 are two, 카페 X, 공원 O is none and one
    at = _before_the_wish(units, index - 1)
    while at >= 0 and not units[at + 1].gap.strip() and _is_only_placeholder(units[at]):
        at -= 1
    if at < 0 or units[at + 1].gap.strip():
        return
    if units[index].text in _NOT_BUT_KO and _is_measure(units[at]):
        units[at].negated = True  # 3만원 말고 2만원
    elif _is_target(units[at]):
        _negate_list(units, at)


def _before_the_wish(units: Sequence[Unit], at: int) -> int:
    """Return the unit before the verb of a wish at `at`: 술 마시고 싶지 않아, 걸어 올라가고 싶진 않아."""
    wish = at > 0 and units[at].text.startswith("싶") and not units[at + 1].gap.strip()
    if at >= 0 and units[at].text.endswith("고 싶") and not _is_target(units[at]):
        return at - 1
    if not wish or units[at].gap.strip() or _is_target(units[at - 1]):
        return at - 1 if wish else at
    return at - 2 if units[at - 1].says("fillers") or units[at - 1].unknown else at


def _reject_what_is_too_much(units: Sequence[Unit], index: int) -> None:
    """Exclude what is said to be too much of something: 바는 너무 시끄러워."""
    before, unit = units[index - 1] if index else None, units[index]
    if before is None or unit.text != "너무" or unit.gap.strip() or before.tail not in {"은", "는"}:
        return
    if not (before.says("categories") or before.says("area")):
        return
    before.negated = True
    for quality in units[index + 1 : index + 4]:
        if quality.gap.strip():
            return
        if quality.says("moods", "lively") or quality.says("crowded") or quality.says("bands"):
            quality.negated = True


def _reject_the_way(units: Sequence[Unit], index: int) -> None:
    """Exclude going on foot where little of it is asked for: 걷는 건 적게, "keep walking short"."""
    at = index - 1
    while at >= 0 and not units[at + 1].gap.strip() and _is_passed_over_back(units[at]):
        at -= 1
    if at < 0 or units[at + 1].gap.strip() or not units[at].says("modes", "walk"):
        return
    if units[at].text.startswith(_ON_FOOT):
        units[at].negated = True


def _is_passed_over_back(unit: Unit) -> bool:
    """Tell whether a word may stand between going on foot and how little: 걷는 *거리* 짧게."""
    known = any(unit.says(name) for name in _BETWEEN)
    return known and not _is_target(unit)


def _ends_a_clause(units: Sequence[Unit], index: int) -> bool:
    return index + 1 == len(units) or bool(units[index + 1].gap.strip())


def _negate_list(units: Sequence[Unit], at: int) -> None:
    """Exclude `units[at]` and the members of its list before it."""
    units[at].negated = True
    while at > 0:
        joined = _joins(units, at)
        if not joined:
            return
        at -= joined
        units[at].negated = True


def _is_only_placeholder(unit: Unit) -> bool:
    passes = unit.says("placeholders") or unit.says("intensifiers")
    return passes and not _is_target(unit)


def _joins(units: Sequence[Unit], at: int) -> int:
    """Return how many units before `at` stands another member of its list; 0 for none."""
    here, before = units[at], units[at - 1]
    gap = here.gap.strip()
    if not _is_target(before):
        linked = before.says("joiners") and at > 1 and _is_target(units[at - 2]) and not gap
        return 2 if linked else 0
    if gap:
        listed = gap in _LIST_SIGNS and before.tail == "" and _kind(before) == _kind(here)
        # "조용한 카페, 술집은 빼고": what is praised is wanted, and no member of the list.
        praised = _is_described(units, at - 1) and not _is_described(units, at)
        return 1 if listed and not praised else 0
    describes = _kind(here) == "categories" and _kind(before) in {"moods", "crowded"}
    listed = before.tail == "" and _kind(before) == _kind(here) in {"categories", "moods"}
    return 1 if before.tail in _AND_TAILS or describes or listed else 0


def _is_described(units: Sequence[Unit], at: int) -> bool:
    return at > 0 and units[at - 1].says("moods") and not units[at].gap.strip()


def _negate_after(units: Sequence[Unit], index: int) -> None:
    at = index + 1
    while at < len(units) and not units[at].gap.strip() and _is_passed_over(units[at]):
        at += 1
    if at >= len(units) or units[at].gap.strip() or not _is_target(units[at]):
        return
    units[at].negated = True
    # "no loud bars" rejects bars, "cozy but not loud bar" rejects none.
    whole = units[index].says("negators_before") and units[index].text != "but not"
    while True:
        reach = _reaches(units, at, whole=whole)
        if not reach:
            return
        at += reach
        units[at].negated = True


def _is_passed_over(unit: Unit) -> bool:
    passes = unit.says("particles") or unit.says("placeholders")
    return passes and not _is_target(unit)


def _reaches(units: Sequence[Unit], at: int, *, whole: bool) -> int:
    """
    Return how many units behind `at` the next excluded one stands; 0 where the list ends.

    `whole`: the thing is rejected with its quality, "no loud bars".
    """
    following = at + 1
    if following >= len(units) or units[at].tail:
        return 0
    if units[following].gap.strip():
        if units[following].gap.strip() != "," or not _list_goes_on(units, at, following):
            return 0
        last = units[following].text in _OR_EN  # "clubs, or karaoke"
        return _after_joiner(units, at, following + 1) if last else 1
    if _is_target(units[following]):
        describes = whole and _kind(units[at]) in {"moods", "crowded"}
        return (
            1 if describes and _kind(units[following]) in {"categories", "moods", "crowded"} else 0
        )
    if not units[following].says("joiners"):
        return 0
    return _after_joiner(units, at, following + 1)


def _after_joiner(units: Sequence[Unit], at: int, following: int) -> int:
    conjunction = units[following - 1].text
    kinds = {"categories", "moods", "crowded"}
    while following < len(units) and not units[following].gap.strip():
        unit = units[following]
        if _is_target(unit):
            alike = _kind(unit) == _kind(units[at]) or (
                conjunction != "and" and _kind(unit) in kinds
            )
            return following - at if alike else 0
        article = unit.text in {"a", "an"} and conjunction == "and"
        if article or not unit.says("particles"):
            return 0
        following += 1
    return 0


def _list_goes_on(units: Sequence[Unit], at: int, following: int) -> bool:
    """Tell whether "no bars, clubs or karaoke" goes on behind the comma."""
    kind = _kind(units[at])
    for unit in units[following:]:
        if unit.says("joiners") and unit.text in _OR_EN:
            return True
        if _kind(unit) != kind:
            return False
    return False
