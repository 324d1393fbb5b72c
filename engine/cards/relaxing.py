"""Why there are fewer than three cards, and the smallest single wish to give up for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from engine.cards.request import Request
from engine.cards.sense import asked_categories
from engine.catalogue import read_data
from engine.types import Card, Constraints, Fact, Mode

_MINUTES: Final = (30.0, 60.0, 90.0)
_TIME_HIGH: Final = 960.0
_WIDER: Final = {Mode.WALK: Mode.TRANSIT, Mode.BIKE: Mode.TRANSIT, Mode.TRANSIT: Mode.CAR}
_FEW: Final = 6  # candidates under which the area itself is the reason


def explain_fewer(
    *,
    request: Request,
    cards: Sequence[Card],
    dropped: Mapping[str, int],
    count_cards: Callable[[Constraints], int],
) -> tuple[Fact, Fact | None]:
    """Return why there are fewer cards than three, and the relaxation that gives more, if any."""
    return _why(request, cards, dropped), _relaxation(request, cards, count_cards)


def _why(request: Request, cards: Sequence[Card], dropped: Mapping[str, int]) -> Fact:
    reasons = Counter(dropped)
    reasons.update(fact.code for fact in request.exclusions if fact is not None)
    count = len(cards)
    if not request.kept:
        code, places = reasons.most_common(1)[0] if reasons else ("nothing_in_reach", 0)
        known = code in {"closed", "too_dear", "out_of_reach"}
        return Fact(f"none_{code}" if known else "none_left", {"cards": count, "places": places})
    if len(request.kept) <= _FEW:
        return Fact("few_places", {"cards": count, "places": len(request.kept)})
    return Fact("too_alike" if cards else "none_fits", {"cards": count})


def _relaxation(
    request: Request, cards: Sequence[Card], count_cards: Callable[[Constraints], int]
) -> Fact | None:
    if not request.candidates:
        return None
    for fact, relaxed in _relaxations(request.constraints):
        count = count_cards(relaxed)
        if count > len(cards):
            return Fact(fact.code, {**fact.values, "cards": count})
    return None


def _relaxations(constraints: Constraints) -> Iterator[tuple[Fact, Constraints]]:
    """Yield single relaxations, the smallest first."""
    steps = read_data("relaxing.toml")["budget_steps"].get(constraints.currency, ())
    for minutes, step in zip(_MINUTES, (*steps, None, None, None)[:3], strict=True):
        longer = constraints.time_budget_min + minutes
        if longer <= _TIME_HIGH:
            yield (
                Fact("more_time", {"minutes": minutes}),
                replace(constraints, time_budget_min=longer),
            )
        if constraints.budget is not None and step is not None:
            yield (
                Fact("more_money", {"amount": step, "currency": constraints.currency}),
                replace(constraints, budget=constraints.budget + step),
            )
    for name in reversed(asked_categories(constraints)):
        yield Fact("drop_category", {"category": name}), _without(constraints, name)
    wider = _WIDER.get(constraints.mode)
    if wider is not None:
        yield Fact("wider_mode", {"mode": wider}), replace(constraints, mode=wider)


def _without(constraints: Constraints, category: str) -> Constraints:
    counts = {k: v for k, v in constraints.category_counts.items() if k != category}
    return replace(
        constraints,
        categories=tuple(name for name in constraints.categories if name != category),
        mostly=tuple(name for name in constraints.mostly if name != category),
        category_counts=counts,
    )
