"""What a card gains and gives up against the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.explain.wording import Wording
from engine.types import Candidate, Card, Constraints

_MINUTES_LOW: Final = 5.0  # a smaller difference is none
_COST_SHARE_LOW: Final = 0.1
_LASTS_LOW: Final = 15.0
_PLACES_NAMED: Final = 2


@dataclass(frozen=True, slots=True)
class _Difference:
    """One difference; `good` says whether most would like it."""

    key: str
    good: bool
    size: float
    values: dict[str, object]


def list_trade_offs(
    *,
    card: Card,
    others: Sequence[Card],
    constraints: Constraints,
    candidates: Sequence[Candidate],
    wording: Wording,
) -> tuple[str, ...]:
    """Return one sentence for each other card, in order."""
    return tuple(_sentence(card, other, constraints, candidates, wording) for other in others)


def _sentence(
    card: Card,
    other: Card,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    wording: Wording,
) -> str:
    differences = _differences(card, other, constraints, candidates, wording)
    good = max((d for d in differences if d.good), key=lambda d: d.size, default=None)
    bad = max((d for d in differences if not d.good), key=lambda d: d.size, default=None)
    name = wording.word("kinds", other.kind)
    if good and bad:
        first, last = _say(wording, good, 0), _say(wording, bad, 1)
        return wording.phrase("trade_offs", "both", other=name, good=first, bad=last)
    only = good or bad
    if only:
        return wording.phrase("trade_offs", "one", other=name, last=_say(wording, only, 1))
    only_here = _categories(card, candidates).keys() - _categories(other, candidates).keys()
    if only_here:
        here = [c for c in _categories(card, candidates) if c in only_here]
        categories = wording.join(
            [wording.phrase("units", "one", category=wording.category(c)) for c in here]
        )
        return wording.phrase("trade_offs", "content", other=name, categories=categories)
    elsewhere = _only_on(card, other)
    if elsewhere:
        places = wording.join([wording.place(candidates[i]) for i in elsewhere[:_PLACES_NAMED]])
        return wording.phrase("trade_offs", "elsewhere", other=name, places=places)
    return wording.phrase("trade_offs", "none", other=name)


def _only_on(card: Card, other: Card) -> list[int]:
    """Return the card's candidates that the other card does not visit, in order."""
    visited = {stop.candidate for stop in other.plan.stops}
    return [stop.candidate for stop in card.plan.stops if stop.candidate not in visited]


def _categories(card: Card, candidates: Sequence[Candidate]) -> dict[str, None]:
    """Return the categories of the card's stops, in order."""
    return dict.fromkeys(candidates[stop.candidate].category for stop in card.plan.stops)


def _say(wording: Wording, difference: _Difference, form: int) -> str:
    template = wording.phrases["differences"][difference.key][form]
    return wording.fill(template, **difference.values)


def _differences(
    card: Card,
    other: Card,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    wording: Wording,
) -> list[_Difference]:
    found = []
    cost, other_cost = _cost(card, candidates), _cost(other, candidates)
    if abs(cost - other_cost) > _COST_SHARE_LOW * max(cost, other_cost):
        amount = wording.money(abs(cost - other_cost), constraints.currency)
        size = abs(cost - other_cost) / max(cost, other_cost)
        key = "cheaper" if cost < other_cost else "dearer"
        found.append(_Difference(key, cost < other_cost, size, {"amount": amount}))
    way = _way_min(card) - _way_min(other)
    if abs(way) >= _MINUTES_LOW:
        key = "less_way" if way < 0 else "more_way"
        values = {"minutes": wording.minutes(abs(way))}
        found.append(_Difference(key, way < 0, abs(way) / 30, dict(values)))
    stops = len(card.plan.stops) - len(other.plan.stops)
    if stops:
        key = "more_stops" if stops > 0 else "fewer_stops"
        count = wording.phrase("units", "place_count", n=abs(stops))
        found.append(_Difference(key, stops > 0, abs(stops) / 3, {"count": count}))
    lasts = _lasts_min(card) - _lasts_min(other)
    if abs(lasts) >= _LASTS_LOW:
        key = "shorter" if lasts < 0 else "longer"
        values = {"minutes": wording.minutes(abs(lasts))}
        found.append(_Difference(key, lasts < 0, abs(lasts) / 120, dict(values)))
    return found


def _cost(card: Card, candidates: Sequence[Candidate]) -> int:
    return sum(candidates[stop.candidate].cost_high for stop in card.plan.stops)


def _way_min(card: Card) -> float:
    return sum(stop.travel_min for stop in card.plan.stops) + card.plan.end_travel_min


def _lasts_min(card: Card) -> float:
    return card.plan.stops[-1].leaves + card.plan.end_travel_min
