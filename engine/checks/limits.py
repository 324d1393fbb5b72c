"""Rules of money and distance."""

from __future__ import annotations

from collections.abc import Iterator

from engine.catalogue import MODES
from engine.checks.situation import Situation
from engine.checks.violations import TOLERANCE, Rule, Violation
from engine.types import Mode


def check_budget(situation: Situation) -> Iterator[Violation]:
    """What the stops may cost together is within the budget."""
    budget = situation.constraints.budget
    if budget is None:
        return
    over = sum(situation.place(stop).cost_high for stop in situation.stops) - budget
    if over > 0:
        yield Violation(Rule.BUDGET, None, over)


def check_reach(situation: Situation) -> Iterator[Violation]:
    """No stop lies further from the origin than the mode goes."""
    reach = MODES[situation.constraints.mode].reach_high_m
    for position, stop in enumerate(situation.stops):
        over = float(situation.travel.crow_fly[situation.origin, stop.candidate]) - reach
        if not over <= TOLERANCE:
            yield Violation(Rule.OUT_OF_REACH, position, over)


def check_legs(situation: Situation) -> Iterator[Violation]:
    """No leg is longer than the mode goes, nor a walked one than was asked for."""
    legs: list[tuple[int | None, int]] = [
        (position, stop.candidate) for position, stop in enumerate(situation.stops)
    ]
    if situation.constraints.destination is not None and situation.stops:
        legs.append((None, situation.end))
    for position, to in legs:
        before = situation.previous(len(situation.stops) if position is None else position)
        yield from _check_leg(situation, float(situation.travel.crow_fly[before, to]), position)


def _check_leg(situation: Situation, crow_fly: float, position: int | None) -> Iterator[Violation]:
    mode = situation.constraints.mode
    over = crow_fly - MODES[mode].leg_high_m
    if not over <= TOLERANCE:
        yield Violation(Rule.LEG_TOO_LONG, position, over)
    is_walked = mode is Mode.WALK or crow_fly <= MODES[mode].walk_below_m
    over = crow_fly - situation.sense.walked_leg_high_m
    if situation.constraints.low_walking and is_walked and over > TOLERANCE:
        yield Violation(Rule.TOO_MUCH_WALKING, position, over)
