"""The last word on every card: the independent checker's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final

from engine.cards.request import Request
from engine.checks.checking import check_plan
from engine.checks.violations import Rule, Violation
from engine.types import Card

_logger = logging.getLogger(__name__)

Reporter = Callable[[Card, tuple[Violation, ...]], None]

# Rules that a card may break when it tells its reader so.
_ADMITTED: Final = {"only_food_here": Rule.ONLY_FOOD}


def log_violations(card: Card, violations: tuple[Violation, ...]) -> None:
    """Log a card that broke a rule: a bug of the planner or of the rules given to it."""
    _logger.error("dropped a %s card that breaks %s", card.kind, violations)


def verify_cards(*, request: Request, cards: Sequence[Card], report: Reporter) -> tuple[Card, ...]:
    """Return the cards that the checker finds nothing against; report the others."""
    passed = []
    for card in cards:
        violations = check_plan(
            constraints=request.constraints,
            candidates=request.candidates,
            plan=card.plan,
            travel=request.travel,
            admitted=[_ADMITTED[f.code] for f in card.warnings if f.code in _ADMITTED],
        )
        if violations:
            report(card, violations)
        else:
            passed.append(card)
    return tuple(passed)
