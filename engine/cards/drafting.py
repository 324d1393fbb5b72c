"""The planner's problem for one kind of card, and its solution as a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.cards.request import (
    Request,
    list_stays,
    list_travel_min,
    once_a_request,
)
from engine.cards.sense import only_food_asked
from engine.catalogue import CATEGORIES
from engine.planner.problem import BoolArray, IntArray, Problem
from engine.scoring.nodes import BUCKET_MIN, NodeScores, list_shared_parts, score_nodes
from engine.travel import FloatArray
from engine.types import CardKind

NO_LIMIT = 2**40  # money; more than any day out costs in any currency's minor unit
NO_CAP = 99  # of the stops of a group


@dataclass(frozen=True, slots=True)
class Group:
    """Some candidates, and how many of them a plan has."""

    members: Collection[int]  # of the kept candidates
    at_most: int = NO_CAP
    at_least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A problem over the kept candidates; `kept[i]` is the candidate behind row i."""

    kind: CardKind
    request: Request
    problem: Problem
    nodes: NodeScores
    kept: tuple[int, ...]
    rows: Mapping[int, int]  # candidate → row


@dataclass(slots=True)
class _Groups:
    """Collects groups over the rows; meals come first, because windows name them."""

    rows: Mapping[int, int]
    member: list[BoolArray] = field(default_factory=list)
    at_most: list[int] = field(default_factory=list)
    at_least: list[int] = field(default_factory=list)

    def add_binding(self, group: Group) -> None:
        """Add the group unless it holds for every plan."""
        if group.at_least > 0 or len(group.members) > group.at_most:
            self.add(group)

    def add(self, group: Group) -> None:
        self.member.append(_mark(self.rows, group.members))
        self.at_most.append(group.at_most)
        self.at_least.append(group.at_least)

    def copy(self) -> _Groups:
        return _Groups(self.rows, [*self.member], [*self.at_most], [*self.at_least])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Windows:
    """When the kept candidates are open, by row and window; meals are groups 0 to `meals` − 1."""

    rows: Mapping[int, int]  # candidate → row
    opens: FloatArray
    last_entry: FloatArray
    closes: FloatArray
    group: IntArray
    meals: int


def stops_high(*, request: Request, kind: CardKind) -> int:
    """Return how many stops a plan of this kind has at most."""
    constraints, shape = request.constraints, request.parameters.kinds[kind].shape
    by_time = max(1, int(constraints.time_budget_min * shape.time / shape.minutes_a_stop + 0.5))
    counted = sum(constraints.category_counts.values())
    return min(max(by_time, counted), limit_stops(request=request))


def stops_low(*, request: Request, kind: CardKind) -> int:
    """Return from how many stops on a plan of this kind spends the time it was given."""
    rules, shape = request.sense.data["filling"], request.parameters.kinds[kind].shape
    by_time = int(request.constraints.time_budget_min / (shape.minutes_a_stop * rules["of_a_stop"]))
    return min(by_time, int(rules["stops_high"]))


@once_a_request
def list_near(request: Request) -> list[int]:
    """Return the candidates that are no padding, however good the others are."""
    way = request.travel.minutes[request.origin]
    within = request.sense.data["filling"]["within"]
    return [index for index in request.kept if way[index] <= within]


def limit_stops(*, request: Request) -> int:
    """Return how many stops any plan has at most, whatever was asked for."""
    high = request.sense.stops_high
    return min(request.constraints.max_stops or high, high)


def by_category(request: Request, *names: str) -> list[int]:
    """Return the kept candidates of these categories, in order."""
    kept = list_by_category(request)
    found = [kept[name] for name in dict.fromkeys(names) if name in kept]
    return found[0] if len(found) == 1 else sorted(index for own in found for index in own)


@once_a_request
def list_by_category(request: Request) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index in request.kept:
        found.setdefault(request.candidates[index].category, []).append(index)
    return found


def _shared(request: Request, attribute: str) -> list[list[int]]:
    """Return the candidates that share a site or chain, where at least two do."""
    found: dict[str, list[int]] = {}
    for index in request.kept:
        value = getattr(request.candidates[index], attribute)
        if value is not None:
            found.setdefault(value, []).append(index)
    return [members for members in found.values() if len(members) > 1]


