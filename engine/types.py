"""
The values that the engine's stages hand to each other.

Time is minutes from the start of the plan (t = 0 is `Constraints.starts_at`), so that a stay that
passes midnight is an interval like any other. Places are indices into the candidates, money is
integer minor units of one currency for each adult, distances are metres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class Mode(StrEnum):
    """How the traveller moves."""

    WALK = "walk"
    TRANSIT = "transit"
    BIKE = "bike"
    CAR = "car"


class Weather(StrEnum):
    """The weather that a plan is made for."""

    CLEAR = "clear"
    CLOUDS = "clouds"
    RAIN = "rain"
    SNOW = "snow"
    HEAT = "heat"
    COLD = "cold"


class CardKind(StrEnum):
    """The three characters a card can have: three parameter sets of one formula."""

    BEST_MATCH = "best_match"
    EASY_GOING = "easy_going"
    SOMETHING_NEW = "something_new"


class Provenance(StrEnum):
    """Where a fact comes from: counted by us, said by a source, or usual for the category."""

    MEASURED = "measured"
    STATED = "stated"
    PRIOR = "prior"


@dataclass(frozen=True, slots=True)
class Point:
    """A WGS 84 position in degrees."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90):
            raise ValueError(f"latitude must lie in [-90, 90], not {self.latitude}")
        if not (-180 <= self.longitude <= 180):
            raise ValueError(f"longitude must lie in [-180, 180], not {self.longitude}")


@dataclass(frozen=True, slots=True)
class Window:
    """When a place may be visited: arrive in [opens, last_entry], leave by `closes`."""

    opens: float
    closes: float
    last_entry: float

    def __post_init__(self) -> None:
        if not self.opens <= self.last_entry <= self.closes:
            raise ValueError(
                f"a window must have opens <= last_entry <= closes, not "
                f"{self.opens}, {self.last_entry}, {self.closes}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One place that a plan may stop at, with what is known of it and how it is known."""

    name_ko: str
    name_en: str
    category: str  # one of `engine.catalogue.CATEGORIES`
    position: Point
    windows: tuple[Window, ...]  # by start, not overlapping; all that meet the time budget
    hours_known: bool  # False: `windows` are the category's conservative core
    hours_source: str
    hours_as_of: date | None
    stay_min: float
    stay_provenance: Provenance
    cost_low: int
    cost_high: int
    cost_provenance: Provenance
    site: str | None = None  # places of one building or heritage site share it
    chain: str | None = None
    indoor: bool | None = None
    moods: Mapping[str, float] = field(default_factory=dict)  # mood → confidence in (0, 1]
    mood_evidence: Mapping[str, str] = field(default_factory=dict)  # mood → what supports it
    quality: float = 0.5  # [0, 1]
    freshness: float = 0.5  # [0, 1], 1 = confirmed just now
    popularity: float = 0.5  # [0, 1], 1 = on every visitor's list
    congestion: float = 0.3  # [0, 1] on an ordinary hour
    # Hours from local midnight of the plan's first day → how full it is around here then, 1 as usual.
    crowd: Mapping[int, float] = field(default_factory=dict)
    # Those of these hours of which visits to the place itself tell; of the others somebody does live.
    crowd_from_visits: frozenset[int] = frozenset()
    source_class: str = ""  # the source's own class: "gym", "fast_food", "library", …
    pets_allowed: bool | None = None
    wheelchair: bool | None = None
    parking: bool | None = None
    as_of: date | None = None  # how old the record is
    # What visitors found otherwise, "hours", "existence", "price", …, and when they last did.
    doubts: Mapping[str, date] = field(default_factory=dict)
    embedding: npt.NDArray[np.float32] | None = None  # unit length, `engine.embedding.DIMENSIONS`
    is_named: bool = False  # asked for by its own name: every card has it where it can be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """What is asked for, with everything that was not said already filled in."""

    origin: Point
    starts_at: datetime  # aware, in the zone of the place
    time_budget_min: float
    budget: int | None = None  # None: no limit
    currency: str = "KRW"
    mode: Mode = Mode.WALK
    destination: Point | None = None  # where the plan ends; None: at the last stop
    moods: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    category_counts: Mapping[str, int] = field(default_factory=dict)  # "카페 2곳" → {"cafe": 2}
    mostly: tuple[str, ...] = ()  # categories asked for with 위주, 투어, hopping
    avoid: tuple[str, ...] = ()  # categories, moods, "crowded"
    companions: str | None = None
    party_size: int | None = None
    indoor: bool | None = None
    needs: tuple[str, ...] = ()  # "pet", "wheelchair", "parking"
    max_stops: int | None = None
    low_walking: bool = False
    eats_first: bool = False  # a meal was asked for at the time at which the plan begins
    stroll: bool = False  # to walk about is the point ("산책"), not just the way to get there
    chains_wanted: bool = False
    weather: Weather = Weather.CLEAR
    # No longer than 1, shorter where little is known; None: nothing is.
    taste: npt.NDArray[np.float32] | None = None
    liked: tuple[str, ...] = ()  # moods and categories behind the taste, for its words only
    query_embedding: npt.NDArray[np.float32] | None = None
    encoder: str = ""  # who made the two vectors: those of places by another are not compared
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of a plan. The visitor waits, if at all, before `arrives`."""

    candidate: int
    arrives: float
    leaves: float
    travel_min: float  # from the stop before, or from the origin
    travel_m: float
    travel_mode: Mode  # a short leg is walked whatever the mode of the plan
    travel_is_estimate: bool  # no router told its time
    wait_min: float
    score: float
    score_parts: Mapping[str, float]  # factor → value in [0, 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An ordered choice of stops with its score taken apart."""

    stops: tuple[Stop, ...]
    score: float
    node_weights: Mapping[str, float]  # factor → exponent or weight of the published formula
    penalties: Mapping[str, float]  # named term → amount already weighted, ≥ 0
    penalty_weights: Mapping[str, float]
    end_travel_min: float = 0.0
    end_travel_m: float = 0.0
    end_travel_mode: Mode = Mode.WALK
    end_travel_is_estimate: bool = False
    proven_optimal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A plan of one character, with what else could stand at each of its stops."""

    kind: CardKind
    plan: Plan
    alternatives: tuple[tuple[int, ...], ...]  # for each stop, candidates that keep it feasible
    warnings: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something worth saying, without its words: `engine.explain` has those in each language."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The engine's answer: up to three cards, or why there are fewer and what would help."""

    cards: tuple[Card, ...]
    why_fewer: Fact | None = None
    relaxation: Fact | None = None
