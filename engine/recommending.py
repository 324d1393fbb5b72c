"""The facade of the engine: constraints and candidates in, up to three explained cards out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.cards.choosing import Planner, choose_plans, to_cards
from engine.cards.comparing import explain_absence
from engine.cards.relaxing import Look, Trial, explain_fewer
from engine.cards.request import Request, prepare
from engine.cards.sense import DEFAULT_SENSE, Sense
from engine.cards.substituting import swap
from engine.cards.validating import check_card, check_index
from engine.cards.verifying import Reporter, log_violations, verify_cards
from engine.planner.solving import solve
from engine.scoring.parameters import DEFAULT, ScoringParameters
from engine.travel import CrowFly, TravelTimes
from engine.types import Candidate, Card, Constraints, Fact, Plan, Recommendation


@dataclass(frozen=True)
class Engine:
    """Recommends plans; the same input gives the same answer."""

    travel_times: TravelTimes = field(default_factory=CrowFly)
    parameters: ScoringParameters = DEFAULT
    sense: Sense = DEFAULT_SENSE
    planner: Planner = solve
    report: Reporter = log_violations

    def recommend(
        self,
        *,
        constraints: Constraints,
        candidates: Sequence[Candidate],
        dropped: Mapping[str, int] | None = None,
        look: Look | None = None,
    ) -> Recommendation:
        """
        Choose up to three cards that differ; each has passed the checker.

        `dropped` counts, by reason, the places that the caller left out of `candidates`: "closed",
        "too_dear", "out_of_reach", "excluded"; it only serves to say why there are fewer than three. `look` returns the
        candidates for relaxed constraints, places left out of `candidates` among them; without it
        a relaxation is tried on those at hand.

        Raises:
            ValueError: a value of the input is impossible; the message names it.
        """
        request = self._prepare(constraints, candidates)
        cards = self._cards(request)

        def plan(relaxed: Constraints, places: Sequence[Candidate], trial: Trial) -> Sequence[Card]:
            changed = self._prepare(relaxed, places)
            if not trial.is_hopeful(changed):
                return ()
            return self._cards(changed, least=trial.least, is_told=False)

        why_fewer, relaxation = explain_fewer(
            request=request, cards=cards, dropped=dropped or {}, plan=plan, look=look
        )
        return Recommendation(cards=cards, why_fewer=why_fewer, relaxation=relaxation)

    def why_not(
        self,
        *,
        constraints: Constraints,
        candidates: Sequence[Candidate],
        card: Card,
        candidate: int,
    ) -> Fact:
        """
        Return the rule that keeps `candidate` out of `card`, or what outscored it.

        A card may be older than what is known now: where one of its stops is excluded by now, it
        is `card_outdated`.

        Raises:
            ValueError: there is no such candidate, or the card has a stop that is none of them.
        """
        check_index(name="candidate", index=candidate, count=len(candidates))
        check_card(card=card, kept=range(len(candidates)))
        request = self._prepare(constraints, candidates)
        return explain_absence(request=request, card=card, candidate=candidate)

    def swap(
        self,
        *,
        constraints: Constraints,
        candidates: Sequence[Candidate],
        card: Card,
        stop: int,
        candidate: int,
    ) -> Plan | None:
        """
        Return the card's plan with another candidate at one stop, or None where it breaks.

        Raises:
            ValueError: there is no such stop or candidate, or the card is of another request.
        """
        check_index(name="candidate", index=candidate, count=len(candidates))
        check_index(name="stop", index=stop, count=len(card.plan.stops))
        request = self._prepare(constraints, candidates)
        check_card(card=card, kept=request.kept)
        return swap(request=request, card=card, stop=stop, candidate=candidate)

    def _cards(self, request: Request, *, least: int = 0, is_told: bool = True) -> tuple[Card, ...]:
        """Return the cards that passed the checker; without alternatives where nobody is told them."""
        chosen = choose_plans(request=request, planner=self.planner, least=least)
        cards = to_cards(request=request, chosen=chosen, is_told=is_told)
        return verify_cards(request=request, cards=cards, report=self.report)

    def _prepare(self, constraints: Constraints, candidates: Sequence[Candidate]) -> Request:
        return prepare(
            constraints=constraints,
            candidates=candidates,
            parameters=self.parameters,
            sense=self.sense,
            travel_times=self.travel_times,
        )
