"""
The published formula, computed again from the parts that a plan shows.

node score = proximity^w · preference^w · time_fit^w · budget_fit^w
             − w·congestion + w·freshness + w·weather + w·novelty
plan score = Σ node scores − waiting − walking − repetition − stops
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from engine.checks.situation import Situation
from engine.checks.violations import TOLERANCE, Rule, Violation
from engine.types import Plan, Stop

_MULTIPLIED: Final = ("proximity", "preference", "time_fit", "budget_fit")
_ADDED: Final = {"congestion": -1.0, "freshness": 1.0, "weather": 1.0, "novelty": 1.0}


def check_scores(situation: Situation, plan: Plan) -> Iterator[Violation]:
    """Every part lies in [0, 1], and the parts give the scores that are shown."""
    for position, stop in enumerate(plan.stops):
        yield from _check_stop(stop, plan.node_weights, position)
    yield from _check_penalties(situation, plan)
    said = sum(stop.score for stop in plan.stops) - sum(plan.penalties.values())
    if not abs(plan.score - said) <= TOLERANCE:
        yield Violation(Rule.PLAN_SCORE, None, plan.score - said)


def _check_stop(stop: Stop, weights: Mapping[str, float], position: int) -> Iterator[Violation]:
    names = (*_MULTIPLIED, *_ADDED)
    broken = [name for name in names if not 0.0 <= stop.score_parts.get(name, math.nan) <= 1.0]
    for name in broken:
        yield Violation(Rule.SCORE_PART, position, stop.score_parts.get(name, math.nan), name)
    if broken:
        return
    product = math.prod(stop.score_parts[name] ** _weight(weights, name) for name in _MULTIPLIED)
    added = sum(
        sign * _weight(weights, name) * stop.score_parts[name] for name, sign in _ADDED.items()
    )
    if not abs(stop.score - product - added) <= TOLERANCE:
        yield Violation(Rule.STOP_SCORE, position, stop.score - product - added)


def _weight(weights: Mapping[str, float], name: str) -> float:
    """Return a weight; NaN for a missing one, which no score then equals."""
    return weights.get(name, math.nan)


def _check_penalties(situation: Situation, plan: Plan) -> Iterator[Violation]:
    categories = [situation.place(stop).category for stop in plan.stops]
    amounts = {
        "waiting": sum(stop.wait_min for stop in plan.stops),
        "walking": sum(stop.travel_min for stop in plan.stops) + plan.end_travel_min,
        "repetition": float(len(categories) - len(set(categories))),
        "stops": float(len(plan.stops)),
    }
    for name in sorted({*amounts, *plan.penalties}):
        said = plan.penalties.get(name, math.nan)
        due = amounts.get(name, math.nan) * _weight(plan.penalty_weights, name)
        if not (abs(said - due) <= TOLERANCE and said >= -TOLERANCE):
            yield Violation(Rule.PENALTY, None, said - due, name)
