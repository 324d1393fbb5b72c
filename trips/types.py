"""Values that pass between the layers of trips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from engine.embedding.types import VectorArray
from engine.types import Constraints, Mode, Point, Weather

Locale = Literal["ko", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a traveller's account adds to a request; an anonymous one adds nothing."""

    traveller_id: int | None = None
    public_id: UUID | None = None
    time_budget_min: int | None = None
    budget_band: str | None = None
    mode: Mode | None = None
    taste: VectorArray | None = None  # None: neutral
    liked: tuple[str, ...] = ()  # moods and categories, the strongest first
    taste_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request for a recommendation as it came: None is what was not said."""

    sentence: str = ""
    position: Point | None = None
    area: str | None = None
    destination: Point | None = None
    time_budget_min: float | None = None
    budget: int | None = None
    budget_band: str | None = None
    mode: Mode | None = None
    starts_at: datetime | None = None  # aware
    party_size: int | None = None
    weather: Weather | None = None
    exclude: tuple[str, ...] = ()  # public ids of places, and categories
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Something that was filled in, or settled between two things said."""

    field: str
    value: Any
    reason: str  # a code; `trips.services.wording` has its words
    source: str = ""  # who says so, where it is somebody else
    told_at: datetime | None = None  # aware, in the zone of the place; when they said it


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A question with nothing left open: what the engine is asked, and how that came about."""

    constraints: Constraints
    interpretation: dict[str, Any]  # as the API shows it
    city: str
    excluded_places: tuple[UUID, ...] = ()
    excluded_categories: tuple[str, ...] = ()
    named_place: UUID | None = None  # the landmark that the question names


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A recommendation as the API shows it: `text` is JSON, which a kept answer is by now."""

    text: bytes
    is_cached: bool

    @property
    def body(self) -> dict[str, Any]:
        """Return the answer as values; the API never needs them."""
        body: dict[str, Any] = orjson.loads(self.text)
        return body
