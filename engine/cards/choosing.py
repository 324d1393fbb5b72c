"""Three cards chosen together: each the best of its kind that differs from those before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from engine.cards.drafting import (
    Draft,
    Group,
    draft,
    limit_stops,
    list_named,
    list_near,
    stops_high,
    stops_low,
)
from engine.cards.remembering import Demand
from engine.cards.request import Request
from engine.cards.sense import asked_categories
from engine.cards.solutions import to_plan
from engine.cards.stretching import stretch
from engine.cards.substituting import list_alternatives
from engine.cards.warning import list_warnings
from engine.cards.wishing import Wish, list_wishes
from engine.planner.problem import Problem, Solution
from engine.types import Card, CardKind, Plan

_SHORT_MIN: Final = 90.0  # up to here, short stays are better than no plan, and one stop will do


class Planner(Protocol):
    """Solves a problem; the same problem and seed give the same solution."""

    def __call__(self, *, problem: Problem, seed: int) -> Solution: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """A plan of one kind, and how it was found."""

    draft: Draft
    solution: Solution
    plan: Plan


def choose_plans(*, request: Request, planner: Planner, least: int = 0) -> tuple[Chosen, ...]:
    """
    Return up to three plans in the order of `CardKind`.

    Where `least` of them cannot be had any more, the rest is not looked for.
    """
    if not request.kept:
        return ()
    chosen: list[Chosen] = []
    failed: list[Demand] = []
    for left, kind in zip(range(len(CardKind), 0, -1), CardKind, strict=True):
        if len(chosen) + left < least:
            break
        others = [card.plan for card in chosen]
        found = _choose(request, kind, failed, others, planner) or _choose(
            request, kind, failed, others, planner, most=1
        )
        if found is None and kind is CardKind.BEST_MATCH:
            break  # the others ask for no less
        if found is not None and (
            _serves(request, found) or not any(_serves(request, card) for card in chosen)
        ):
            chosen.append(found)
    return tuple(chosen)


def _serves(request: Request, card: Chosen) -> bool:
    """Return whether a stop is of what was asked for; beside a card that has one, others must."""
    asked = asked_categories(request.constraints)
    places = [request.candidates[stop.candidate] for stop in card.plan.stops]
    return not asked or any(place.is_named or place.category in asked for place in places)


def to_cards(
    *, request: Request, chosen: Sequence[Chosen], is_told: bool = True
) -> tuple[Card, ...]:
    """Return the plans as cards, with their warnings, and their alternatives where they are told."""
    used = {stop.candidate for card in chosen for stop in card.plan.stops}
    return tuple(
        Card(
            kind=card.draft.kind,
            plan=card.plan,
            alternatives=list_alternatives(
                draft=card.draft, solution=card.solution, used_elsewhere=used
            )
            if is_told
            else tuple(() for _ in card.plan.stops),
            warnings=list_warnings(request=request, plan=card.plan, used=used),
        )
        for card in chosen
    )


def _choose(
    request: Request,
    kind: CardKind,
    failed: list[Demand],
    others: Sequence[Plan],
    planner: Planner,
    *,
    most: int | None = None,
) -> Chosen | None:
    """Meet as many wishes as can be met together in `most` stops, then differ as much as can be."""
    named = list_named(request)[: limit_stops(request=request)]
    stops = max(_stops(request, kind, others), len(named))
    stops = stops if most is None else min(stops, most)
    for required, looser in _concessions(others, named):
        unlike = [
            group
            for plan in others
            for group in _unlike(request, plan, stops, required, looser=looser)
        ]
        search = _Search(request, kind, failed, unlike, required, planner)
        for wish, is_hurried in _attempts(request, stops, required):
            for number in _numbers_of_stops(request, stops):
                found = search.solve(wish, number, is_hurried=is_hurried)
                if found is not None:
                    fuller = search.fill(found, wish, number, is_hurried=is_hurried)
                    return search.vary(fuller, others, wish, number, is_hurried=is_hurried)
    return None


@dataclass(frozen=True, slots=True)
class _Search:
    """One kind of card, with what it must have and how it must differ."""

    request: Request
    kind: CardKind
    failed: list[Demand]  # what no plan was found for, whatever the kind
    unlike: Sequence[Group]
    required: Sequence[int]
    planner: Planner

    def solve(
        self, wish: Wish, stops: int, *, is_hurried: bool, more: Sequence[Group] = ()
    ) -> Chosen | None:
        """Return the best plan that meets the wish, in at most `stops`."""
        groups = [*wish.groups, *self.unlike, *more]
        demand = Demand(
            shape=self.request.parameters.kinds[self.kind].shape,
            stops=stops,
            is_hurried=is_hurried,
            walks_little=wish.walks_little,
            required=self.required,
            groups=groups,
        )
        if any(demand.asks_no_less(than=failed) for failed in self.failed):
            return None
        problem = draft(
            request=self.request,
            kind=self.kind,
            groups=groups,
            stops=stops,
            is_single=stops == 1,
            is_hurried=is_hurried,
            walks_little=wish.walks_little,
            required=self.required,
        )
        solution = self.planner(problem=problem.problem, seed=self.request.constraints.seed)
        if not solution.route:
            self.failed.append(demand)
            return None
        problem, solution = stretch(draft=problem, solution=solution)
        return Chosen(problem, solution, to_plan(draft=problem, solution=solution))

    def fill(
        self,
        found: Chosen,
        wish: Wish,
        stops: int,
        *,
        is_hurried: bool,
        more: Sequence[Group] = (),
    ) -> Chosen:
        """Return the plan with more stops where it spends little of the time."""
        least = min(stops, stops_low(request=self.request, kind=self.kind))
        while (count := len(found.plan.stops)) < least:
            visited = {stop.candidate for stop in found.plan.stops}
            near = visited.union(list_near(self.request))
            full = [*more, Group(near, at_least=count + 1)]
            fuller = self.solve(wish, stops, is_hurried=is_hurried, more=full)
            if fuller is None:
                break
            found = fuller
        return found

    def vary(
        self, found: Chosen, others: Sequence[Plan], wish: Wish, stops: int, *, is_hurried: bool
    ) -> Chosen:
        """Return a plan of another mix of categories where one before has this very mix."""
        mix = _mix(self.request, found.plan)
        if all(_mix(self.request, other) != mix for other in others):
            return found
        kept, candidates = self.request.kept, self.request.candidates
        more = [Group([i for i in kept if candidates[i].category not in mix], at_least=1)]
        varied = self.solve(wish, stops, is_hurried=is_hurried, more=more)
        if varied is None:
            return found
        varied = self.fill(varied, wish, stops, is_hurried=is_hurried, more=more)
        cost = found.plan.score - varied.plan.score
        return varied if cost <= self.request.sense.data["variety"]["worth"] else found


def _mix(request: Request, plan: Plan) -> list[str]:
    """Return the categories of the stops, each as often as it comes, in one order for equal mixes."""
    return sorted(request.candidates[stop.candidate].category for stop in plan.stops)


def _numbers_of_stops(request: Request, stops: int) -> tuple[int, ...]:
    """Return the numbers of stops tried; a single one may have assumed hours where two may not."""
    has_little_time = request.constraints.time_budget_min <= _SHORT_MIN
    return (stops, 1) if has_little_time and stops > 1 else (stops,)


def _attempts(request: Request, stops: int, required: Sequence[int]) -> Iterator[tuple[Wish, bool]]:
    """Yield (wish, stays are short); stays are shortened rather than an urgent wish given up."""
    has_little_time = request.constraints.time_budget_min <= _SHORT_MIN
    for wish in list_wishes(request=request, stops=stops):
        yield wish, False
        is_last = not (wish.groups or wish.walks_little) and (has_little_time or bool(required))
        if wish.is_urgent or is_last:
            yield wish, True


def _stops(request: Request, kind: CardKind, others: Sequence[Plan]) -> int:
    """Return the most stops of this kind; easier than the best match means fewer than it."""
    high = stops_high(request=request, kind=kind)
    if kind is not CardKind.EASY_GOING or not others:
        return high
    least = 1 if request.constraints.time_budget_min <= _SHORT_MIN else 2
    return min(high, max(least, len(others[0].stops) - 1))


def _concessions(others: Sequence[Plan], named: Sequence[int]) -> list[tuple[Sequence[int], bool]]:
    """
    Return (stops required, more stops may be shared), conceded in this order.

    What was asked for by name is given up last.
    """
    conceded = [False, True] if others else [False]
    tiers: list[Sequence[int]] = [named, ()] if named else [()]
    return [(required, looser) for required in tiers for looser in conceded]


def _unlike(
    request: Request, plan: Plan, stops: int, required: Sequence[int], *, looser: bool
) -> list[Group]:
    """
    Limit the stops shared with `plan` to a third of the smaller plan, or to half of it.

    Two parts of one site are the same stop. What every card must have is no likeness, but there is something else beside it.
    """
    visited = [stop.candidate for stop in plan.stops]
    shared = [index for index in visited if index in required]
    own = [index for index in visited if index not in required]
    smaller = min(stops, len(visited)) - len(shared)
    sites = {request.candidates[index].site for index in own} - {None}
    alike = [
        index
        for index in request.kept
        if index not in required and (index in own or request.candidates[index].site in sites)
    ]
    groups = [Group(alike, at_most=max(0, smaller) // (2 if looser else 3))]
    if shared:
        beside = [index for index in request.kept if index not in visited]
        groups.append(Group(beside, at_least=1))
    return groups
