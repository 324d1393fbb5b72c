"""What is kept of a question beside its trips, and the question read back from it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from engine.embedding.types import VectorArray
from engine.types import Constraints, Mode, Point, Weather
from places.types import CitySummary
from trips.types import Understanding

_FLOAT32: Final = np.dtype("<f4")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """
    A question as its trips remember it: without its words, its place rounded to 50 m.

    What its words mean is kept as vectors; with another encoder in use they compare with no place.
    """

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
        "eats_first": constraints.eats_first,
        "stroll": constraints.stroll,
        "chains_wanted": constraints.chains_wanted,
        "excluded": [str(place) for place in understanding.excluded_places],
        "named": None if named is None else str(named),
        "vectors": {
            "encoder": constraints.encoder,
            "query": _text(constraints.query_embedding),
            "taste": _text(constraints.taste),
        },
        "seed": constraints.seed,
    }


def restore(*, context: Mapping[str, Any], city: CitySummary) -> KeptQuestion:
    """Return the question of a context; what an older context does not have was not said."""
    destination, named = context.get("destination"), context.get("named")
    vectors = context.get("vectors", {})
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
            eats_first=context.get("eats_first", False),
            stroll=context.get("stroll", False),
            chains_wanted=context.get("chains_wanted", False),
            weather=Weather(context["weather"]),
            query_embedding=_vector(vectors.get("query")),
            taste=_vector(vectors.get("taste")),
            encoder=vectors.get("encoder", ""),
            seed=context["seed"],
        ),
        city=city.slug,
        excluded_places=tuple(UUID(place) for place in context.get("excluded", ())),
        named_place=None if named is None else UUID(named),
    )


def _text(vector: VectorArray | None) -> str | None:
    """Return a vector as base64 of float32, little end first: the numbers come back as they were."""
    return None if vector is None else b64encode(vector.astype(_FLOAT32).tobytes()).decode()


def _vector(text: str | None) -> VectorArray | None:
    return None if text is None else np.frombuffer(b64decode(text), _FLOAT32).astype(np.float32)


def _pair(point: Point | None) -> tuple[float, float] | None:
    return None if point is None else (point.latitude, point.longitude)
