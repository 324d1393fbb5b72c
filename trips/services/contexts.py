"""What is kept of a question beside its trips, and the question read back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.types import Constraints, Mode, Point, Weather
from places.types import CitySummary
from trips.types import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """A question as its trips remember it: without its words, its place rounded to 50 m."""

    constraints: Constraints
    city: str
    excluded_places: tuple[UUID, ...]
    named_place: UUID | None


def describe(understanding: Understanding) -> dict[str, Any]:
    """Return what is kept of a question; its position is rounded to 50 m by now."""
    constraints, named = understanding.constraints, understanding.named_place
    return {
        "city": understanding.city,
        "origin": _pair(constraints.origin),
        "destination": _pair(constraints.destination),
        "starts_at": constraints.starts_at.isoformat(),
        "time_budget_min": constraints.time_budget_min,
        "budget": constraints.budget,
        "mode": constraints.mode.value,
        "weather": constraints.weather.value,
        "moods": constraints.moods,
        "categories": constraints.categories,
        "category_counts": dict(constraints.category_counts),
        "mostly": constraints.mostly,
        "avoid": constraints.avoid,
        "companions": constraints.companions,
        "party_size": constraints.party_size,
        "indoor": constraints.indoor,
        "needs": constraints.needs,
        "max_stops": constraints.max_stops,
        "low_walking": constraints.low_walking,
        "stroll": constraints.stroll,
        "chains_wanted": constraints.chains_wanted,
        "excluded": [str(place) for place in understanding.excluded_places],
        "named": None if named is None else str(named),
        "seed": constraints.seed,
    }


def restore(*, context: Mapping[str, Any], city: CitySummary) -> KeptQuestion:
    """Return the question of a context; what an older context does not have was not said."""
    destination, named = context.get("destination"), context.get("named")
    return KeptQuestion(
        constraints=Constraints(
            origin=Point(*context["origin"]),
            starts_at=datetime.fromisoformat(context["starts_at"]).astimezone(city.zone),
            time_budget_min=context["time_budget_min"],
            budget=context["budget"],
            currency=city.currency,
            mode=Mode(context["mode"]),
            destination=None if destination is None else Point(*destination),
            moods=tuple(context["moods"]),
            categories=tuple(context["categories"]),
            category_counts=context.get("category_counts", {}),
            mostly=tuple(context.get("mostly", ())),
            avoid=tuple(context["avoid"]),
            companions=context["companions"],
            party_size=context["party_size"],
            indoor=context["indoor"],
            needs=tuple(context["needs"]),
            max_stops=context.get("max_stops"),
            low_walking=context.get("low_walking", False),
            stroll=context.get("stroll", False),
            chains_wanted=context.get("chains_wanted", False),
            weather=Weather(context["weather"]),
            seed=context["seed"],
        ),
        city=city.slug,
        excluded_places=tuple(UUID(place) for place in context.get("excluded", ())),
        named_place=None if named is None else UUID(named),
    )


def _pair(point: Point | None) -> tuple[float, float] | None:
    return None if point is None else (point.latitude, point.longitude)
