"""What a traveller must know before relying on a card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from engine.cards.filtering import meets_need
from engine.cards.request import Request
from engine.cards.sense import asked_categories, only_food_asked
from engine.catalogue import CATEGORIES
from engine.scoring.features import is_indoor
from engine.types import Candidate, Constraints, Fact, Mode, Plan, Provenance, Weather

_OLD_DAYS: Final = 3 * 365
_HARSH: Final = frozenset({Weather.RAIN, Weather.SNOW, Weather.HEAT, Weather.COLD})


def list_warnings(*, request: Request, plan: Plan) -> tuple[Fact, ...]:
    """Return the warnings of a plan, the gravest first."""
    constraints = request.constraints
    stops = [request.candidates[stop.candidate] for stop in plan.stops]
    today = constraints.starts_at.date()
    facts = [
        *_wishes(constraints, stops),
        _only_food(constraints, stops),
        _about("hours_assumed", [c for c in stops if not c.hours_known]),
        _about("price_assumed", [c for c in stops if _is_price_assumed(c)]),
        *(_unknown_need(need, stops) for need in constraints.needs),
        _outdoors(constraints, stops),
        _about("chain", [c for c in stops if c.chain and not constraints.chains_wanted]),
        _about("old_record", [c for c in stops if _is_old(c.as_of, today)]),
        Fact("transit_estimated") if constraints.mode is Mode.TRANSIT else None,
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


def _only_food(constraints: Constraints, stops: Sequence[Candidate]) -> Fact | None:
    if only_food_asked(constraints) or not all(CATEGORIES[c.category].food for c in stops):
        return None
    return Fact("only_food_here")


def _unknown_need(need: str, stops: Sequence[Candidate]) -> Fact | None:
    unknown = [place for place in stops if meets_need(candidate=place, need=need) is None]
    return _about("need_unknown", unknown, need=need)


def _outdoors(constraints: Constraints, stops: Sequence[Candidate]) -> Fact | None:
    if constraints.weather not in _HARSH:
        return None
    outdoors = [place for place in stops if not is_indoor(place)]
    return _about("outdoors_in_weather", outdoors, weather=constraints.weather)


def _is_price_assumed(place: Candidate) -> bool:
    return place.cost_provenance is Provenance.PRIOR and place.cost_high > 0


def _is_old(as_of: date | None, today: date) -> bool:
    return as_of is not None and (today - as_of).days > _OLD_DAYS