def _same_places(request: Request) -> list[list[int]]:
    """Return the candidates that are one place, told twice."""
    found: dict[object, list[int]] = {}
    for index in request.kept:
        place = request.candidates[index]
        latitude, longitude = place.position.latitude, place.position.longitude
        key = place.name_ko, place.name_en, place.category, latitude, longitude
        found.setdefault(key, []).append(index)
    return [members for members in found.values() if len(members) > 1]


@once_a_request
def sense_groups(request: Request, *, is_single: bool = False) -> list[Group]:
    """Return the limits that hold for every card; a single stop need not be more than food."""
    groups = _list_limits(request)
    if is_single or not _needs_more_than_food(request):
        return groups
    least = request.sense.data["plan"]["stops_of_no_food"]
    return [*groups, Group(_no_food(request), at_least=least)]


@once_a_request
def _list_limits(request: Request) -> list[Group]:
    constraints, sense = request.constraints, request.sense
    plan = sense.data["plan"]
    groups = [Group(members, plan["stops_of_site"]) for members in _shared(request, "site")]
    groups += [Group(members, plan["stops_of_site"]) for members in _same_places(request)]
    groups += [Group(members, plan["branches_of_chain"]) for members in _shared(request, "chain")]
    groups += [
        Group(_counted(request, name), sense.limit(category=name, constraints=constraints))
        for name in CATEGORIES
        if name in list_by_category(request)
    ]
    groups += [
        Group(
            _counted(request, *group.categories),
            sense.group_limit(group=group, constraints=constraints),
        )
        for group in sense.groups
    ]
    groups.append(Group(request.kept, at_least=1))  # however little its stops are worth
    return groups


def _counted(request: Request, *names: str) -> list[int]:
    """Return the candidates that the limits of their category count."""
    named, members = list_named(request), by_category(request, *names)
    return [index for index in members if index not in named] if named else members


@once_a_request
def list_named(request: Request) -> list[int]:
    """Return the candidates that were asked for by name and may be a stop."""
    return [index for index in request.kept if request.candidates[index].is_named]


def _needs_more_than_food(request: Request) -> bool:
    """A single stop may be a café; whatever has room for two has something else, if it is there."""
    has_room = stops_high(request=request, kind=CardKind.BEST_MATCH) > 1
    return has_room and not only_food_asked(request.constraints) and not has_only_food(request)


def _no_food(request: Request) -> list[int]:
    return by_category(request, *(name for name, known in CATEGORIES.items() if not known.food))


@once_a_request
def has_only_food(request: Request) -> bool:
    """Return whether nothing but food can be reached, so that a plan may have nothing else."""
    travel = list_travel_min(request, leg_share=1.0)
    return not any(_can_stay(request, travel, index) for index in _no_food(request))


def _can_stay(request: Request, travel: FloatArray, index: int) -> bool:
    """Return whether the shortest stay at the candidate is possible as the only one."""
    candidate, constraints = request.candidates[index], request.constraints
    stay = min(CATEGORIES[candidate.category].stay_low, candidate.stay_min)
    arrives = float(travel[request.origin, index])
    way_out = 0.0 if constraints.destination is None else float(travel[index, request.end])
    leaves_by = constraints.time_budget_min - way_out
    for slot in request.slots[index]:
        begin = max(arrives, slot.opens)
        if begin <= slot.last_entry and begin + stay <= min(slot.closes, leaves_by):
            return True
    return False


@once_a_request
def _minority(request: Request) -> BoolArray:
    """Mark assumed hours where known ones of the same category are near and can be visited."""
    travel = request.travel.minutes
    near = request.sense.data["plan"]["known_within"]
    known = {
        request.candidates[index].category
        for index in request.kept
        if request.candidates[index].hours_known
        and travel[request.origin, index] <= near
        and _can_stay(request, travel, index)
    }
    candidates = [request.candidates[index] for index in request.kept]
    return np.array([not c.hours_known and c.category in known for c in candidates], np.bool_)


@once_a_request
def _list_windows(request: Request) -> _Windows:
    kept = request.kept
    count, width = len(kept), max((len(request.slots[i]) for i in kept), default=1)
    opens = np.full((count, width), np.inf)
    last_entry, closes = opens.copy(), opens.copy()
    group = np.full((count, width), -1, dtype=np.int64)
    meals: dict[tuple[str, int], int] = {}
    for row, candidate in enumerate(kept):
        for column, slot in enumerate(request.slots[candidate]):
            opens[row, column] = slot.opens
            last_entry[row, column] = slot.last_entry
            closes[row, column] = slot.closes
            if slot.meal is not None:
                group[row, column] = meals.setdefault(slot.meal, len(meals))
    return _Windows(
        rows={index: row for row, index in enumerate(kept)},
        opens=opens,
        last_entry=last_entry,
        closes=closes,
        group=group,
        meals=len(meals),
    )


