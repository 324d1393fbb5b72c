"""
Measure how long trips take to plan, and how many are proven optimal.

`python -m benchmarks.planner [--problems N]` plans N random trips of each shape and prints one JSON
document. A trip is what the engine asks for on an ordinary day: candidates around a start, stops
by category, opening windows, a budget, one meal, categories limited, scores that change by hour.
The smallest shape is measured in each kind: ordinary, and harder in one way each. Milliseconds are
of processor time, so that what else the machine does counts less.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.planner.problem import FloatArray, Problem
from engine.planner.solving import solve, warm

METRES_PER_MINUTE: Final = 75 / 1.35  # on foot, along streets
STAYS: Final = np.array([50.0, 60.0, 30.0, 75.0, 45.0, 30.0])  # by category; the second is a meal
MEAL: Final = 1
BUCKET_MIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a trip is."""

    candidates: int
    stops: int
    hours: int


SMALL: Final = Shape(50, 5, 4)
LARGER: Final = (Shape(60, 5, 4), Shape(80, 5, 4), Shape(60, 8, 8))


def random_trip(*, shape: Shape, seed: int) -> Problem:
    """Draw a trip on foot; every third one has to come back to its start."""
    rng = np.random.default_rng(seed)
    n, minutes = shape.candidates, 60.0 * shape.hours
    category = rng.integers(0, STAYS.size, n)
    stay = STAYS[category]
    opens = np.where(rng.random((n, 1)) < 0.6, -60.0, rng.uniform(0, 90, (n, 1)))
    last_entry = np.maximum(opens, rng.uniform(120, minutes + 120, (n, 1)) - stay[:, None])
    member = category[:, None] == np.arange(STAYS.size)
    sight = (category != MEAL)[:, None]
    at_least = np.zeros(STAYS.size + 1, dtype=np.int64)
    at_least[-1] = 1
    hours = rng.uniform(0.8, 1.0, (n, shape.hours + 1))
    return Problem(
        travel_min=_walks(rng.normal(0, 700, (n, 2)), returns=seed % 3 == 0),
        stay_min=stay,
        score=rng.beta(4, 3, (n, 1)) * hours,
        bucket_min=BUCKET_MIN,
        window_opens=opens,
        window_last_entry=last_entry,
        window_closes=last_entry + stay[:, None],
        time_budget_min=minutes,
        cost=rng.choice([0, 0, 3_000, 5_000, 8_000, 12_000], n),
        cost_budget=5_000 * shape.hours,
        group_member=np.hstack([member, sight]),
        group_at_most=np.array([*np.where(np.arange(STAYS.size) == MEAL, 1, 2), n]),
        group_at_least=at_least,
        window_group=np.full((n, 1), -1),
        minority=rng.random(n) < 0.4,
        required=np.zeros(n, dtype=np.bool_),
        repetition=category,
        max_stops=shape.stops,
        wait_weight=0.002,
        travel_weight=0.004,
        repetition_weight=0.05,
    )


def _walks(points: FloatArray, *, returns: bool) -> FloatArray:
    """Return the walks between `points`, in metres around the start."""
    n = len(points)
    every = np.vstack([points, np.zeros((1, 2))])
    metres = np.linalg.norm(every[:, None] - every[None], axis=-1)
    walks = np.zeros((n + 2, n + 2))
    walks[: n + 1, : n + 1] = metres / METRES_PER_MINUTE
    if returns:
        walks[: n + 1, n + 1] = walks[: n + 1, n]
    return walks


def _clustered(problem: Problem, rng: np.random.Generator) -> Problem:
    """Put the candidates into four streets, so that many are as good as their neighbours."""
    n = problem.stay_min.size
    streets = rng.normal(0, 700, (4, 2))
    points = streets[rng.integers(0, 4, n)] + rng.normal(0, 60, (n, 2))
    return replace(problem, travel_min=_walks(points, returns=False))


def _tight_windows(problem: Problem, rng: np.random.Generator) -> Problem:
    """Open each place twice, for an hour of begins at most."""
    n = problem.stay_min.size
    opens = np.sort(rng.uniform(0, problem.time_budget_min, (n, 2)), axis=1)
    last_entry = opens + rng.uniform(5, 60, (n, 2))
    last_entry[:, 0] = np.minimum(last_entry[:, 0], opens[:, 1])
    return replace(
        problem,
        window_opens=opens,
        window_last_entry=last_entry,
        window_closes=last_entry + problem.stay_min[:, None],
        window_group=np.full((n, 2), -1),
    )


def _tight_fees(problem: Problem, rng: np.random.Generator) -> Problem:
    """Let money be what is short: most places cost a good part of it."""
    fees = rng.choice([0, 4_000, 6_000, 7_000, 9_000], problem.stay_min.size)
    return replace(problem, cost=fees, cost_budget=16_000)


