"""What a traveller must know before relying on a card."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from itertools import pairwise
from typing import Final

from engine.cards.drafting import has_only_food
from engine.cards.filtering import meets_need
from engine.cards.request import Request, tell_leg
from engine.cards.sense import asked_categories, only_food_asked
from engine.catalogue import CATEGORIES
from engine.scoring.features import hour_of, is_indoor
from engine.types import Candidate, Constraints, Fact, Mode, Plan, Provenance, Weather

_OLD_DAYS: Final = 3 * 365
_FULL_FROM: Final = 0.6  # congestion at the hour of the stay
_FULLER_FROM: Final = 1.5  # times as full as usual
_HARSH: Final = frozenset({Weather.RAIN, Weather.SNOW, Weather.HEAT, Weather.COLD})


def list_warnings(*, request: Request, plan: Plan, used: Set[int]) -> tuple[Fact, ...]:
    """Return the warnings of a plan, the gravest first; `used` are the stops of all the plans offered."""
    constraints = request.constraints
    stops = [request.candidates[stop.candidate] for stop in plan.stops]
    today = constraints.starts_at.date()
    facts = [
        *_named(request, plan, used),
        *_wishes(constraints, stops),
        _doubted("reported_closed", "existence", stops),
        _doubted("hours_doubted", "hours", stops),
        *_moods(constraints, stops),
        _only_food(request, stops),
        _about(
            "hours_assumed", [c for c in stops if not c.hours_known and "hours" not in c.doubts]
        ),
        _about("price_assumed", [c for c in stops if _is_price_assumed(c)]),
        *(_unknown_need(need, stops) for need in constraints.needs),
        _outdoors(constraints, stops),
        _crowded(request, plan),
        *_fuller_than_usual(request, plan),
        _about("chain", [c for c in stops if c.chain and not constraints.chains_wanted]),
        _about("old_record", [c for c in stops if _is_old(c.as_of, today)]),
        Fact("transit_estimated") if constraints.mode is Mode.TRANSIT else None,
        _fell_back(request, plan),
    ]
    return tuple(fact for fact in facts if fact is not None)


def _about(code: str, places: Sequence[Candidate], **values: object) -> Fact | None:
    if not places:
        return None
    names = {
        "names_ko": tuple(place.name_ko or place.name_en for place in places),
        "names_en": tuple(place.name_en or place.name_ko for place in places),
    }
    return Fact(code, {**values, **names})


def _doubted(code: str, fact: str, stops: Sequence[Candidate]) -> Fact | None:
    """Name the stops of which visitors found a fact otherwise, and when somebody last did."""
    doubted = [place for place in stops if fact in place.doubts]
    last = max((place.doubts[fact] for place in doubted), default=None)
    return _about(code, doubted, on="" if last is None else last.isoformat())


def _named(request: Request, plan: Plan, used: Set[int]) -> list[Fact | None]:
    """Say why a place that was asked for by name is not on the card."""
    visited = {stop.candidate for stop in plan.stops}
    facts = []
    for index, place in enumerate(request.candidates):
        if place.is_named and index not in visited:
            reason = request.exclusions[index] or Fact("does_not_fit")
            code = "named_left_out" if index in used else "named_impossible"
            facts.append(_about(code, [place], reason=reason))
    return facts


def _moods(constraints: Constraints, stops: Sequence[Candidate]) -> list[Fact]:
    """A mood is claimed with evidence only; without any, that is said."""
    return [
        Fact("mood_without_evidence", {"mood": mood})
        for mood in constraints.moods
        if not any(place.moods.get(mood) and place.mood_evidence.get(mood) for place in stops)
    ]


def _wishes(constraints: Constraints, stops: Sequence[Candidate]) -> list[Fact]:
    facts = []
    for name in asked_categories(constraints):
        found = sum(place.category == name for place in stops)
        asked = constraints.category_counts.get(name, 1)
        if not found:
            facts.append(Fact("asked_not_found", {"category": name}))
        elif found < asked:
            values = {"category": name, "asked": asked, "found": found}
            facts.append(Fact("fewer_than_asked", values))
    return facts


def _only_food(request: Request, stops: Sequence[Candidate]) -> Fact | None:
    if not all(CATEGORIES[place.category].food for place in stops):
        return None
    if only_food_asked(request.constraints) or not has_only_food(request):
        return None
    return Fact("only_food_here")


def _unknown_need(need: str, stops: Sequence[Candidate]) -> Fact | None:
    unknown = [place for place in stops if meets_need(candidate=place, need=need) is None]
    code = "pet_unknown" if need == "pet" else "need_unknown"
    return _about(code, unknown, need=need)


def _outdoors(constraints: Constraints, stops: Sequence[Candidate]) -> Fact | None:
    if constraints.weather not in _HARSH:
        return None
    outdoors = [place for place in stops if not is_indoor(place)]
    return _about("outdoors_in_weather", outdoors, weather=constraints.weather)


def _crowded(request: Request, plan: Plan) -> Fact | None:
    """Warn who avoids crowds of the stops that are usually full at their hour."""
    if "crowded" not in request.constraints.avoid:
        return None
    full = [stop for stop in plan.stops if stop.score_parts["congestion"] >= _FULL_FROM]
    return _about("crowded_then", [request.candidates[stop.candidate] for stop in full])


def _fuller_than_usual(request: Request, plan: Plan) -> list[Fact | None]:
    """Warn of the stops that are much fuller than usual at their hour, and say who tells so."""
    if "crowded" in request.constraints.avoid:
        return []  # who avoids crowds is warned of all that are full
    live: list[Candidate] = []
    by_visits: list[Candidate] = []
    for stop in plan.stops:
        place = request.candidates[stop.candidate]
        hour = hour_of(starts_at=request.constraints.starts_at, minutes=stop.arrives)
        if place.crowd.get(hour, 1.0) >= _FULLER_FROM:
            (by_visits if hour in place.crowd_from_visits else live).append(place)
    return [_about("fuller_than_usual", live), _about("fuller_by_visits", by_visits)]


def _fell_back(request: Request, plan: Plan) -> Fact | None:
    """Say when a router that was to be asked told nothing of a way."""
    visited = [request.origin, *(stop.candidate for stop in plan.stops)]
    if request.constraints.destination is not None:
        visited.append(request.end)
    legs = pairwise(visited)
    is_told = not any(tell_leg(request=request, leg=leg).fell_back for leg in legs)
    return None if is_told else Fact("travel_fell_back")


def _is_price_assumed(place: Candidate) -> bool:
    return place.cost_provenance is Provenance.PRIOR and place.cost_high > 0


def _is_old(as_of: date | None, today: date) -> bool:
    return as_of is not None and (today - as_of).days > _OLD_DAYS
