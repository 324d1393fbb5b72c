"""The facade of the engine: constraints and candidates in, up to three explained cards out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.types import Candidate, Card, Constraints, Fact, Recommendation


@dataclass(frozen=True)
class Engine:
    """Recommends plans; the same input gives the same answer."""

    def recommend(
        self,
        *,
        constraints: Constraints,
        candidates: Sequence[Candidate],
        dropped: Mapping[str, int] | None = None,
    ) -> Recommendation:
        """
        Choose up to three cards that differ.

        `dropped` counts, by reason, the places that the caller left out of `candidates`:
        "closed", "too_dear", "out_of_reach"; it is only used to say why there is no card.
        """
        raise NotImplementedError

    def why_not(
        self,
        *,
        constraints: Constraints,
        candidates: Sequence[Candidate],
        card: Card,
        candidate: int,
    ) -> Fact:
        """Return the rule that keeps `candidate` out of `card`, or what outscored it."""
        raise NotImplementedError
