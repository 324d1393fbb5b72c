"""Rules that one place keeps or breaks by itself, whatever else is in the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from engine.catalogue import CATEGORIES
from engine.checks.situation import Situation
from engine.checks.violations import Rule, Violation
from engine.types import Candidate


def check_places(situation: Situation) -> Iterator[Violation]:
    """Every stop is a place that this traveller may be sent to."""
    for position, stop in enumerate(situation.stops):
        yield from check_place(situation, stop.candidate, position)


def check_place(situation: Situation, index: int, position: int | None) -> Iterator[Violation]:
    """Yield what speaks against candidate `index` as a stop."""
    place = situation.candidates[index]
    if index in situation.excluded:
        yield Violation(Rule.EXCLUDED, position)
    if not (place.name_ko.strip() or place.name_en.strip()):
        yield Violation(Rule.UNNAMED, position)
    for rule, check in _RULES:
        found = check(situation, place)
        if found is not None:
            amount, detail = found
            yield Violation(rule, position, amount, detail)


Finding = tuple[float, str]  # how much, and of what


def _kind(situation: Situation, place: Candidate) -> Finding | None:
    if place.is_named:
        return None
    if not CATEGORIES[place.category].stop and place.category not in situation.asked:
        return 1.0, place.category
    source_class, sense = place.source_class, situation.sense
    if place.stay_min < sense.worth_a_stop and not CATEGORIES[place.category].food:
        return 1.0, "stay"
    wish = sense.asked_classes.get(source_class)
    unwanted = (
        source_class in sense.never_classes
        or (source_class in sense.chain_classes and not situation.constraints.chains_wanted)
        or (wish is not None and wish not in situation.asked)
    )
    return (1.0, source_class) if unwanted else None


def _company(situation: Situation, place: Candidate) -> Finding | None:
    company = situation.constraints.companions or ""
    unfit = place.category in situation.sense.unfit_for.get(company, frozenset())
    is_asked = place.is_named or place.category in situation.asked
    return (1.0, company) if unfit and not is_asked else None


def _avoided(situation: Situation, place: Candidate) -> Finding | None:
    avoid = situation.constraints.avoid
    if place.category in avoid:
        return 1.0, place.category
    if "crowded" in avoid and place.congestion >= situation.sense.crowded_from:
        return place.congestion, "crowded"
    for mood in avoid:
        confidence = place.moods.get(mood, 0.0)
        if confidence >= situation.sense.mood_from:
            return confidence, mood
    return None


def _need(situation: Situation, place: Candidate) -> Finding | None:
    """A need is unmet where the source says so; where it is silent, a warning is due instead."""
    said = {"pet": place.pets_allowed, "wheelchair": place.wheelchair, "parking": place.parking}
    unmet = [need for need in situation.constraints.needs if said.get(need) is False]
    return (1.0, unmet[0]) if unmet else None


def _outdoors(situation: Situation, place: Candidate) -> Finding | None:
    indoor = CATEGORIES[place.category].indoor if place.indoor is None else place.indoor
    wanted = situation.constraints.indoor is True
    return (1.0, place.category) if wanted and not indoor else None


_RULES: Final[tuple[tuple[Rule, Callable[[Situation, Candidate], Finding | None]], ...]] = (
    (Rule.NOT_A_STOP, _kind),
    (Rule.COMPANIONS, _company),
    (Rule.AVOIDED, _avoided),
    (Rule.NEED, _need),
    (Rule.OUTDOORS, _outdoors),
)
