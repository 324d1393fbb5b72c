"""Why there are fewer than three cards, and the smallest single wish to give up for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from math import ceil
from typing import Final

from engine.cards.request import Request
from engine.cards.sense import asked_categories
from engine.catalogue import read_data
from engine.types import Candidate, Card, Constraints, Fact, Mode, Window

_MINUTES: Final = (30.0, 60.0, 90.0)
_TIME_HIGH: Final = 960.0
_WIDER: Final = {Mode.WALK: Mode.TRANSIT, Mode.BIKE: Mode.TRANSIT, Mode.TRANSIT: Mode.CAR}
_FEW: Final = 6  # candidates under which the area itself is the reason
# What lies further away is told only where nothing nearer was left out: there is always more of it.
_REASONS: Final = ("closed", "too_dear", "excluded")
_LATER_STEP_MIN: Final = 30
_LATER_HIGH_MIN: Final = 720.0
_LATER_TRIED: Final = 3

_Relaxed = tuple[Fact, Constraints, Sequence[Candidate]]


def explain_fewer(
    *,
    request: Request,
    cards: Sequence[Card],
    dropped: Mapping[str, int],
    count_cards: Callable[[Constraints, Sequence[Candidate]], int],
) -> tuple[Fact, Fact | None]:
    """Return why there are fewer cards than three, and the relaxation that gives more, if any."""
    return _why(request, cards, dropped), _relaxation(request, cards, count_cards)


def _why(request: Request, cards: Sequence[Card], dropped: Mapping[str, int]) -> Fact:
    reasons = Counter(dropped)
    reasons.update(fact.code for fact in request.exclusions if fact is not None)
    count, kept = len(cards), len(request.kept)
    if kept > _FEW:
        return Fact("too_alike" if cards else "none_fits", {"cards": count})
    code = max((name for name in _REASONS if reasons[name]), key=reasons.__getitem__, default=None)
    if code is None and reasons["out_of_reach"]:
        code = "out_of_reach"
    if code is None:
        known = {"cards": count, "places": kept}
        return Fact("few_places", known) if kept else Fact("none_left", known)
    values = {"cards": count, "places": reasons[code]}
    return Fact(f"few_{code}", {**values, "kept": kept}) if kept else Fact(f"none_{code}", values)


def _relaxation(
    request: Request,
    cards: Sequence[Card],
    count_cards: Callable[[Constraints, Sequence[Candidate]], int],
) -> Fact | None:
    if not request.candidates:
        return None
    for fact, relaxed, places in _all_relaxations(request):
        count = count_cards(relaxed, places)
        if count > len(cards):
            return Fact(fact.code, {**fact.values, "cards": count})
    return None


def _all_relaxations(request: Request) -> Iterator[_Relaxed]:
    """Yield a later start first where nothing is open yet, else last."""
    later = list(_later_starts(request))
    if not request.kept:
        yield from later
    for fact, relaxed in _relaxations(request.constraints):
        yield fact, relaxed, request.candidates
    if request.kept:
        yield from later


def _later_starts(request: Request) -> Iterator[_Relaxed]:
    """Yield the next half hours by which places open, as far as their windows are known."""
    constraints = request.constraints
    starts = constraints.starts_at.astimezone(UTC)
    past = starts.minute + starts.second / 60
    opens = (window.opens for place in request.candidates for window in place.windows)
    marks = {
        ceil((past + minutes) / _LATER_STEP_MIN) * _LATER_STEP_MIN - past
        for minutes in opens
        if 0 < minutes <= _LATER_HIGH_MIN
    }
    for minutes in sorted(marks)[:_LATER_TRIED]:
        at = (starts + timedelta(minutes=minutes)).astimezone(constraints.starts_at.tzinfo)
        fact = Fact("later_start", {"clock": at.strftime("%H:%M"), "minutes": minutes})
        places = [_shifted(place, minutes) for place in request.candidates]
        yield fact, replace(constraints, starts_at=at), places


def _shifted(place: Candidate, minutes: float) -> Candidate:
    """Return the place with its windows in the minutes of a plan that starts later."""
    windows = tuple(
        Window(w.opens - minutes, w.closes - minutes, w.last_entry - minutes) for w in place.windows
    )
    return replace(place, windows=windows)


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