def _by_the_hour(problem: Problem, rng: np.random.Generator) -> Problem:
    """Let scores change by the half hour, and by much."""
    n = problem.stay_min.size
    buckets = int(problem.time_budget_min // 30) + 1
    hours = np.clip(1.0 + np.cumsum(rng.normal(0, 0.15, (n, buckets)), axis=1), 0.3, 1.3)
    return replace(problem, score=problem.score[:, :1] * hours, bucket_min=30.0)


def _meals(problem: Problem, rng: np.random.Generator) -> Problem:
    """Ask for a meal between 60 and 120 minutes, of a third of the places, and allow a second."""
    n = problem.stay_min.size
    is_meal = rng.random((n, 1)) < 0.35
    opens = np.where(is_meal, [60.0, 200.0], [-60.0, np.inf])
    last_entry = np.where(is_meal, [120.0, 240.0], [400.0, np.inf])
    groups = problem.group_at_most.size
    return replace(
        problem,
        window_opens=opens,
        window_last_entry=last_entry,
        window_closes=last_entry + problem.stay_min[:, None],
        window_group=np.where(is_meal, [groups, groups + 1], -1),
        group_member=np.hstack([problem.group_member, np.zeros((n, 2), dtype=np.bool_)]),
        group_at_most=np.array([*problem.group_at_most, 1, 1]),
        group_at_least=np.array([*problem.group_at_least, 1, 0]),
    )


def _locked(problem: Problem, rng: np.random.Generator) -> Problem:
    """Lock two stops, which are open whenever the trip is."""
    n = problem.stay_min.size
    required = np.zeros(n, dtype=np.bool_)
    required[rng.choice(np.flatnonzero(problem.repetition != MEAL), 2, replace=False)] = True
    last_entry = np.where(required[:, None], 600.0, problem.window_last_entry)
    return replace(
        problem,
        required=required,
        cost=np.where(required, 0, problem.cost),
        window_opens=np.where(required[:, None], -60.0, problem.window_opens),
        window_last_entry=last_entry,
        window_closes=last_entry + problem.stay_min[:, None],
    )


def _to_an_end(problem: Problem, rng: np.random.Generator) -> Problem:
    """End a kilometre and a half from the start."""
    points = rng.normal(0, 700, (problem.stay_min.size, 2))
    walks = _walks(points, returns=False)
    metres = np.linalg.norm(np.vstack([points, np.zeros((1, 2))]) - [1_500.0, 0.0], axis=-1)
    walks[:-1, -1] = metres / METRES_PER_MINUTE
    return replace(problem, travel_min=walks)


Harder = Callable[[Problem, np.random.Generator], Problem]
KINDS: Final[Mapping[str, Harder]] = {
    "ordinary": lambda problem, _: problem,
    "clustered": _clustered,
    "tight windows": _tight_windows,
    "tight fees": _tight_fees,
    "by the hour": _by_the_hour,
    "meals": _meals,
    "locked": _locked,
    "to an end": _to_an_end,
}


def trip_of_kind(*, shape: Shape, kind: str, seed: int) -> Problem:
    """Draw a trip that is harder in the way of its kind."""
    return KINDS[kind](random_trip(shape=shape, seed=seed), np.random.default_rng([seed, 1]))


def measure(*, problems: int) -> list[dict[str, object]]:
    """Return for each shape and kind the milliseconds and the share proven."""
    warm()
    small = [_measure(SMALL, kind, problems) for kind in KINDS]
    return [*small, *(_measure(shape, "ordinary", problems) for shape in LARGER)]


def _measure(shape: Shape, kind: str, problems: int) -> dict[str, object]:
    seconds, proven, value = [], 0, 0.0
    for seed in range(problems):
        problem = trip_of_kind(shape=shape, kind=kind, seed=seed)
        began = time.thread_time()
        solution = solve(problem=problem, seed=0)
        seconds.append(time.thread_time() - began)
        proven += solution.proven_optimal
        value += solution.value if solution.route else 0.0
    p50, p95, p100 = (
        round(1000 * float(share), 2) for share in np.percentile(seconds, (50, 95, 100))
    )
    return {
        "kind": kind,
        "candidates": shape.candidates,
        "stops": shape.stops,
        "hours": shape.hours,
        "proven_percent": round(100 * proven / problems, 1),
        "mean_value": round(value / problems, 4),
        "ms": {"p50": p50, "p95": p95, "max": p100},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long trips take to plan.")
    parser.add_argument("--problems", type=int, default=200)
    arguments = parser.parse_args()
    print(json.dumps({"trips": measure(problems=arguments.problems)}))


if __name__ == "__main__":
    main()
