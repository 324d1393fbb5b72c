"""An outing that keeps every rule, for tests to break one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.checks.checking import check_plan
from engine.checks.violations import Violation
from engine.travel import CrowFly, TravelMatrix
from engine.types import Candidate, Constraints, Plan, Point, Stop
from tests.builders.engine import make_candidate, make_constraints, make_point

PARTS = {
    "proximity": 0.81, "preference": 0.5, "time_fit": 1.0, "budget_fit": 0.9, "congestion": 0.3,
    "freshness": 0.5, "weather": 0.8, "novelty": 0.2,
}  # fmt: skip
WEIGHTS = {
    "proximity": 0.5, "preference": 1.0, "time_fit": 0.7, "budget_fit": 0.0, "congestion": 0.1,
    "freshness": 0.2, "weather": 0.25, "novelty": 0.5,
}  # fmt: skip
# √0.81 · 0.5 · 1 · 1 − 0.1·0.3 + 0.2·0.5 + 0.25·0.8 + 0.5·0.2
NODE_SCORE = 0.45 - 0.03 + 0.1 + 0.2 + 0.1
PENALTY_WEIGHTS = {"waiting": 0.01, "walking": 0.02, "repetition": 0.2, "stops": 0.1}
MUSEUM = make_candidate("박물관", category="museum", position=make_point(north_m=200))
CAFE = make_candidate("카페", category="cafe", position=make_point(north_m=400), cost_high=6000)


@dataclass
class Outing:
    """A walk to places in the order given, 60 minutes at each; a test changes what it breaks."""

    places: Sequence[Candidate] = (MUSEUM, CAFE)
    others: Sequence[Candidate] = ()
    wishes: Mapping[str, Any] = field(default_factory=dict)
    stay_min: float = 60.0
    begin: float | None = None  # of the first stay; the wait before it follows
    route: Sequence[int] | None = None

    @property
    def candidates(self) -> list[Candidate]:
        return [*self.places, *self.others]

    @property
    def constraints(self) -> Constraints:
        return make_constraints(**self.wishes)

    @property
    def travel(self) -> TravelMatrix:
        wish = self.constraints
        points: list[Point] = [c.position for c in self.candidates]
        points += [wish.origin, wish.destination or wish.origin]
        return CrowFly().matrix(points=points, mode=wish.mode)

    def plan(self) -> Plan:
        travel = self.travel
        stops: list[Stop] = []
        here, now = len(self.candidates), 0.0
        for index in self.route if self.route is not None else range(len(self.places)):
            way = float(travel.minutes[here, index])
            arrives = now + way
            if not stops and self.begin is not None:
                arrives = self.begin
            stops.append(
                Stop(
                    candidate=index,
                    arrives=arrives,
                    leaves=arrives + self.stay_min,
                    travel_min=way,
                    travel_m=float(travel.metres[here, index]),
                    travel_mode=self.constraints.mode,
                    travel_is_estimate=True,
                    wait_min=arrives - now - way,
                    score=NODE_SCORE,
                    score_parts=PARTS,
                )
            )
            here, now = index, stops[-1].leaves
        return self._scored(stops, here)

    def _scored(self, stops: list[Stop], last: int) -> Plan:
        travel, categories = self.travel, [self.candidates[s.candidate].category for s in stops]
        has_end = self.constraints.destination is not None
        end_min = float(travel.minutes[last, -1]) if has_end else 0.0
        penalties = {
            "waiting": 0.01 * sum(s.wait_min for s in stops),
            "walking": 0.02 * (sum(s.travel_min for s in stops) + end_min),
            "repetition": 0.2 * (len(categories) - len(set(categories))),
            "stops": 0.1 * len(stops),
        }
        return Plan(
            stops=tuple(stops),
            score=NODE_SCORE * len(stops) - sum(penalties.values()),
            node_weights=WEIGHTS,
            penalties=penalties,
            penalty_weights=PENALTY_WEIGHTS,
            end_travel_min=end_min,
            end_travel_m=float(travel.metres[last, -1]) if has_end else 0.0,
            end_travel_is_estimate=has_end,
        )

    def check(self, plan: Plan | None = None, **options: Any) -> tuple[Violation, ...]:
        return check_plan(
            constraints=self.constraints,
            candidates=self.candidates,
            plan=plan or self.plan(),
            travel=self.travel,
            **options,
        )


def rounded(violations: tuple[Violation, ...]) -> list[Violation]:
    return [replace(v, amount=round(v.amount, 6)) for v in violations]


def with_stop(plan: Plan, position: int, **changes: Any) -> Plan:
    stops = list(plan.stops)
    stops[position] = replace(stops[position], **changes)
    return replace(plan, stops=tuple(stops))
