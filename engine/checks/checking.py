"""Whether a plan can really be done, judged without any of the code that made it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from engine.checks.limits import check_budget, check_legs, check_reach
from engine.checks.mealtimes import check_earliest, check_meals
from engine.checks.places import check_places
from engine.checks.scores import check_scores
from engine.checks.sense import SENSE_RULES
from engine.checks.situation import Situation
from engine.checks.timing import (
    check_assumed_hours,
    check_opening,
    check_stays,
    check_time_budget,
    check_travel,
    check_waits,
)
from engine.checks.variety import (
    check_assumed_share,
    check_count,
    check_food,
    check_locked,
    check_repeated_places,
    check_repetition,
)
from engine.checks.violations import Rule, Violation
from engine.travel import TravelMatrix
from engine.types import Candidate, Constraints, Plan, Stop

_CHECKS: Final[tuple[Callable[[Situation], Iterator[Violation]], ...]] = (
    check_travel, check_waits, check_stays, check_opening, check_assumed_hours, check_time_budget,
    check_budget, check_reach, check_legs, check_places, check_repeated_places, check_repetition,
    check_food, check_count, check_locked, check_assumed_share, check_meals, check_earliest,
)  # fmt: skip


def check_plan(
    *,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    plan: Plan,
    travel: TravelMatrix,
    excluded: Collection[int] = (),
    locked: Collection[int] = (),
    admitted: Collection[Rule] = (),
) -> tuple[Violation, ...]:
    """
    Return every rule that `plan` breaks, those of its scores included.

    `travel` is (n + 2, n + 2) over the candidates, the origin (n) and the end (n + 1). `admitted`
    names the rules whose breach the card itself tells its reader: where nothing but food can be
    reached, a card may say so and have ONLY_FOOD admitted.
    """
    situation = _situation(
        constraints, candidates, travel, plan.stops,
        (plan.end_travel_min, plan.end_travel_m, plan.end_travel_is_estimate), excluded, locked,
    )  # fmt: skip
    if unknown := _unknown_places(situation):
        return unknown
    found = [*_run(situation), *check_scores(situation, plan)]
    return tuple(violation for violation in found if violation.rule not in admitted)


def check_stops(
    *,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    stops: Sequence[Stop],
    travel: TravelMatrix,
    end_travel_min: float = 0.0,
    end_travel_m: float = 0.0,
    excluded: Collection[int] = (),
    locked: Collection[int] = (),
    admitted: Collection[Rule] = (),
) -> tuple[Violation, ...]:
    """Return every rule that these stops in this order break: an edit, before it is scored."""
    situation = _situation(
        constraints,
        candidates,
        travel,
        stops,
        (end_travel_min, end_travel_m, True),
        excluded,
        locked,
    )
    if unknown := _unknown_places(situation):
        return unknown
    return tuple(violation for violation in _run(situation) if violation.rule not in admitted)


def _situation(
    constraints: Constraints,
    candidates: Sequence[Candidate],
    travel: TravelMatrix,
    stops: Sequence[Stop],
    end_travel: tuple[float, float, bool],
    excluded: Collection[int],
    locked: Collection[int],
) -> Situation:
    size = len(candidates) + 2
    if travel.minutes.shape != (size, size):
        raise ValueError(f"travel must be ({size}, {size}), not {travel.minutes.shape}")
    return Situation(
        constraints=constraints,
        candidates=candidates,
        travel=travel,
        stops=stops,
        end_travel_min=end_travel[0],
        end_travel_m=end_travel[1],
        end_travel_is_estimate=end_travel[2],
        excluded=excluded,
        locked=locked,
        sense=SENSE_RULES,
        asked=frozenset(
            {*constraints.categories, *constraints.category_counts, *constraints.mostly}
        ),
    )


def _unknown_places(situation: Situation) -> tuple[Violation, ...]:
    """Return the stops that are no candidate; nothing else can be judged while there are any."""
    return tuple(
        Violation(Rule.UNKNOWN_PLACE, position, stop.candidate)
        for position, stop in enumerate(situation.stops)
        if not 0 <= stop.candidate < len(situation.candidates)
    )


def _run(situation: Situation) -> list[Violation]:
    return [violation for check in _CHECKS for violation in check(situation)]
