"""Three cards chosen together: each the best of its kind that differs from those before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from engine.cards.drafting import (
    Draft,
    Group,
    draft,
    sense_groups,
    stops_high,
    to_plan,
    wish_groups,
)
from engine.cards.request import Request
from engine.cards.sense import asked_categories
from engine.cards.substituting import list_alternatives
from engine.cards.warning import list_warnings
from engine.catalogue import CATEGORIES
from engine.planner.problem import Problem, Solution
from engine.types import Card, CardKind, Plan

_STOPS_WITH_FOOD: Final = 3


class Planner(Protocol):
    """Solves a problem; the same problem and seed give the same solution."""

    def __call__(self, *, problem: Problem, seed: int) -> Solution: ...


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A plan of one kind and the wishes that it could not meet."""

    draft: Draft
    solution: Solution
    plan: Plan
    unmet: tuple[str, ...]


def choose_cards(*, request: Request, planner: Planner) -> tuple[Card, ...]:
    """Return up to three cards in the order of `CardKind`."""
    chosen: list[_Chosen] = []
    groups = sense_groups(request)
    for kind in CardKind:
        found = _choose(request, kind, groups, [card.plan for card in chosen], planner)
        if found is not None:
            chosen.append(found)
    used = {stop.candidate for card in chosen for stop in card.plan.stops}
    return tuple(
        Card(
            kind=card.draft.kind,
            plan=card.plan,
            alternatives=list_alternatives(
                draft=card.draft, solution=card.solution, used_elsewhere=used
            ),
            warnings=list_warnings(request=request, plan=card.plan, unmet=card.unmet),
        )
        for card in chosen
    )


def _choose(
    request: Request,
    kind: CardKind,
    groups: Sequence[Group],
    others: Sequence[Plan],
    planner: Planner,
) -> _Chosen | None:
    """Meet as many wishes as can be met together, then differ as much as can be."""
    stops = stops_high(request=request, kind=kind)
    if kind is CardKind.EASY_GOING and others:
        # A plan that is easier than the best match has fewer stops than it.
        stops = max(1, min(stops, len(others[0].stops) - 1))
    present = {request.candidates[index].category for index in request.kept}
    wishes = asked_categories(request.constraints)
    wishes = tuple(name for name in wishes if name in present)[:stops]
    refresh = _refreshment(request, stops)
    for shared in (0, 1):
        for kept, extra in _relax(wishes, refresh):
            unlike = [_unlike(plan, stops, looser=bool(shared)) for plan in others]
            wanted = wish_groups(request, wishes=kept, stops=stops)
            problem = draft(
                request=request, kind=kind, groups=[*groups, *wanted, *extra, *unlike], stops=stops
            )
            solution = planner(problem=problem.problem, seed=request.constraints.seed)
            if solution.route:
                missing = [n for n in asked_categories(request.constraints) if n not in kept]
                return _Chosen(
                    problem, solution, to_plan(draft=problem, solution=solution), tuple(missing)
                )
        if not others:
            break
    return None


def _refreshment(request: Request, stops: int) -> tuple[Group, ...]:
    """Return the group that gives a long outing for which nothing was asked something to eat."""
    if asked_categories(request.constraints) or stops < _STOPS_WITH_FOOD:
        return ()
    food = [i for i in request.kept if CATEGORIES[request.candidates[i].category].food]
    return (Group(food, at_least=1),) if food else ()


def _relax(
    wishes: tuple[str, ...], extra: tuple[Group, ...]
) -> list[tuple[tuple[str, ...], tuple[Group, ...]]]:
    """Return all wishes, then one less each time; what was not even said is given up first."""
    fewer = [(wishes[:count], ()) for count in range(len(wishes), -1, -1)]
    return [(wishes, extra), *fewer] if extra else [*fewer]


def _unlike(plan: Plan, stops: int, *, looser: bool) -> Group:
    """Limit the stops shared with `plan` to a third of the smaller plan, or to half of it."""
    smaller = min(stops, len(plan.stops))
    return Group([stop.candidate for stop in plan.stops], at_most=smaller // (2 if looser else 3))
