"""What the planner is judged by: builders, and the definition of a problem in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from engine.planner.problem import Problem


def make_problem(*, n: int = 2, windows: int = 1, groups: int = 0, **fields: Any) -> Problem:
    """Build n stops that are always open, 10 minutes from everything, stay 30, worth 1, free."""
    travel = np.full((n + 2, n + 2), 10.0)
    travel[:, n + 1] = 0.0
    defaults: dict[str, Any] = {
        "travel_min": travel,
        "stay_min": np.full(n, 30.0),
        "score": np.ones((n, 1)),
        "bucket_min": 60.0,
        "window_opens": np.zeros((n, windows)),
        "window_last_entry": np.full((n, windows), 1000.0),
        "window_closes": np.full((n, windows), 1000.0),
        "time_budget_min": 240.0,
        "cost": np.zeros(n, dtype=np.int64),
        "cost_budget": 0,
        "group_member": np.zeros((n, groups), dtype=np.bool_),
        "group_at_most": np.full(groups, n, dtype=np.int64),
        "group_at_least": np.zeros(groups, dtype=np.int64),
        "window_group": np.full((n, windows), -1, dtype=np.int64),
        "minority": np.zeros(n, dtype=np.bool_),
        "required": np.zeros(n, dtype=np.bool_),
        "repetition": np.full(n, -1, dtype=np.int64),
        "max_stops": n,
    }
    return Problem(**(defaults | fields))


def random_problem(*, seed: int, n: int = 5, buckets: int = 3, max_stops: int = 4) -> Problem:
    """Draw a problem that uses every field, in whole numbers so that nothing is rounded."""
    rng = np.random.default_rng(seed)
    groups, windows = 3, 2
    travel = rng.integers(1, 40, (n + 2, n + 2)).astype(float)
    travel[rng.random((n + 2, n + 2)) < 0.05] = np.inf
    opens = np.sort(rng.integers(-30, 200, (n, windows)), axis=1).astype(float)
    opens[rng.random(n) < 0.3, 1] = np.inf
    last_entry = np.where(opens < np.inf, opens, 0) + rng.integers(0, 120, (n, windows))
    return make_problem(
        n=n,
        windows=windows,
        groups=groups,
        travel_min=travel,
        stay_min=rng.integers(0, 60, n).astype(float),
        score=rng.integers(-2, 12, (n, buckets)).astype(float),
        bucket_min=float(rng.integers(20, 90)),
        window_opens=opens,
        window_last_entry=last_entry,
        window_closes=last_entry + rng.integers(0, 60, (n, windows)),
        time_budget_min=float(rng.integers(60, 300)),
        cost=rng.integers(0, 10, n),
        cost_budget=int(rng.integers(0, 30)),
        group_member=rng.random((n, groups)) < 0.3,
        group_at_most=rng.integers(0, 4, groups),
        group_at_least=(rng.random(groups) < 0.2).astype(np.int64),
        window_group=rng.integers(-1, groups, (n, windows)),
        minority=rng.random(n) < 0.4,
        required=rng.random(n) < 0.08,
        repetition=rng.integers(-1, 2, n),
        max_stops=max_stops,
        wait_weight=float(rng.choice([0.0, 0.0625])),
        travel_weight=float(rng.choice([0.0, 0.03125])),
        repetition_weight=float(rng.choice([0.0, 2.0])),
    )


@dataclass(frozen=True)
class Stay:
    stop: int
    window: int
    begin: float


def best_value(problem: Problem, route: Sequence[int]) -> float | None:
    """Return the highest value of `route` over all begins, None when it is not feasible."""
    values = [_value(problem, stays) for stays in _schedules(problem, route)]
    return max((value for value in values if value is not None), default=None)


def optimum(problem: Problem) -> float | None:
    """Return the highest value of any route, by trying them all."""
    n = problem.stay_min.size
    routes = (
        route
        for length in range(min(n, problem.max_stops) + 1)
        for route in permutations(range(n), length)
    )
    values = [best_value(problem, route) for route in routes]
    return max((value for value in values if value is not None), default=None)


def value_of_plan(problem: Problem, route: Sequence[int], begins: Sequence[float]) -> float | None:
    """Return the value of exactly these begins, None when they break a rule in every window."""
    choices: list[list[Stay]] = [[]]
    for stop, begin in zip(route, begins, strict=True):
        choices = [
            [*stays, Stay(stop, window, begin)]
            for stays in choices
            for window in range(problem.window_opens.shape[1])
        ]
    values = [_value(problem, stays) for stays in choices]
    return max((value for value in values if value is not None), default=None)


def _schedules(problem: Problem, route: Sequence[int]) -> Iterator[list[Stay]]:
    """Yield the schedules that begin on arrival, at an opening, or where a bucket begins."""
    if not route:
        yield []
        return
    for stays in _schedules(problem, route[:-1]):
        stop = route[-1]
        arrival = _arrival(problem, stays, stop)
        starts = [k * problem.bucket_min for k in range(problem.score.shape[1])]
        for window, opens in enumerate(problem.window_opens[stop]):
            for start in starts:
                begin = max(arrival, float(opens), start)
                if begin <= problem.time_budget_min:
                    yield [*stays, Stay(stop, window, begin)]


def _arrival(problem: Problem, stays: Sequence[Stay], stop: int) -> float:
    n = problem.stay_min.size
    if not stays:
        return float(problem.travel_min[n, stop])
    before = stays[-1]
    leave = before.begin + problem.stay_min[before.stop]
    return float(leave + problem.travel_min[before.stop, stop])


def _value(problem: Problem, stays: Sequence[Stay]) -> float | None:
    route = [stay.stop for stay in stays]
    if not _obeys_rules(problem, stays) or not _is_in_time(problem, stays):
        return None
    value = 0.0
    for k, stay in enumerate(stays):
        arrival = _arrival(problem, stays[:k], stay.stop)
        before = stays[k - 1].stop if k else problem.stay_min.size
        bucket = min(int(stay.begin // problem.bucket_min), problem.score.shape[1] - 1)
        value += float(problem.score[stay.stop, bucket])
        value -= problem.wait_weight * (stay.begin - arrival)
        value -= problem.travel_weight * float(problem.travel_min[before, stay.stop])
    if stays:
        value -= problem.travel_weight * float(problem.travel_min[route[-1], -1])
    for group in {int(problem.repetition[i]) for i in route} - {-1}:
        stops = sum(1 for i in route if problem.repetition[i] == group)
        value -= problem.repetition_weight * (stops - 1)
    return value


def _is_in_time(problem: Problem, stays: Sequence[Stay]) -> bool:
    for k, stay in enumerate(stays):
        i, window = stay.stop, stay.window
        if stay.begin < _arrival(problem, stays[:k], i):
            return False
        if not problem.window_opens[i, window] <= stay.begin < np.inf:
            return False
        if stay.begin > problem.window_last_entry[i, window]:
            return False
        if stay.begin + problem.stay_min[i] > problem.window_closes[i, window]:
            return False
    if not stays:
        return True
    leave = stays[-1].begin + problem.stay_min[stays[-1].stop]
    return bool(leave + problem.travel_min[stays[-1].stop, -1] <= problem.time_budget_min)


def _obeys_rules(problem: Problem, stays: Sequence[Stay]) -> bool:
    route = [stay.stop for stay in stays]
    if len(set(route)) < len(route) or len(route) > problem.max_stops:
        return False
    if set(np.flatnonzero(problem.required)) - set(route):
        return False
    if 2 * sum(bool(problem.minority[i]) for i in route) > len(route):
        return False
    if sum(int(problem.cost[i]) for i in route) > problem.cost_budget:
        return False
    for group in range(problem.group_at_most.size):
        count = sum(
            bool(problem.group_member[stay.stop, group])
            or problem.window_group[stay.stop, stay.window] == group
            for stay in stays
        )
        if not problem.group_at_least[group] <= count <= problem.group_at_most[group]:
            return False
    return True
