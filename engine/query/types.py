"""What a sentence was understood to say, each field with the words that said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character offsets into the sentence as it was given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood(Generic[T]):
    """One value, the words it came from, and how sure we are (1 = said outright)."""

    value: T
    spans: tuple[Span, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """
    Everything one sentence asks for. None or () where it says nothing.

    Money is for each adult, in whole units of the currency that was said, of the place's where none
    was; durations are minutes; clock times are local "HH:MM".
    """

    time_budget_min: Understood[int] | None = None
    budget: Understood[int] | None = None
    budget_currency: str | None = None  # ISO 4217
    budget_band: Understood[str] | None = None  # low, mid, high
    moods: tuple[Understood[str], ...] = ()
    categories: tuple[Understood[str], ...] = ()
    category_counts: tuple[Understood[tuple[str, int]], ...] = ()  # "카페 2곳" → ("cafe", 2)
    mostly: tuple[Understood[str], ...] = ()  # categories said with 위주, 투어, hopping
    avoid: tuple[Understood[str], ...] = ()  # categories, moods, "crowded"
    meals: tuple[Understood[str], ...] = ()  # breakfast, lunch, dinner; also as a time: 점심에
    mode: Understood[str] | None = None
    start_time: Understood[str] | None = None
    end_time: Understood[str] | None = None
    daypart: Understood[str] | None = None
    day: Understood[str] | None = None
    companions: Understood[str] | None = None
    party_size: Understood[int] | None = None  # the speaker counted
    indoor: Understood[bool] | None = None
    area: Understood[str] | None = None  # as written, without particles
    area_slugs: tuple[str, ...] = ()  # what the gazetteer calls it; several when ambiguous
    max_stops: Understood[int] | None = None
    low_walking: Understood[bool] | None = None
    after_dark: Understood[bool] | None = None  # what is wanted is there in the dark alone
    needs: tuple[Understood[str], ...] = ()  # pet, wheelchair, parking
    chains_wanted: Understood[bool] | None = None
    ignored: tuple[Span, ...] = ()
