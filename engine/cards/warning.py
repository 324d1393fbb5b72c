"""What a traveller must know before relying on a card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from engine.cards.filtering import meets_need
from engine.cards.request import Request
from engine.scoring.features import is_indoor
from engine.types import Fact, Mode, Plan, Provenance, Weather

_OLD_DAYS: Final = 3 * 365
_WET: Final = frozenset({Weather.RAIN, Weather.SNOW})


def list_warnings(*, request: Request, plan: Plan, unmet: Sequence[str]) -> tuple[Fact, ...]:
    """Return the warnings of a plan, the gravest first."""
    constraints = request.constraints
    stops = [(stop.candidate, request.candidates[stop.candidate]) for stop in plan.stops]
    facts = [Fact("asked_not_found", {"category": name}) for name in unmet]
    assumed = tuple(index for index, c in stops if not c.hours_known)
    if assumed:
        facts.append(Fact("hours_assumed", {"stops": assumed}))
    priced = tuple(i for i, c in stops if c.cost_provenance is Provenance.PRIOR and c.cost_high)
    if priced:
        facts.append(Fact("price_assumed", {"stops": priced}))
    for need in constraints.needs:
        unknown = tuple(i for i, c in stops if meets_need(candidate=c, need=need) is None)
        if unknown:
            facts.append(Fact("need_unknown", {"need": need, "stops": unknown}))
    outdoors = tuple(index for index, c in stops if not is_indoor(c))
    if constraints.weather in _WET and outdoors:
        facts.append(
            Fact("outdoors_in_weather", {"weather": constraints.weather, "stops": outdoors})
        )
    old = tuple(i for i, c in stops if _is_old(c.as_of, constraints.starts_at.date()))
    if old:
        facts.append(Fact("old_record", {"stops": old}))
    if constraints.mode is Mode.TRANSIT:
        facts.append(Fact("transit_estimated"))
    return tuple(facts)


def _is_old(as_of: date | None, today: date) -> bool:
    return as_of is not None and (today - as_of).days > _OLD_DAYS
