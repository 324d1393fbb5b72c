"""Time that is left over, given to the stays: who has an hour wants to use it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from engine.cards.drafting import Draft
from engine.catalogue import CATEGORIES
from engine.planner.problem import Solution
from engine.planner.solving import evaluate
from engine.travel import FloatArray

_LONGER: Final = 1.5  # factor on the usual stay; nobody enjoys more of the same
_STEP_MIN: Final = 5.0
_SHARES: Final = (1.0, 0.75, 0.5, 0.25)  # of the time left over, the first that costs no score
_TOLERANCE: Final = 1e-9  # rounding of a sum of scores


def stretch(*, draft: Draft, solution: Solution) -> tuple[Draft, Solution]:
    """
    Return the solution with longer stays where they fit and cost no score, and their draft.

    Order and choice stay, and so what was proven of them.
    """
    room, route = _room(draft, solution), list(solution.route or ())
    spare = _spare_min(draft, solution)
    if spare < _STEP_MIN or not room.any():
        return draft, solution
    alone = draft.problem.of_route(route)
    for share in _SHARES:
        given = min(1.0, share * spare / room.sum())
        more = np.floor(room * given / _STEP_MIN) * _STEP_MIN
        if not more.any():
            break
        stays = alone.stay_min + more
        found = evaluate(problem=alone.with_stays(stays), route=range(len(route)))
        if found is not None and found.value >= solution.value - _TOLERANCE:
            changed = draft.problem.stay_min.copy()
            changed[route] = stays
            longer = replace(draft, problem=draft.problem.with_stays(changed))
            return longer, replace(
                found, route=solution.route, proven_optimal=solution.proven_optimal
            )
    return draft, solution


def _room(draft: Draft, solution: Solution) -> FloatArray:
    """Return by how many minutes each stay may grow."""
    room = []
    for row in solution.route or ():
        candidate = draft.request.candidates[draft.kept[row]]
        high = min(CATEGORIES[candidate.category].stay_high, _LONGER * candidate.stay_min)
        room.append(max(0.0, high - float(draft.problem.stay_min[row])))
    return np.array(room, dtype=np.float64)


def _spare_min(draft: Draft, solution: Solution) -> float:
    """Return the minutes between the arrival at the end and the end of the time."""
    problem, last = draft.problem, (solution.route or ())[-1]
    ends = solution.begins[-1] + problem.stay_min[last] + problem.travel_min[last, -1]
    return max(0.0, float(problem.time_budget_min - ends))
