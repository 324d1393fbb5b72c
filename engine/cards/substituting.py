"""What else could stand at each stop of a plan without breaking the rest of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np

from engine.cards.drafting import Draft, draft, sense_groups, to_plan
from engine.cards.request import Request
from engine.planner.options import flatten
from engine.planner.problem import Solution
from engine.planner.scheduling import schedule
from engine.planner.solving import evaluate
from engine.types import Card, Plan

ALTERNATIVES: Final = 3
_TRIED: Final = 8  # for each stop; the best by score, so that few are evaluated in vain


def list_alternatives(
    *, draft: Draft, solution: Solution, used_elsewhere: Collection[int]
) -> tuple[tuple[int, ...], ...]:
    """Return for each stop up to ALTERNATIVES candidates, the likest and best first."""
    route = list(solution.route or ())
    model = flatten(problem=draft.problem)
    found = []
    for place, begin in enumerate(solution.begins):
        own: list[int] = []
        for row in _ranked(draft, route, place, begin, used_elsewhere):
            changed = [*route[:place], row, *route[place + 1 :]]
            _, value = schedule(model, np.array(changed, dtype=np.int64))
            if value > -np.inf:
                own.append(draft.kept[row])
            if len(own) == ALTERNATIVES:
                break
        found.append(tuple(own))
    return tuple(found)


def swap(*, request: Request, card: Card, stop: int, candidate: int) -> Plan | None:
    """
    Return the card's plan with `candidate` at its position `stop`, its times reckoned anew.

    The other stops keep their order and their stays; the new one is short where it must be. None: it breaks a rule of sense, or the rest.

    Raises:
        ValueError: `candidate` is excluded by a rule of its own.
    """
    if candidate not in request.kept:
        raise ValueError(
            f"candidate {candidate} may not be a stop: {request.exclusions[candidate]}"
        )
    for is_hurried in (False, True):
        found = _swapped(request, card, stop, candidate, is_hurried=is_hurried)
        if found is not None:
            return found
    return None


def _swapped(
    request: Request, card: Card, stop: int, candidate: int, *, is_hurried: bool
) -> Plan | None:
    visited = [each.candidate for each in card.plan.stops]
    base = draft(
        request=request,
        kind=card.kind,
        groups=sense_groups(request, is_single=len(visited) == 1),
        stops=len(visited),
        is_hurried=is_hurried,
    )
    stays = base.problem.stay_min.copy()
    for each in card.plan.stops:
        stays[base.rows[each.candidate]] = each.leaves - each.arrives
    changed = replace(base, problem=replace(base.problem, stay_min=stays))
    visited[stop] = candidate
    found = evaluate(problem=changed.problem, route=[base.rows[index] for index in visited])
    return None if found is None else to_plan(draft=changed, solution=found)


def _ranked(
    draft: Draft, route: list[int], place: int, begin: float, used_elsewhere: Collection[int]
) -> list[int]:
    """Return rows that may replace the stop, same category first, then by score at its time."""
    problem = draft.problem
    score = problem.score[:, draft.nodes.bucket(begin)].copy()
    alike = problem.repetition == problem.repetition[route[place]]
    before = route[place - 1] if place else problem.stay_min.size
    near = np.isfinite(problem.travel_min[before, :-2])
    spent = int(problem.cost[route].sum() - problem.cost[route[place]])
    affordable = problem.cost <= problem.cost_budget - spent
    elsewhere = np.array([index in used_elsewhere for index in draft.kept], dtype=np.bool_)
    score += 1.0 * alike - 0.5 * elsewhere
    possible = near & affordable
    possible[route] = False
    order = np.argsort(-score, kind="stable")
    return [int(row) for row in order if possible[row]][:_TRIED]
