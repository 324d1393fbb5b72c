"""
What is promised of every answer, held to real places: no card of any request breaks a rule.

The checker that judges shares no code with the planner, and knows the rules of what is not known and
of sense. Each city takes some minutes; `-s` prints what was counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from statistics import median

import pytest
from django.core.management import call_command

from benchmarks.drawing import draw_constraints
from engine.checks.checking import check_plan
from engine.checks.violations import Rule, Violation
from engine.recommending import Engine
from engine.travel import CrowFly, TravelMatrix
from engine.types import Candidate, Card, Constraints
from places import selectors as places
from places.types import CandidateQuery, PlaceCandidate

pytestmark = [pytest.mark.promise, pytest.mark.django_db(transaction=True)]

REQUESTS = 5_000
SWAPPED = 10  # of so many requests one has all its alternatives tried


@dataclass
class Tally:
    """What was found in the answers of one city."""

    requests: int = 0
    cards: Counter[int] = field(default_factory=Counter)  # cards of an answer → answers
    stops: list[int] = field(default_factory=list)
    swaps: int = 0
    silent: int = 0  # answers of fewer than three cards that do not say why
    broken: list[tuple[int, Violation]] = field(default_factory=list)

    def __str__(self) -> str:
        three = self.cards[3] / self.requests
        return (
            f"{self.requests} requests, {len(self.stops)} cards, three cards for {three:.0%}, "
            f"none for {self.cards[0] / self.requests:.0%}, median of {median(self.stops)} stops, "
            f"{self.swaps} alternatives swapped in, {len(self.broken)} violations"
        )


@pytest.mark.parametrize("slug", ["seoul", "prague"])
def test_no_card_of_five_thousand_requests_breaks_a_rule(slug: str) -> None:
    call_command("load_city", slug)

    tally = ask_at_random(slug)

    sys.stdout.write(f"{slug}: {tally}\n")
    assert tally.broken == []
    assert tally.silent == 0
    assert tally.swaps > REQUESTS // SWAPPED
    assert len(tally.stops) > REQUESTS


def ask_at_random(slug: str) -> Tally:
    """Answer REQUESTS requests drawn from fixed seeds, and judge every card."""
    tally = Tally()
    (city,) = [city for city in places.list_cities() if city.slug == slug]
    areas = places.list_areas()
    pool: list[PlaceCandidate] = []
    for seed in range(REQUESTS):
        draw = Random(seed)
        constraints = draw_constraints(draw=draw, city=city, areas=areas)
        barred = draw.sample(pool, min(len(pool), draw.choice([0, 0, 0, 5])))
        query = CandidateQuery(
            city=slug,
            constraints=constraints,
            excluded_places=tuple(place.public_id for place in barred),
        )
        pool = list(places.list_candidates(query=query).places)
        _judge(tally, seed, constraints, pool, {place.public_id for place in barred})
    return tally


def _judge(
    tally: Tally,
    seed: int,
    constraints: Constraints,
    found: list[PlaceCandidate],
    barred: set[object],
) -> None:
    candidates = [place.candidate for place in found]
    reported: list[Violation] = []
    engine = Engine(report=lambda _, violations: reported.extend(violations))
    answer = engine.recommend(constraints=constraints, candidates=candidates)
    travel = _travel(constraints, candidates)
    tally.requests += 1
    tally.cards[len(answer.cards)] += 1
    tally.silent += len(answer.cards) < 3 and answer.why_fewer is None
    tally.broken += [(seed, violation) for violation in reported]
    excluded = [i for i, place in enumerate(found) if place.public_id in barred]
    for card in answer.cards:
        tally.stops.append(len(card.plan.stops))
        admitted = _admitted(card)
        tally.broken += [
            (seed, violation)
            for violation in check_plan(
                constraints=constraints,
                candidates=candidates,
                plan=card.plan,
                travel=travel,
                excluded=excluded,
                admitted=admitted,
            )
        ]
        if seed % SWAPPED == 0:
            _swap(tally, seed, engine, constraints, candidates, card, travel)


def _swap(
    tally: Tally,
    seed: int,
    engine: Engine,
    constraints: Constraints,
    candidates: list[Candidate],
    card: Card,
    travel: TravelMatrix,
) -> None:
    """Put each alternative in the place of its stop: what then stands must be feasible too."""
    for stop, alternatives in enumerate(card.alternatives):
        for index in alternatives:
            plan = engine.swap(
                constraints=constraints,
                candidates=candidates,
                card=card,
                stop=stop,
                candidate=index,
            )
            tally.swaps += 1
            if plan is None:
                tally.broken.append((seed, Violation(Rule.CLOSED, stop, detail="no such swap")))
                continue
            violations = check_plan(
                constraints=constraints,
                candidates=candidates,
                plan=plan,
                travel=travel,
                admitted=_admitted(card),
            )
            tally.broken += [(seed, violation) for violation in violations]


def _admitted(card: Card) -> list[Rule]:
    is_said = any(fact.code == "only_food_here" for fact in card.warnings)
    return [Rule.ONLY_FOOD] if is_said else []


def _travel(constraints: Constraints, candidates: list[Candidate]) -> TravelMatrix:
    points = [candidate.position for candidate in candidates]
    points += [constraints.origin, constraints.destination or constraints.origin]
    return CrowFly().matrix(points=points, mode=constraints.mode)
