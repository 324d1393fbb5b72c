"""How different three cards are: `python -m benchmarks.cards [--requests N]`, on the cities loaded."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from statistics import fmean, median
from time import process_time
from typing import Any

import django
import orjson

from engine.recommending import Engine
from engine.types import Candidate, Card, Constraints

LENGTHS = (120.0, 180.0, 240.0, 300.0, 360.0, 480.0)
ASKED = (
    "cafe", "restaurant", "museum", "gallery", "park", "heritage", "market", "bar", "dessert",
    "bookstore", "viewpoint",
)  # fmt: skip
CANDIDATES_LOW = 15  # under which the area, and not the choice, decides


def measure(*, requests: int, first_seed: int) -> dict[str, Any]:
    """Return what is counted over `requests` requests of each city."""
    cities: dict[str, Any] = {}
    for slug, drawn in _draw(requests, first_seed):
        before = process_time()
        answers = [
            (list(candidates), Engine().recommend(constraints=wish, candidates=candidates).cards)
            for wish, candidates in drawn
        ]
        seconds = process_time() - before
        cities[slug] = _count(answers) | {"cpu_ms": round(1000 * seconds / len(answers), 1)}
    return {"first_seed": first_seed, "cities": cities}


def _count(answers: Sequence[tuple[list[Candidate], tuple[Card, ...]]]) -> dict[str, Any]:
    full = [(places, cards) for places, cards in answers if len(cards) == 3]
    pairs = [(places, *pair) for places, cards in full for pair in combinations(cards, 2)]
    mixes = [(_mix(places, one), _mix(places, other)) for places, one, other in pairs]
    cards = [card for _, own in answers for card in own]
    return {
        "requests": len(answers),
        "three_cards": round(len(full) / len(answers), 3),
        "mean_score": round(fmean(card.plan.score for _, own in full for card in own), 4),
        "mean_overlap": round(fmean(_overlap(one, other) for _, one, other in pairs), 4),
        "mean_mix_distance": round(fmean(_distance(*mix) for mix in mixes), 4),
        "same_mix": round(fmean(one == other for one, other in mixes), 4),
        "median_stops": median(len(card.plan.stops) for card in cards),
    }


def _overlap(one: Card, other: Card) -> float:
    """Return the shared stops over the stops of the smaller plan."""
    visited = [{stop.candidate for stop in card.plan.stops} for card in (one, other)]
    return len(visited[0] & visited[1]) / min(map(len, visited))


def _mix(places: list[Candidate], card: Card) -> Counter[str]:
    return Counter(places[stop.candidate].category for stop in card.plan.stops)


def _distance(one: Counter[str], other: Counter[str]) -> float:
    """Return 1 − the Jaccard index of two bags of categories."""
    return 1 - (one & other).total() / (one | other).total()


def _draw(requests: int, first_seed: int) -> Iterator[tuple[str, list[Any]]]:
    """Yield each loaded city with ordinary requests of it and their candidates."""
    from benchmarks.drawing import draw_constraints
    from places import selectors
    from places.types import CandidateQuery

    for city in selectors.list_cities():
        areas = [area for area in selectors.list_areas() if area.city == city.slug]
        areas = [area for area in areas if area.kind in ("neighbourhood", "landmark", "station")]
        drawn: list[tuple[Constraints, tuple[Candidate, ...]]] = []
        seed = first_seed
        while len(drawn) < requests:
            seed += 1
            draw = Random(seed)
            wish = _ordinary(draw, draw_constraints(draw=draw, city=city, areas=areas))
            found = selectors.list_candidates(
                query=CandidateQuery(city=city.slug, constraints=wish)
            )
            if len(found.places) >= CANDIDATES_LOW:
                drawn.append((wish, tuple(place.candidate for place in found.places)))
        yield city.slug, drawn


def _ordinary(draw: Random, wish: Constraints) -> Constraints:
    """Return the request by day, of two categories at most and of no further limit."""
    return replace(
        wish,
        starts_at=wish.starts_at.replace(hour=draw.randrange(10, 19)),
        time_budget_min=draw.choice(LENGTHS),
        categories=tuple(name for name in wish.categories if name in ASKED)[:2],
        category_counts={},
        mostly=(),
        max_stops=None,
        indoor=None,
        needs=(),
        low_walking=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100, help="of each city")
    parser.add_argument("--first-seed", type=int, default=10_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    found = measure(requests=options.requests, first_seed=options.first_seed)
    sys.stdout.buffer.write(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
