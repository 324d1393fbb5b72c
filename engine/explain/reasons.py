"""Why each stop is on the card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.cards.sense import asked_categories
from engine.catalogue import CATEGORIES
from engine.explain.wording import Wording, clock_at
from engine.scoring.features import hour_of, is_indoor
from engine.types import Candidate, Card, CardKind, Constraints, Provenance, Stop

_NEAR_MIN: Final = 10.0
_LITTLE_KNOWN: Final = 0.35
_SUITS: Final = 0.9
_CALM_TO: Final = 0.7  # as full as its kind is at that hour
_ALL_DAY_MIN: Final = 720  # closing later than this after leaving is not worth a word


def list_stop_reasons(
    *, card: Card, constraints: Constraints, candidates: Sequence[Candidate], wording: Wording
) -> tuple[tuple[str, ...], ...]:
    """Return the reasons of each stop, the strongest first; every stop has at least one."""
    reasons = []
    for position, stop in enumerate(card.plan.stops):
        place = candidates[stop.candidate]
        found = [
            *_wishes(place, constraints, wording),
            *_taste(place, constraints, wording),
            *_surroundings(place, constraints, wording),
            *_moment(stop, place, constraints, wording),
            *_calm(stop, place, constraints, wording),
            *_character(place, card.kind, wording),
            *_nearness(stop, position, wording),
            *_hours(stop, place, constraints, wording),
            *_price(place, constraints, wording),
        ]
        if not found:
            found = [_way(stop, position, wording)]
        reasons.append(tuple(found))
    return tuple(reasons)


def _wishes(place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    reasons = []
    if place.category in asked_categories(constraints):
        category = wording.category(place.category)
        reasons.append(wording.phrase("reasons", "asked", category=category))
    for mood in constraints.moods:
        evidence = place.mood_evidence.get(mood)
        if place.moods.get(mood) and evidence:
            word = wording.word("moods", mood)
            because = wording.known("evidence", evidence)
            reasons.append(wording.phrase("reasons", "mood", mood=word, evidence=because))
    return reasons


def _taste(place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    """Return what the place has of what is liked, beside what was asked for anyway."""
    reasons = []
    if place.category in constraints.liked and place.category not in asked_categories(constraints):
        category = wording.category(place.category)
        reasons.append(wording.phrase("reasons", "liked_category", category=category))
    for mood in constraints.liked:
        evidence = place.mood_evidence.get(mood)
        if mood not in constraints.moods and place.moods.get(mood) and evidence:
            word = wording.word("moods", mood)
            because = wording.known("evidence", evidence)
            reasons.append(wording.phrase("reasons", "liked_mood", mood=word, evidence=because))
    return reasons


def _surroundings(place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    if not wording.has("weather", constraints.weather) or not is_indoor(place):
        return []
    weather = wording.word("weather", constraints.weather)
    return [wording.phrase("reasons", "indoors", weather=weather)]


def _moment(stop: Stop, place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    if stop.score_parts["time_fit"] < _SUITS:
        return []
    clock = clock_at(starts_at=constraints.starts_at, minutes=stop.arrives)
    if CATEGORIES[place.category].meal:
        return [wording.phrase("reasons", "mealtime", clock=clock)]
    if place.category == "viewpoint":
        return [wording.phrase("reasons", "dusk", clock=clock)]
    return []


def _calm(stop: Stop, place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    """Return that few come at this hour, where visits to the place itself say so."""
    hour = hour_of(starts_at=constraints.starts_at, minutes=stop.arrives)
    if hour not in place.crowd_from_visits or place.crowd[hour] > _CALM_TO:
        return []
    clock = clock_at(starts_at=constraints.starts_at, minutes=stop.arrives)
    return [wording.phrase("reasons", "calm_by_visits", clock=clock)]


def _character(place: Candidate, kind: CardKind, wording: Wording) -> list[str]:
    if kind is CardKind.SOMETHING_NEW and place.popularity <= _LITTLE_KNOWN:
        return [wording.word("reasons", "little_known")]
    return []


def _nearness(stop: Stop, position: int, wording: Wording) -> list[str]:
    if stop.travel_min > _NEAR_MIN:
        return []
    return [_way(stop, position, wording)]


def _way(stop: Stop, position: int, wording: Wording) -> str:
    minutes = max(1, round(stop.travel_min))
    key = "near_before" if position else "near_origin"
    return wording.phrase(
        "reasons",
        key,
        mode=wording.word("modes", stop.travel_mode),
        minutes=wording.minutes(minutes),
    )


def _hours(stop: Stop, place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    if not place.hours_known:
        return []
    source = wording.known("sources", place.hours_source)
    if place.hours_as_of is not None:
        source = f"{source}, {place.hours_as_of.year}"
    closes = next((w.closes for w in place.windows if w.opens <= stop.arrives <= w.closes), None)
    if closes is None or closes - stop.leaves > _ALL_DAY_MIN:
        return [wording.phrase("reasons", "hours_open", source=source)]
    until = clock_at(starts_at=constraints.starts_at, minutes=closes)
    return [wording.phrase("reasons", "hours", until=until, source=source)]


def _price(place: Candidate, constraints: Constraints, wording: Wording) -> list[str]:
    """Return what is known of the price; the upper end of a range may be no more than usual."""
    is_known = place.cost_provenance is not Provenance.PRIOR
    if not place.cost_high:
        is_free = is_known or CATEGORIES[place.category].free
        return [wording.word("reasons", "price_free")] if is_free else []
    if not (is_known and place.cost_low):
        return []
    key = "price_from" if place.cost_low < place.cost_high else "price"
    cost = wording.money(place.cost_low, constraints.currency)
    return [wording.phrase("reasons", key, cost=cost)]
