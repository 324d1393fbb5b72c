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
)
from engine.cards.request import Request
from engine.cards.substituting import list_alternatives
from engine.cards.warning import list_warnings
from engine.cards.wishing import list_wishes
from engine.planner.problem import Problem, Solution
from engine.types import Card, CardKind, Plan

_SHORT_MIN: Final = 90.0  # up to here, short stays are better than no plan


class Planner(Protocol):
    """Solves a problem; the same problem and seed give the same solution."""

    def __call__(self, *, problem: Problem, seed: int) -> Solution: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """A plan of one kind, and how it was found."""

    draft: Draft
    solution: Solution
    plan: Plan


def choose_plans(*, request: Request, planner: Planner) -> tuple[Chosen, ...]:
    """Return up to three plans in the order of `CardKind`."""
    if not request.kept:
        return ()
    chosen: list[Chosen] = []
    groups = sense_groups(request)
    for kind in CardKind:
        found = _choose(request, kind, groups, [card.plan for card in chosen], planner)
        if found is not None:
            chosen.append(found)
        elif kind is CardKind.BEST_MATCH:
            break  # the others ask for no less
    return tuple(chosen)


def to_cards(*, request: Request, chosen: Sequence[Chosen]) -> tuple[Card, ...]:
    """Return the plans as cards, with their alternatives and warnings."""
    used = {stop.candidate for card in chosen for stop in card.plan.stops}
    return tuple(
        Card(
            kind=card.draft.kind,
            plan=card.plan,
            alternatives=list_alternatives(
                draft=card.draft, solution=card.solution, used_elsewhere=used
            ),
            warnings=list_warnings(request=request, plan=card.plan),
        )
        for card in chosen
    )


def _choose(
    request: Request,
    kind: CardKind,
    groups: Sequence[Group],
    others: Sequence[Plan],
    planner: Planner,
) -> Chosen | None:
    """Meet as many wishes as can be met together, then differ as much as can be."""
    stops = stops_high(request=request, kind=kind)
    if kind is CardKind.EASY_GOING and others:
        # A plan that is easier than the best match has fewer stops than it.
        stops = max(1, min(stops, len(others[0].stops) - 1))
    for looser, is_hurried in _concessions(request, others):
        unlike = [_unlike(plan, stops, looser=looser) for plan in others]
        for wanted in list_wishes(request=request, stops=stops):
            problem = draft(
                request=request,
                kind=kind,
                groups=[*groups, *wanted, *unlike],
                stops=stops,
                is_hurried=is_hurried,
            )
            solution = planner(problem=problem.problem, seed=request.constraints.seed)
            if solution.route:
                return Chosen(problem, solution, to_plan(draft=problem, solution=solution))
    return None


def _concessions(request: Request, others: Sequence[Plan]) -> list[tuple[bool, bool]]:
    """Return (more stops may be shared, stays are short) in the order they are conceded."""
    conceded = [(False, False)]
    if request.constraints.time_budget_min <= _SHORT_MIN:
        conceded.append((False, True))
    if others:
        conceded.append((True, False))
    return conceded


def _unlike(plan: Plan, stops: int, *, looser: bool) -> Group:
    """Limit the stops shared with `plan` to a third of the smaller plan, or to half of it."""
    smaller = min(stops, len(plan.stops))
    return Group([stop.candidate for stop in plan.stops], at_most=smaller // (2 if looser else 3))
