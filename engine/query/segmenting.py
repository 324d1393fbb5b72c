"""
The cheapest way to read a sentence as known words, their particles and unknown words.

Korean writes particles on to words and leaves blanks out at will, so no cut is certain before the
whole is seen. Every cut has a cost, and the least sum is found position by position, in time linear
in the length: a long entry beats two short ones, an entry inside a longer unknown word costs more
than leaving the word unknown (아이 in 아이돌), and particles are nearly free behind a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.query.folding import is_hangul, is_stem
from engine.query.readings import Duration, Item, Money, Unit

_ITEM: Final = 0.3
_TAIL: Final = 0.05
_TAIL_OF_UNKNOWN: Final = 0.3
_UNKNOWN_SYLLABLE: Final = 1.0
_UNKNOWN_WORD: Final = 2.0  # Latin letters or digits: one word is one piece
_UNKNOWN_AFTER_ITEM: Final = 2.5
_UNKNOWN_AFTER_SYLLABLE: Final = 4.0
_UNKNOWN_AFTER_MEASURE: Final = 1.0
_ITEM_AFTER_UNKNOWN: Final = (0.0, 5.0, 1.5, 1.0, 0.5)  # by the syllables of the item, 4 or more
_SIGN: Final = 0.01  # "$20" is read whole where both are known
_LONGEST_TAIL: Final = 4

# What stands before a position: a blank or sign, a known word, one of one syllable, an unknown one,
# a measure, behind which people write on (만원컷, 3시간각).
_BREAK, _KNOWN, _SYLLABLE, _UNKNOWN, _MEASURE = range(5)


@dataclass(frozen=True, slots=True)
class Tails:
    """What may hang on a known word, endings included, and on a name, particles alone."""

    of_known: frozenset[str]
    of_unknown: frozenset[str]


class _Step(NamedTuple):
    cost: float
    start: int
    state: int
    item: Item | None
    kind: str  # "item", "tail", "unknown", "gap"


def segment(
    *, text: str, items: Mapping[int, Sequence[Item]], tails: Tails
) -> tuple[list[Unit], str]:
    """Return the units of `text` and what stands behind the last one."""
    best: list[dict[int, _Step]] = [{} for _ in range(len(text) + 1)]
    best[0][_BREAK] = _Step(0.0, -1, _BREAK, None, "gap")
    for at in range(len(text)):
        here = best[at]
        if here:
            _go_on(text, at, best, items.get(at, ()), tails)
    return _units(text, _path(best))


def _go_on(
    text: str,
    at: int,
    best: list[dict[int, _Step]],
    items: Sequence[Item],
    tails: Tails,
) -> None:
    hangul = is_hangul(text[at])
    for state, step in best[at].items():
        for item in items:
            cost = step.cost + _ITEM + _joint(state, text, item)
            after = _SYLLABLE if hangul and item.end - at == 1 else _KNOWN
            if any(isinstance(reading, Money | Duration) for reading in item.readings):
                after = _MEASURE
            _offer(best, item.end, after, _Step(cost, at, state, item, "item"))
        if hangul:
            if state != _BREAK:
                _offer_tails(text, at, state, step.cost, best, tails)
            cost = step.cost + _UNKNOWN_SYLLABLE + _parting(state)
            _offer(best, at + 1, _UNKNOWN, _Step(cost, at, state, None, "unknown"))
        elif is_stem(text[at]):
            end = _word_end(text, at)
            cost = step.cost + _UNKNOWN_WORD
            _offer(best, end, _UNKNOWN, _Step(cost, at, state, None, "unknown"))
        elif text[at].isalpha():
            cost = step.cost + _UNKNOWN_SYLLABLE
            _offer(best, at + 1, _UNKNOWN, _Step(cost, at, state, None, "unknown"))
        else:
            cost = step.cost + (0.0 if text[at] == " " else _SIGN)
            _offer(best, at + 1, _BREAK, _Step(cost, at, state, None, "gap"))


def _joint(state: int, text: str, item: Item) -> float:
    """Return what it costs to begin `item` right behind `state`."""
    if state != _UNKNOWN or not is_hangul(text[item.start]) or not is_hangul(text[item.start - 1]):
        return 0.0
    return _ITEM_AFTER_UNKNOWN[min(item.end - item.start, 4)]


def _parting(state: int) -> float:
    """Return what it costs to begin an unknown word right behind `state`."""
    if state == _KNOWN:
        return _UNKNOWN_AFTER_ITEM
    if state == _MEASURE:
        return _UNKNOWN_AFTER_MEASURE
    return _UNKNOWN_AFTER_SYLLABLE if state == _SYLLABLE else 0.0


def _offer_tails(
    text: str,
    at: int,
    state: int,
    cost: float,
    best: list[dict[int, _Step]],
    tails: Tails,
) -> None:
    price = cost + (_TAIL_OF_UNKNOWN if state == _UNKNOWN else _TAIL)
    known = tails.of_unknown if state == _UNKNOWN else tails.of_known
    for end in range(at + 1, min(at + _LONGEST_TAIL, len(text)) + 1):
        if text[at:end] in known:
            _offer(best, end, _KNOWN, _Step(price, at, state, None, "tail"))


def _offer(best: list[dict[int, _Step]], end: int, state: int, step: _Step) -> None:
    known = best[end].get(state)
    if known is None or step.cost <= known.cost:  # of equals, the one with longer words first
        best[end][state] = step


def _word_end(text: str, start: int) -> int:
    end = start + 1
    while end < len(text) and (is_stem(text[end]) or text[end] == "'"):
        end += 1
    return end


def _path(best: list[dict[int, _Step]]) -> list[tuple[_Step, int]]:
    """Return the steps of the cheapest reading with their ends, from left to right."""
    steps: list[tuple[_Step, int]] = []
    at = len(best) - 1
    state = min(best[at], key=lambda s: best[at][s].cost)
    while at > 0:
        step = best[at][state]
        steps.append((step, at))
        at, state = step.start, step.state
    return steps[::-1]


def _units(text: str, path: Sequence[tuple[_Step, int]]) -> tuple[list[Unit], str]:
    units: list[Unit] = []
    gap = ""
    before = "gap"
    for step, end in path:
        said = text[step.start : end]
        if step.kind == "gap":
            gap += said
        elif step.kind == "tail":
            units[-1].tail += said
        elif step.kind == "unknown" and before == "unknown":
            units[-1].end = end
            units[-1].text += said
        else:
            readings = step.item.readings if step.item else ()
            confidence = step.item.confidence if step.item else 0.0
            units.append(Unit(step.start, end, said, readings, confidence, gap=gap))
            gap = ""
        before = step.kind
    return units, gap
