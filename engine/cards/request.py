"""One request with everything that its cards share, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar

import numpy as np

from engine.cards.filtering import list_exclusions
from engine.cards.sense import Begin, Sense, list_begins
from engine.cards.validating import check_candidates, check_constraints, check_travel
from engine.catalogue import CATEGORIES, MODES
from engine.scoring.features import Features, build_features
from engine.scoring.parameters import ScoringParameters
from engine.travel import (
    BoolArray,
    FloatArray,
    LegSource,
    TravelMatrix,
    TravelTimes,
    crow_fly_m,
    find_walked,
)
from engine.types import Candidate, Constraints, Fact, Mode, Point

_STAY_SHARE: Final = 0.7  # of the time budget; the rest is for the way there
_HURRIED: Final = 0.6  # of the usual stay: nobody sees a palace in a quarter of an hour
_HURRIED_SHARE: Final = 0.4  # of the time budget

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Slot(NamedTuple):
    """A span in which a stay may begin, and the meal it counts for."""

    opens: float
    last_entry: float
    closes: float
    meal: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class ToldLeg:
    """How one leg is travelled, and how its time is known."""

    mode: Mode
    is_estimate: bool
    fell_back: bool  # a router should have told it


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Constraints and candidates with their travel times, features and exclusions."""

    constraints: Constraints
    candidates: Sequence[Candidate]
    parameters: ScoringParameters
    sense: Sense
    travel: TravelMatrix  # (n + 2, n + 2), the origin at n and the end at n + 1
    features: Features
    exclusions: Sequence[Fact | None]
    slots: Sequence[tuple[Slot, ...]]
    kept: tuple[int, ...]  # candidates that may be a stop
    known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def origin(self) -> int:
        return len(self.candidates)

    @property
    def end(self) -> int:
        return len(self.candidates) + 1


