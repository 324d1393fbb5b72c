"""
Measure how long trips take to plan, and how many are proven optimal.

`python -m benchmarks.planner [--problems N]` plans N random trips of each shape and prints one JSON
document. A trip is what the engine asks for on an ordinary day: candidates around a start, stays
by category, opening windows, a budget, one meal, categories limited, scores that change by hour.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.planner.problem import Problem
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


SHAPES: Final = (Shape(50, 5, 4), Shape(60, 5, 4), Shape(80, 5, 4), Shape(60, 8, 8))


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
        travel_min=_walks(rng, n, returns=seed % 3 == 0),
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


def measure(*, problems: int) -> list[dict[str, object]]:
    """Return for each shape the milliseconds and the share proven."""
    warm()
    return [_measure_shape(shape, problems) for shape in SHAPES]


def _measure_shape(shape: Shape, problems: int) -> dict[str, object]:
    seconds, proven = [], 0
    for seed in range(problems):
        problem = random_trip(shape=shape, seed=seed)
        began = time.perf_counter()
        proven += solve(problem=problem, seed=0).proven_optimal
        seconds.append(time.perf_counter() - began)
    p50, p95, p100 = (
        round(1000 * float(value), 2) for value in np.percentile(seconds, (50, 95, 100))
    )
    return {
        "candidates": shape.candidates,
        "stops": shape.stops,
        "hours": shape.hours,
        "proven_percent": round(100 * proven / problems, 1),
        "ms": {"p50": p50, "p95": p95, "max": p100},
    }


def _walks(
    rng: np.random.Generator, n: int, *, returns: bool
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    points = np.vstack([rng.normal(0, 700, (n, 2)), np.zeros((1, 2))])
    metres = np.linalg.norm(points[:, None] - points[None], axis=-1)
    walks = np.zeros((n + 2, n + 2))
    walks[: n + 1, : n + 1] = metres / METRES_PER_MINUTE
    if returns:
        walks[: n + 1, n + 1] = walks[: n + 1, n]
    return walks


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long trips take to plan.")
    parser.add_argument("--problems", type=int, default=200)
    arguments = parser.parse_args()
    print(json.dumps({"trips": measure(problems=arguments.problems)}))


if __name__ == "__main__":
    main()
