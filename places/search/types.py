"""What is looked for among places, and what is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from common.geo import BoundingBox, Position

OFFSET_HIGH: Final = 1_000  # whoever reads on has asked for too much


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSearch:
    """Which places are looked for; what is not said does not matter."""

    text: str = ""
    near: Position | None = None
    radius_m: int = 1_000
    boxes: Sequence[BoundingBox] = ()
    categories: Sequence[str] = ()
    moods: Sequence[str] = ()  # all of them
    open_at: datetime | None = None  # aware
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What places are told apart by before any is shown."""

    id: int
    city: str
    category: str
    moods: int  # as `places.listing_models.MOOD_BITS` counts them
    hours: bytes | None  # their name


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place as a list shows it."""

    public_id: UUID
    names: Mapping[str, str]
    category: str
    city: str
    position: Position
    address: str
    cost_low: int
    cost_high: int
    currency: str
    cost_provenance: str
    stay_min: int
    moods: Mapping[str, Any]
    popularity: float
    distance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """Some of the places found, best first, and where the next ones begin."""

    places: Sequence[FoundPlace]
    next_offset: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many of the best `of` places that match are of each category and have each mood."""

    of: int
    is_capped: bool  # more match than were counted
    categories: Mapping[str, int]
    moods: Mapping[str, int]