def once_a_request(
    function: Callable[Concatenate[Request, Arguments], Result],
) -> Callable[Concatenate[Request, Arguments], Result]:
    """
    Work `function` out once for each request and arguments: three cards ask for the same tables.

    What it returns is shared, so nobody changes it.
    """

    @wraps(function)
    def known(request: Request, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        key = (function, args, tuple(kwargs.items()))
        if key not in request.known:
            request.known[key] = function(request, *args, **kwargs)
        result: Result = request.known[key]
        return result

    return known


def prepare(
    *,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    parameters: ScoringParameters,
    sense: Sense,
    travel_times: TravelTimes,
) -> Request:
    """
    Work out what the cards of one request share.

    Raises:
        ValueError: a value is impossible; the message names it.
    """
    check_constraints(constraints=constraints)
    columns = check_candidates(candidates=candidates, constraints=constraints)
    end = constraints.destination or constraints.origin
    points: list[Point] = [*(c.position for c in candidates), constraints.origin, end]
    crow_fly = crow_fly_m(points)
    exclusions = list_exclusions(
        candidates=candidates,
        constraints=constraints,
        sense=sense,
        from_origin_m=crow_fly[-2, :-2],
    )
    slots = _list_slots(candidates, constraints, sense)
    for index, own in enumerate(slots):
        if not own and exclusions[index] is None:
            exclusions[index] = Fact("closed")
    kept = tuple(index for index, fact in enumerate(exclusions) if fact is None)
    travel = travel_times.matrix(
        points=points,
        mode=constraints.mode,
        needed=_needed(crow_fly, kept, constraints),
        crow_fly=crow_fly,
    )
    check_travel(travel=travel, count=len(points))
    return Request(
        constraints=constraints,
        candidates=candidates,
        parameters=parameters,
        sense=sense,
        travel=travel,
        features=build_features(candidates=candidates, constraints=constraints, columns=columns),
        exclusions=exclusions,
        slots=slots,
        kept=kept,
    )


def _needed(crow_fly: FloatArray, kept: Sequence[int], constraints: Constraints) -> BoolArray:
    """Return the pairs that a plan may travel, so that nobody is asked about the others."""
    size = len(crow_fly)
    leaves, arrives = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    leaves[[*kept, size - 2]] = True
    arrives[list(kept)] = True
    arrives[size - 1] = constraints.destination is not None
    needed = leaves[:, None] & arrives[None, :] & (crow_fly <= _longest(crow_fly, constraints.mode))
    np.fill_diagonal(needed, val=False)
    return needed


def _longest(crow_fly: FloatArray, mode: Mode) -> FloatArray:
    """Return how long each leg may be, in metres as the crow flies."""
    walked = find_walked(crow_fly=crow_fly, mode=mode)
    return np.where(walked, MODES[Mode.WALK].leg_high_m, MODES[mode].leg_high_m)


def _list_slots(
    candidates: Sequence[Candidate], constraints: Constraints, sense: Sense
) -> list[tuple[Slot, ...]]:
    begins = {
        name: list_begins(sense=sense, category=name, constraints=constraints)
        for name in {candidate.category for candidate in candidates}
    }
    # Candidates of one timetable share their windows.
    known: dict[tuple[str, int], tuple[Slot, ...]] = {}
    slots = []
    for candidate in candidates:
        category = candidate.category
        key = (category, id(candidate.windows))
        own = known.get(key)
        if own is None:
            own = tuple(_open_slots(candidate, begins[category], constraints.time_budget_min))
            known[key] = own
        slots.append(own)
    return slots


def _open_slots(
    candidate: Candidate, begins: Sequence[Begin] | None, time_budget_min: float
) -> Iterator[Slot]:
    """Yield the slots of a candidate that touch the time of the plan."""
    for window in candidate.windows:
        opens, last_entry, closes = window.opens, window.last_entry, window.closes
        if last_entry < 0 or opens >= time_budget_min:
            continue
        if begins is None:
            yield Slot(opens, last_entry, closes, None)
            continue
        for span in begins:
            low, high = max(opens, span.low), min(last_entry, span.high)
            if low <= high and high >= 0 and low < time_budget_min:
                yield Slot(low, high, closes, span.meal)


@once_a_request
def list_travel_min(
    request: Request, *, leg_share: float, walks_little: bool = False
) -> FloatArray:
    """Return the (n + 2, n + 2) minutes of every leg, inf where the leg is too long."""
    constraints = request.constraints
    crow = request.travel.crow_fly
    is_walked = find_walked(crow_fly=crow, mode=constraints.mode)
    longest = _longest(crow, constraints.mode) * leg_share
    if constraints.low_walking or walks_little:
        walked_high = float(request.sense.data["low_walking"]["leg_high_m"])
        longest = np.where(is_walked, np.minimum(longest, walked_high), longest)
    minutes = np.where(crow <= longest, request.travel.minutes, np.inf)
    if constraints.destination is None:
        minutes[:, request.end] = 0.0
    return minutes


def tell_leg(*, request: Request, leg: tuple[int, int]) -> ToldLeg:
    """Return how the leg between two rows of the travel matrix is travelled."""
    mode, crow_fly = request.constraints.mode, float(request.travel.crow_fly[leg])
    source = LegSource(int(request.travel.source[leg]))
    return ToldLeg(
        mode=Mode.WALK if crow_fly <= MODES[mode].walk_below_m else mode,
        is_estimate=source is not LegSource.ROUTER,
        fell_back=source is LegSource.FALL_BACK,
    )


@once_a_request
def list_stays(request: Request, *, factor: float, is_hurried: bool) -> FloatArray:
    """
    Return how long each stay lasts, in steps of five minutes: as usual times `factor`.

    A stay leaves time for the way there. In a hurry it is shorter, though never less than what is
    worth the walk.
    """
    share = _HURRIED_SHARE if is_hurried else _STAY_SHARE
    short = request.constraints.time_budget_min * share
    factor = _HURRIED if is_hurried else factor
    usual, low, high = _list_stay_bounds(request)
    stays = np.minimum(np.minimum(usual * factor, high), short)
    rounded: FloatArray = np.maximum(np.round(stays / 5.0) * 5.0, low)
    return rounded


@once_a_request
def _list_stay_bounds(request: Request) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the usual stay at each candidate, the shortest and the longest."""
    usual = request.features.stay_min
    bounds = [
        (category.stay_low, category.stay_high)
        for category in (CATEGORIES[candidate.category] for candidate in request.candidates)
    ]
    low, high = np.array(bounds, dtype=np.float64).reshape(len(bounds), 2).T
    return usual, np.minimum(low, usual), np.maximum(high, usual)
