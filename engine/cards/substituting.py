"""What else could stand at each stop of a plan without breaking the rest of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from engine.cards.drafting import Draft
from engine.planner.options import flatten
from engine.planner.problem import Solution
from engine.planner.scheduling import schedule

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
