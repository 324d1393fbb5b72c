"""What the engine recommends, for tests to look at; a card that breaks a rule fails the test."""

from engine.checks.violations import Violation
from engine.recommending import Engine
from engine.types import Candidate, Card, Recommendation
from tests.builders.engine import make_constraints


def refuse(card: Card, violations: tuple[Violation, ...]) -> None:
    raise AssertionError(f"{card.kind} breaks {violations}")


STRICT = Engine(report=refuse)


def recommend(candidates: list[Candidate], **changes: object) -> Recommendation:
    return STRICT.recommend(constraints=make_constraints(**changes), candidates=candidates)


def stops_of(card: Card) -> list[int]:
    return [stop.candidate for stop in card.plan.stops]


def categories_of(card: Card, candidates: list[Candidate]) -> list[str]:
    return [candidates[index].category for index in stops_of(card)]
