"""What a card says of itself, in Korean or English, from facts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.types import Candidate, Constraints, Fact, Recommendation

Locale = Literal["ko", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """The words of one card; `stop_reasons` has one tuple for each stop, in order."""

    title: str
    explanation: tuple[str, ...]
    trade_offs: tuple[str, ...]
    warnings: tuple[str, ...]
    stop_reasons: tuple[tuple[str, ...], ...]


def say(*, fact: Fact, locale: Locale) -> str:
    """Return the sentence for `fact`."""
    raise NotImplementedError


def explain_card(
    *,
    recommendation: Recommendation,
    card_index: int,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    locale: Locale,
) -> CardText:
    """Return the words of the card at `card_index`, its trade-offs against the others included."""
    raise NotImplementedError
