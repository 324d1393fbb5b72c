"""What a check finds: which rule fails, at which stop and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TOLERANCE: Final = 1e-6  # minutes, metres and scores: rounding of floats, nothing more


class Rule(StrEnum):
    """The rules; the unit of `Violation.amount` stands beside each."""

    UNKNOWN_PLACE = "unknown_place"  # the index that is no candidate
    TRAVEL_TIME = "travel_time"  # minutes that the travel differs from the matrix
    TRAVEL_LENGTH = "travel_length"  # metres that it differs
    ESTIMATE_NOT_TOLD = "estimate_not_told"  # an estimated way that passes for a router's
    WAIT = "wait"  # minutes that arriving early and the wait differ; arriving too soon is negative
    STAY_TOO_SHORT = "stay_too_short"  # minutes missing
    CLOSED = "closed"  # minutes outside the nearest window
    LAST_ENTRY = "last_entry"  # minutes after it
    OUTSIDE_ASSUMED_HOURS = "outside_assumed_hours"  # minutes outside the category's core
    TIME_BUDGET = "time_budget"  # minutes over
    BUDGET = "budget"  # money over
    LEG_TOO_LONG = "leg_too_long"  # crow-fly metres over
    OUT_OF_REACH = "out_of_reach"  # crow-fly metres over
    TOO_MUCH_WALKING = "too_much_walking"  # crow-fly metres over, of a walked leg
    TOO_MANY_ASSUMED = "too_many_assumed"  # stops over
    SAME_CHAIN = "same_chain"  # stops over
    SAME_SITE = "same_site"  # stops over
    DUPLICATE = "duplicate"  # visits over
    REPETITION = "repetition"  # stops over
    ONLY_FOOD = "only_food"  # stops missing
    TOO_MANY_STOPS = "too_many_stops"  # stops over
    MEAL_TIME = "meal_time"  # minutes from the nearest meal
    MEAL_TWICE = "meal_twice"  # stays over
    TOO_EARLY = "too_early"  # minutes before the hour from which one goes there
    NOT_A_STOP = "not_a_stop"
    UNNAMED = "unnamed"
    COMPANIONS = "companions"
    AVOIDED = "avoided"  # the confidence or congestion, 1 for a category
    EXCLUDED = "excluded"
    NEED = "need"
    OUTDOORS = "outdoors"
    LOCKED_MISSING = "locked_missing"  # the candidate that is missing
    SCORE_PART = "score_part"  # the value that is not in [0, 1]; NaN when missing
    STOP_SCORE = "stop_score"  # the published minus the re-computed score
    PENALTY = "penalty"  # the published minus the re-computed amount
    PLAN_SCORE = "plan_score"  # the published minus the re-computed score


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule. `stop` is its position in the plan; None: the plan as a whole."""

    rule: Rule
    stop: int | None = None
    amount: float = 1.0
    detail: str = ""  # the category, chain, need … that is meant
