"""A solution of the planner as a plan: its stops with their times, scores and parts."""

from __future__ import annotations

from collections.abc import Sequence

from engine.cards.drafting import Draft
from engine.cards.request import tell_leg
from engine.planner.problem import Solution
from engine.types import Plan, Stop


def to_plan(*, draft: Draft, solution: Solution) -> Plan:
    """
    Return the plan of a solved draft.

    Raises:
        ValueError: the solution has no route.
    """
    if solution.route is None:
        raise ValueError("a plan needs a route")
    request = draft.request
    stops: list[Stop] = []
    place, now = request.origin, 0.0
    for row, begin in zip(solution.route, solution.begins, strict=True):
        candidate = draft.kept[row]
        travel_min = float(request.travel.minutes[place, candidate])
        told = tell_leg(request=request, leg=(place, candidate))
        leaves = begin + float(draft.problem.stay_min[row])
        stops.append(
            Stop(
                candidate=candidate,
                arrives=begin,
                leaves=leaves,
                travel_min=travel_min,
                travel_m=float(request.travel.metres[place, candidate]),
                travel_mode=told.mode,
                travel_is_estimate=told.is_estimate,
                wait_min=max(0.0, begin - now - travel_min),
                score=float(draft.nodes.score[candidate, draft.nodes.bucket(begin)]),
                score_parts=draft.nodes.parts_at(candidate, begin),
            )
        )
        place, now = candidate, leaves
    has_end = request.constraints.destination is not None and bool(stops)
    end_min = float(request.travel.minutes[place, request.end]) if has_end else 0.0
    return _scored(draft, stops, end_min, proven=solution.proven_optimal)


def _scored(draft: Draft, stops: Sequence[Stop], end_min: float, *, proven: bool) -> Plan:
    request = draft.request
    weights = request.parameters.kinds[draft.kind].penalties.as_mapping()
    categories = [request.candidates[stop.candidate].category for stop in stops]
    amounts = {
        "waiting": sum(stop.wait_min for stop in stops),
        "walking": sum(stop.travel_min for stop in stops) + end_min,
        "repetition": float(len(categories) - len(set(categories))),
        "stops": float(len(stops)),
    }
    penalties = {name: weights[name] * amount for name, amount in amounts.items()}
    last = stops[-1].candidate if stops else request.origin
    end = tell_leg(request=request, leg=(last, request.end))
    return Plan(
        stops=tuple(stops),
        score=sum(stop.score for stop in stops) - sum(penalties.values()),
        node_weights=draft.nodes.weights.as_mapping(),
        penalties=penalties,
        penalty_weights=weights,
        end_travel_min=end_min,
        end_travel_m=float(request.travel.metres[last, request.end]) if end_min else 0.0,
        end_travel_mode=end.mode,
        end_travel_is_estimate=end.is_estimate and end_min > 0,
        proven_optimal=proven,
    )