@once_a_request
def _list_ways(request: Request, *, leg_share: float, walks_little: bool) -> FloatArray:
    """Return the minutes between the kept candidates, the start and the end."""
    minutes = list_travel_min(request, leg_share=leg_share, walks_little=walks_little)
    index = np.array([*request.kept, request.origin, request.end], dtype=np.int64)
    return minutes[np.ix_(index, index)]


@once_a_request
def score(request: Request, kind: CardKind) -> NodeScores:
    """Score every candidate for one kind of card."""
    return score_nodes(
        features=request.features,
        crow_fly=request.travel.crow_fly,
        constraints=request.constraints,
        parameters=request.parameters,
        kind=kind,
        shared=_list_shared_parts(request),
    )


@once_a_request
def _list_shared_parts(request: Request) -> Mapping[str, FloatArray]:
    return list_shared_parts(
        features=request.features,
        crow_fly=request.travel.crow_fly,
        constraints=request.constraints,
        parameters=request.parameters,
    )


@once_a_request
def _collect_sense(request: Request, *, is_single: bool) -> _Groups:
    """Return the groups of the meals, which windows name, and of the limits of every card."""
    windows = _list_windows(request)
    collected = _Groups(windows.rows)
    for _ in range(windows.meals):
        collected.add(Group((), at_most=1))
    for group in sense_groups(request, is_single=is_single):
        collected.add_binding(group)
    return collected


def _mark(rows: Mapping[int, int], members: Collection[int]) -> BoolArray:
    """Return which rows are those of `members`."""
    marks = np.zeros(len(rows), dtype=np.bool_)
    marks[[rows[index] for index in members]] = True
    return marks


def draft(
    *,
    request: Request,
    kind: CardKind,
    groups: Sequence[Group],
    stops: int,
    is_single: bool = False,
    is_hurried: bool = False,
    walks_little: bool = False,
    required: Collection[int] = (),
) -> Draft:
    """
    Build the problem of one kind of card: under the limits of every card and under `groups`.

    It visits the `required` candidates; `is_single` tells which limits of every card are meant.
    """
    chosen = request.parameters.kinds[kind]
    constraints, kept = request.constraints, request.kept
    count = len(kept)
    windows, nodes = _list_windows(request), score(request, kind)
    index = np.array([*kept, request.origin, request.end], dtype=np.int64)
    collected = _collect_sense(request, is_single=is_single).copy()
    for group in groups:
        collected.add_binding(group)
    problem = Problem(
        travel_min=_list_ways(request, leg_share=chosen.shape.leg, walks_little=walks_little),
        stay_min=list_stays(request, factor=chosen.shape.stay, is_hurried=is_hurried)[index[:-2]],
        score=nodes.score[index[:-2]] - chosen.penalties.stops,
        bucket_min=BUCKET_MIN,
        window_opens=windows.opens,
        window_last_entry=windows.last_entry,
        window_closes=windows.closes,
        time_budget_min=constraints.time_budget_min * chosen.shape.time,
        cost=request.features.cost_high[index[:-2]],
        cost_budget=NO_LIMIT if constraints.budget is None else constraints.budget,
        group_member=np.array(collected.member, dtype=np.bool_).reshape(-1, count).T.copy(),
        group_at_most=np.array(collected.at_most, dtype=np.int64),
        group_at_least=np.array(collected.at_least, dtype=np.int64),
        window_group=windows.group,
        # A single stop may always have assumed hours; the planner knows of halves only.
        minority=_minority(request) & (stops > 1),
        required=_mark(windows.rows, required),
        repetition=request.features.category[index[:-2]],
        max_stops=stops,
        wait_weight=chosen.penalties.waiting,
        travel_weight=chosen.penalties.walking,
        repetition_weight=chosen.penalties.repetition,
    )
    return Draft(
        kind=kind, request=request, problem=problem, nodes=nodes, kept=kept, rows=windows.rows
    )
