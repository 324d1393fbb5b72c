"""What else could stand at each stop of a plan without breaking the rest of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np

from engine.cards.drafting import Draft, draft
from engine.cards.request import Request
from engine.cards.solutions import to_plan
from engine.planner.options import flatten
from engine.planner.problem import IntArray, Solution
from engine.planner.scheduling import find_substitutes
from engine.planner.solving import evaluate
from engine.types import Card, Plan

ALTERNATIVES: Final = 3
_TRIED: Final = 8  # for each stop; the best by score, so that few are evaluated in vain


def list_alternatives(
    *, draft: Draft, solution: Solution, used_elsewhere: Collection[int]
) -> tuple[tuple[int, ...], ...]:
    """Return for each stop up to ALTERNATIVES candidates, the likest and best first."""
    route = np.array(solution.route or (), dtype=np.int64)
    ranked = _rank(draft, solution, route, used_elsewhere)
    found = find_substitutes(flatten(problem=draft.problem), route, ranked, ALTERNATIVES)
    return tuple(tuple(draft.kept[row] for row in rows if row >= 0) for rows in found.tolist())


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
        groups=(),
        stops=len(visited),
        is_single=len(visited) == 1,
        is_hurried=is_hurried,
    )
    stays = base.problem.stay_min.copy()
    for each in card.plan.stops:
        stays[base.rows[each.candidate]] = each.leaves - each.arrives
    changed = replace(base, problem=base.problem.with_stays(stays))
    visited[stop] = candidate
    found = evaluate(problem=changed.problem, route=[base.rows[index] for index in visited])
    return None if found is None else to_plan(draft=changed, solution=found)


def _rank(
    draft: Draft, solution: Solution, route: IntArray, used_elsewhere: Collection[int]
) -> IntArray:
    """
    Return by stop the rows that may replace it, same category first, then by score at its time.

    (stops, _TRIED) at most, −1 where there are fewer.
    """
    problem = draft.problem
    score = problem.score[:, [draft.nodes.bucket(begin) for begin in solution.begins]].T
    alike = problem.repetition == problem.repetition[route][:, None]
    elsewhere = np.array([index in used_elsewhere for index in draft.kept], dtype=np.bool_)
    before = np.array([problem.stay_min.size, *route[:-1]], dtype=np.int64)
    cost = problem.cost[route]
    # A budget may be larger than any number of an array.
    budget = min(problem.cost_budget, np.iinfo(np.int64).max)
    left = budget - (cost.sum() - cost)
    possible = np.isfinite(problem.travel_min[before, :-2]) & (problem.cost <= left[:, None])
    possible[:, route] = False
    worth = np.where(possible, score + 1.0 * alike - 0.5 * elsewhere, -np.inf)
    order = np.argsort(-worth, axis=1, kind="stable")[:, :_TRIED]
    return np.where(np.take_along_axis(possible, order, axis=1), order, -1)
