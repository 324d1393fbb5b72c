"""Rules of time: the way, the wait, the stay, opening hours and the time budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.checks.situation import Situation
from engine.checks.violations import TOLERANCE, Rule, Violation
from engine.travel import LegSource
from engine.types import Stop, Window

_DAY_MIN: Final = 1440
_ROUTER: Final = int(LegSource.ROUTER)


def check_travel(situation: Situation) -> Iterator[Violation]:
    """The ways to each stop and to the end are what the matrix says, and no estimate hides."""
    for position, stop in enumerate(situation.stops):
        before = situation.previous(position)
        yield from _check_leg(
            situation, (before, stop.candidate), (stop.travel_min, stop.travel_m), position
        )
        is_estimate = _is_estimate(situation, (before, stop.candidate))
        if is_estimate and not stop.travel_is_estimate:
            yield Violation(Rule.ESTIMATE_NOT_TOLD, position)
    legs = (situation.previous(len(situation.stops)), situation.end)
    said = (situation.end_travel_min, situation.end_travel_m)
    if situation.constraints.destination is not None and situation.stops:
        yield from _check_leg(situation, legs, said, None)
        if _is_estimate(situation, legs) and not situation.end_travel_is_estimate:
            yield Violation(Rule.ESTIMATE_NOT_TOLD, None)
    else:
        yield from _differ(said[0], 0.0, Rule.TRAVEL_TIME, None)
        yield from _differ(said[1], 0.0, Rule.TRAVEL_LENGTH, None)


def _is_estimate(situation: Situation, leg: tuple[int, int]) -> bool:
    """Tell whether no router gave the time of the leg."""
    return int(situation.travel.source[leg]) != _ROUTER


def _check_leg(
    situation: Situation, leg: tuple[int, int], said: tuple[float, float], position: int | None
) -> Iterator[Violation]:
    minutes, metres = situation.travel.minutes[leg], situation.travel.metres[leg]
    yield from _differ(said[0], float(minutes), Rule.TRAVEL_TIME, position)
    yield from _differ(said[1], float(metres), Rule.TRAVEL_LENGTH, position)


def _differ(
    said: float, true: float, rule: Rule, position: int | None, detail: str = ""
) -> Iterator[Violation]:
    # Written so that NaN is a difference.
    if not abs(said - true) <= TOLERANCE:
        yield Violation(rule, position, said - true, detail)


def check_waits(situation: Situation) -> Iterator[Violation]:
    """One arrives after leaving and travelling, and the wait is what lies between."""
    ready = 0.0
    for position, stop in enumerate(situation.stops):
        early = stop.arrives - ready - stop.travel_min
        if not early >= -TOLERANCE:
            yield Violation(Rule.WAIT, position, early)
        else:
            yield from _differ(stop.wait_min, max(0.0, early), Rule.WAIT, position)
        ready = stop.leaves


def check_stays(situation: Situation) -> Iterator[Violation]:
    """A stay is worth the walk: the category's least, or the place's own where that is shorter."""
    for position, stop in enumerate(situation.stops):
        least = min(situation.category(stop).stay_low, situation.place(stop).stay_min)
        stay = stop.leaves - stop.arrives
        if not stay >= least - TOLERANCE:
            yield Violation(Rule.STAY_TOO_SHORT, position, least - stay)


def check_time_budget(situation: Situation) -> Iterator[Violation]:
    """The plan ends, the way to the end included, within its time."""
    if not situation.stops:
        return
    over = (
        situation.stops[-1].leaves
        + situation.end_travel_min
        - situation.constraints.time_budget_min
    )
    if not over <= TOLERANCE:
        yield Violation(Rule.TIME_BUDGET, None, over)


def check_opening(situation: Situation) -> Iterator[Violation]:
    """Each stay lies in one window and begins by its last entry."""
    for position, stop in enumerate(situation.stops):
        windows = situation.place(stop).windows
        outside = min((_outside(stop, window) for window in windows), default=float("inf"))
        if not outside <= TOLERANCE:
            yield Violation(Rule.CLOSED, position, outside)
            continue
        late = min(
            stop.arrives - window.last_entry
            for window in windows
            if _outside(stop, window) <= TOLERANCE
        )
        if not late <= TOLERANCE:
            yield Violation(Rule.LAST_ENTRY, position, late)


def _outside(stop: Stop, window: Window) -> float:
    """Return the minutes of the stay that lie outside the window."""
    return max(0.0, window.opens - stop.arrives) + max(0.0, stop.leaves - window.closes)


def check_assumed_hours(situation: Situation) -> Iterator[Violation]:
    """Where hours are unknown, the stay lies in the category's core by the local clock."""
    for position, stop in enumerate(situation.stops):
        if situation.place(stop).hours_known:
            continue
        outside = min(_outside_cores(situation, stop), default=float("inf"))
        if not outside <= TOLERANCE:
            detail = situation.place(stop).category
            yield Violation(Rule.OUTSIDE_ASSUMED_HOURS, position, outside, detail)


def _outside_cores(situation: Situation, stop: Stop) -> Iterator[float]:
    """Yield, for each core of each day, the minutes that the stay lies outside it."""
    category = situation.category(stop)
    for day in situation.dates():
        for opens, closes in category.core:
            begins, ends = situation.minutes_at(day, opens), situation.minutes_at(day, closes)
            core = Window(begins, ends, max(begins, ends - category.last_entry))
            yield max(_outside(stop, core), stop.arrives - core.last_entry)
