"""What was asked for as requirements of a plan, and what of it is given up first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from engine.cards.drafting import Group, by_category
from engine.cards.request import Request
from engine.cards.sense import asked_categories
from engine.catalogue import CATEGORIES
from engine.scoring.features import is_indoor
from engine.types import Weather

_STOPS_WITH_FOOD: Final = 3
_MEAL_MIN: Final = 300.0
_WET: Final = frozenset({Weather.RAIN, Weather.SNOW})


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What a plan should satisfy.

    `is_urgent`: short stays are better than giving it up; `walks_little`: every walk is short.
    """

    groups: list[Group]
    is_urgent: bool = False
    walks_little: bool = False


def list_wishes(*, request: Request, stops: int) -> Iterator[Wish]:
    """
    Yield what a plan should satisfy, from all that was asked for to nothing.

    What was not even said goes first (a bite on a long outing, staying dry, short walks for those
    who walk little; rather dry than near), then numbers, then the walk in the open that a dog or a stroll wants, the mood, then one category after another, the
    last said first.
    """
    present = {request.candidates[index].category for index in request.kept}
    wanted = (_to_be_had(request, name, present) for name in asked_categories(request.constraints))
    asked = [name for name in dict.fromkeys(wanted) if name is not None][:stops]
    said = (_wish(request, name, stops) for name in asked)
    full = [*said, *_of_the_mood(request), *_out_of_doors(request)]
    once = [Group(group.members, at_least=1) for group in full]
    unsaid = [*_staying_dry(request), *(_meal(request) or _refreshment(request, stops))]
    extended = [[*full, *unsaid[:count]] for count in range(len(unsaid), 0, -1)]
    if _walks_little(request):
        near = [*extended, *([] if _staying_dry(request) else [full])]
        yield from (Wish(groups, walks_little=True) for groups in near)
    yield from (Wish(groups) for groups in extended)
    yield Wish(full, is_urgent=bool(full) and not request.constraints.mostly)
    if any(group.at_least > 1 for group in full):
        yield Wish(once, is_urgent=True)
    if len(full) > 1:
        for dropped in reversed(range(len(full))):
            rest = [*once[:dropped], *once[dropped + 1 :]]
            yield Wish(rest, is_urgent=dropped >= len(asked))
    if len(full) > 2:
        yield from (Wish([group]) for group in once[: len(asked)])
    if full or asked_categories(request.constraints):
        yield Wish([])


def _to_be_had(request: Request, name: str, present: Collection[str]) -> str | None:
    """Return the category, or what stands in for it where there is none of it."""
    stand_in: str | None = request.sense.data["stand_in"].get(name)
    return next((each for each in (name, stand_in) if each in present), None)


def _wish(request: Request, name: str, stops: int) -> Group:
    constraints = request.constraints
    members = by_category(request, name)
    count = constraints.category_counts.get(name, 1)
    if name in constraints.mostly and name not in constraints.category_counts:
        limit = request.sense.limit(category=name, constraints=constraints)
        count = max(1, min((stops + 1) // 2, limit))
    return Group(members, at_least=max(1, min(count, len(members))))


def _of_the_mood(request: Request) -> list[Group]:
    """Return the group that gives a stop of a mood asked for: "a quiet café" means the café."""
    constraints, asked = request.constraints, asked_categories(request.constraints)
    kept = by_category(request, *asked) if asked else request.kept
    moody = [
        index
        for index in kept
        if any(request.candidates[index].mood_evidence.get(mood) for mood in constraints.moods)
    ]
    return [Group(moody, at_least=1)] if moody else []


def _walks_little(request: Request) -> bool:
    """Return whether the company, a need or the weather wants short walks that were not asked for."""
    constraints, unsaid = request.constraints, request.sense.data["low_walking"]["unsaid"]
    return not constraints.low_walking and (
        constraints.companions in unsaid["companions"]
        or any(need in unsaid["needs"] for need in constraints.needs)
        or constraints.weather in unsaid["weather"]
    )


def _staying_dry(request: Request) -> list[Group]:
    """Return the group that keeps a plan indoors when it is wet, but for what was asked for."""
    if request.constraints.weather not in _WET:
        return []
    asked = asked_categories(request.constraints)
    outdoors = [
        index
        for index in request.kept
        if not is_indoor(request.candidates[index])
        and request.candidates[index].category not in asked
    ]
    return [Group(outdoors, at_most=0)] if outdoors else []


def _out_of_doors(request: Request) -> list[Group]:
    """Return the group that gives a dog, or a walk for its own sake, a stop in the open."""
    constraints = request.constraints
    if not (constraints.stroll or constraints.companions == "pet" or "pet" in constraints.needs):
        return []
    candidates = request.candidates
    outdoors = [
        index
        for index in request.kept
        if not is_indoor(candidates[index]) and not CATEGORIES[candidates[index].category].food
    ]
    return [Group(outdoors, at_least=1)] if outdoors else []


def _meal(request: Request) -> list[Group]:
    """Return the group that gives a plan of half a day one meal; asking for food decides it."""
    constraints = request.constraints
    asked = asked_categories(constraints)
    if constraints.time_budget_min < _MEAL_MIN or any(CATEGORIES[name].food for name in asked):
        return []
    meals = [i for i in request.kept if CATEGORIES[request.candidates[i].category].meal]
    return [Group(meals, at_least=1)] if meals else []


def _refreshment(request: Request, stops: int) -> list[Group]:
    """Return the group that gives a long outing for which nothing was asked something to eat."""
    if asked_categories(request.constraints) or stops < _STOPS_WITH_FOOD:
        return []
    food = [i for i in request.kept if CATEGORIES[request.candidates[i].category].food]
    return [Group(food, at_least=1)] if food else []
