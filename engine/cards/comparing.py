"""Why a place is not on a card: the rule that excludes it, or what outscored it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.cards.drafting import Draft, draft, stops_high
from engine.cards.request import Request, list_travel_min
from engine.cards.solutions import to_plan
from engine.cards.wishing import Wish, list_wishes
from engine.planner.solving import evaluate
from engine.types import Card, Fact


def explain_absence(*, request: Request, card: Card, candidate: int) -> Fact:
    """Return why `candidate` is not a stop of `card`."""
    if any(stop.candidate == candidate for stop in card.plan.stops):
        return Fact("on_the_card")
    excluded = request.exclusions[candidate]
    if excluded is not None:
        return excluded
    if any(stop.candidate not in request.kept for stop in card.plan.stops):
        return Fact("card_outdated")
    stops = stops_high(request=request, kind=card.kind)
    wish = _wish_met(request, card, stops)
    base = draft(
        request=request,
        kind=card.kind,
        groups=wish.groups,
        stops=stops,
        walks_little=wish.walks_little,
    )
    route = [base.rows[stop.candidate] for stop in card.plan.stops]
    row = base.rows[candidate]
    best, swapped = _best_swap(base, route, row)
    if best is None:
        return _why_unfit(base, card, row)
    own, index = _score(base, card, route), base.kept[route[swapped]]
    place = request.candidates[index]
    instead = {
        "by": index,
        "names_ko": (place.name_ko or place.name_en,),
        "names_en": (place.name_en or place.name_ko,),
    }
    if best > own:
        return Fact("kept_different", instead)
    return Fact("outscored", {**instead, "score": round(own, 3), "score_with": round(best, 3)})


def _score(base: Draft, card: Card, route: list[int]) -> float:
    """Return the card's score as the draft reckons it; stretched stays and older words aside."""
    solution = evaluate(problem=base.problem, route=route)
    return card.plan.score if solution is None else to_plan(draft=base, solution=solution).score


def _wish_met(request: Request, card: Card, stops: int) -> Wish:
    """Return the first of the wishes that the card meets as a whole: a swap may not undo them."""
    visited = {stop.candidate for stop in card.plan.stops}
    for wish in list_wishes(request=request, stops=stops):
        counts = [(len(visited.intersection(group.members)), group) for group in wish.groups]
        is_met = all(group.at_least <= count <= group.at_most for count, group in counts)
        if is_met and (not wish.walks_little or _has_short_walks(request, card)):
            return wish
    return Wish([])


def _has_short_walks(request: Request, card: Card) -> bool:
    travel = list_travel_min(request, leg_share=1.0, walks_little=True)
    visited = [request.origin, *(stop.candidate for stop in card.plan.stops), request.end]
    return bool(np.isfinite(travel[visited[:-1], visited[1:]]).all())


def _best_swap(base: Draft, route: list[int], row: int) -> tuple[float | None, int]:
    """Return the best plan score with `row` in the place of one stop, and that place."""
    best: float | None = None
    place = 0
    for index in range(len(route)):
        changed = [*route[:index], row, *route[index + 1 :]]
        solution = evaluate(problem=base.problem, route=changed)
        if solution is None:
            continue
        score = to_plan(draft=base, solution=solution).score
        if best is None or score > best:
            best, place = score, index
    return best, place


def _why_unfit(base: Draft, card: Card, row: int) -> Fact:
    """Name what the place breaks in every position of the plan."""
    request, problem = base.request, base.problem
    candidate = request.candidates[base.kept[row]]
    route = [stop.candidate for stop in card.plan.stops]
    for name in ("site", "chain"):
        shared = getattr(candidate, name)
        if shared and any(getattr(request.candidates[i], name) == shared for i in route):
            return Fact(f"same_{name}", {"name": shared})
    alone = replace(problem, minority=np.zeros_like(problem.minority))
    if evaluate(problem=alone, route=[row]) is None:
        return Fact("unreachable_in_time")
    cheapest = min(
        card_cost - request.candidates[index].cost_high
        for card_cost in [sum(request.candidates[i].cost_high for i in route)]
        for index in route
    )
    if cheapest + candidate.cost_high > problem.cost_budget:
        return Fact("too_dear_with_the_rest")
    return Fact("does_not_fit", {"category": candidate.category})
