"""One range over all that a text says of one thing: what the prices, or the lengths, of a visit come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from engine.text.normalising import Normalised

_ALIKE: Final = 0.9  # of the confidence that is left where what is said lies within a factor of two


class Measure(Protocol):
    """An amount or a length, and where it stands in the folded text."""

    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Range:
    """From the least to the most, and the stretch of the text that says so."""

    low: int
    high: int
    confidence: float
    evidence: str


def range_over(
    measures: Sequence[Measure], /, *, text: str, folded: Normalised, reach: int, disagreeing: float
) -> Range:
    """
    Return one range over `measures`, of which there is one at least.

    The evidence goes from the first to the last, if they stand within `reach` characters. Of the
    confidence the share `disagreeing` is left where they differ by more than a factor of two.
    """
    low, high = min(one.low for one in measures), max(one.high for one in measures)
    confidence = min(one.confidence for one in measures)
    if len(measures) > 1 and high > low:
        confidence *= _ALIKE if high <= 2 * low else disagreeing
    first = min(measures, key=lambda one: one.start)
    last = max(measures, key=lambda one: one.end)
    end = last.end if last.end - first.start <= reach else first.end
    start_in_source, end_in_source = folded.span(first.start, end)
    return Range(low, high, confidence, text[start_in_source:end_in_source])
