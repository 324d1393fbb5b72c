"""What importing stages hand to each other, and what selectors answer with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.types import Candidate, Constraints, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTerms:
    """A source, the terms its facts come under, and how it likes to be asked."""

    slug: str
    name: str
    kind: str  # of `places.models.SourceKind`
    licence: str
    attribution: str
    may_ship: bool
    terms: str = ""  # the address of the terms in full
    rate_per_s: float | None = None  # requests; None: files, or no limit
    every_min: int | None = None  # how often it is worth asking; an operator may say otherwise
    grace_syncs: int = 1  # a row missing from so many full listings in a row is gone


@dataclass(frozen=True, slots=True)
class Row:
    """
    One record as it came; `where` names it in its file ("line 12", "record 3").

    `values` is what is kept of it for ever and must be JSON. `ref` is what its source calls it; a
    row without is known by its content. `cursor` is where to go on behind it, if not by counting.
    """

    where: str
    values: Mapping[str, Any]
    ref: str = ""
    cursor: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """
    A record that was not taken, and why. `expected` ones are no fault of the file.

    After one that `ends_early` it is not known what else the source lists.
    """

    where: str
    reason: str
    text: str = ""
    expected: bool = False
    ends_early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursText:
    """Hours as a source words them: an OSM expression, or Korean hours and closing days."""

    osm: str = ""
    opening: str = ""
    closing: str = ""
    weekday: tuple[str, str] | None = None  # "HH:MM" of opening and closing
    holiday: tuple[str, str] | None = None
    note: str = ""  # of something within the place (a fountain, its lights): never its hours

    @property
    def is_said(self) -> bool:
        return bool(self.osm or self.opening or self.closing or self.weekday)

    @property
    def text(self) -> str:
        """Return all that was said, on one line."""
        spans = ["~".join(span) for span in (self.weekday, self.holiday) if span]
        closing = f"휴무 {self.closing}" if self.closing else ""
        return " · ".join(
            part for part in (self.osm, self.opening, *spans, closing, self.note) if part
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One source's record of one place, cleaned but not yet compared with others."""

    source: str
    ref: str
    where: str
    name: str
    category: str
    source_class: str
    latitude: float
    longitude: float
    name_en: str = ""
    address: str = ""
    district: str = ""
    is_object: bool = False  # belongs to a site and is never a stop by itself
    outline: str = ""  # WKT in WGS 84
    area_m2: float | None = None
    hours: HoursText = HoursText()
    cost: tuple[int, int] | None = None  # per adult; None: the source does not say
    stay_min: int | None = None  # as the source says it: how long a walk takes
    fee_hint: str = ""  # where it does not: "nought" or "varies", as the cells suggest
    is_public: bool = False  # the state or a city runs it
    indoor: bool | None = None
    pets_allowed: bool | None = None
    wheelchair: bool | None = None
    parking: bool | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)  # kind ("wikidata") → value
    signs: Mapping[str, str] = field(
        default_factory=dict
    )  # evidence by code, in the source's words
    introduction: str = ""
    is_closed: bool = False  # the source says that it no longer operates
    valid_from: date | None = None  # of an event: the days on which it is there, both included
    valid_until: date | None = None
    as_of: date | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.source}:{self.ref}"

    @property
    def is_event(self) -> bool:
        """Tell whether it is there on some days only."""
        return self.valid_until is not None


@dataclass(slots=True, kw_only=True)
class SourceReport:
    """What became of one source's rows."""

    source: str
    files: list[str] = field(default_factory=list)
    read: int = 0
    kept: int = 0
    merged: int = 0
    attached: int = 0
    hours_said: int = 0
    hours_parsed: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    hours_refused: list[Refusal] = field(default_factory=list)

    def refused_by_reason(self) -> Counter[str]:
        """Count the refusals by reason."""
        return Counter(refusal.reason for refusal in self.refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCounts:
    """What storing changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0

    def __add__(self, other: StoreCounts) -> StoreCounts:
        return StoreCounts(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            deactivated=self.deactivated + other.deactivated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """A place ready to be stored: the columns of its row, and the source rows behind it."""

    latitude: float
    longitude: float
    fields: Mapping[str, Any]  # column → JSON value
    sources: tuple[Mapping[str, Any], ...]  # source, external_ref, source_class, as_of, payload


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySummary:
    """A loaded city: what rules the places in it."""

    slug: str
    name_ko: str
    name_en: str
    country: str  # ISO 3166-1 alpha-2
    currency: str
    zone: ZoneInfo
    data_version: str
    bounds: tuple[float, float, float, float]  # south, west, north, east in degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateQuery:
    """Which places are asked for. Categories to leave out stand in `constraints.avoid`."""

    city: str  # slug; its zone is the plan's
    constraints: Constraints
    excluded_places: tuple[UUID, ...] = ()
    included_places: tuple[UUID, ...] = ()  # come whatever the rules say: locked, or asked about
    limit: int = 70

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= 200:
            raise ValueError(f"limit must lie in [1, 200], not {self.limit}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCandidate:
    """A place as the engine sees it, with what names it outside and inside."""

    pk: int
    public_id: UUID
    candidate: Candidate
    address: str
    closes: Mapping[float, datetime | None]  # end of a window → local closing time, None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSet:
    """The places that go on to the engine, and how many were left out for which reason."""

    places: tuple[PlaceCandidate, ...]
    dropped: Mapping[str, int]  # "closed", "too_dear", "out_of_reach", "excluded" → places

    def with_named(self, public_id: UUID | None) -> CandidateSet:
        """Return the set with one place marked as asked for by its own name."""
        if public_id is None:
            return self
        marked = tuple(
            replace(place, candidate=replace(place.candidate, is_named=True))
            if place.public_id == public_id
            else place
            for place in self.places
        )
        return replace(self, places=marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyArea:
    """An area of the gazetteer that has enough places to plan with."""

    slug: str
    name_ko: str
    name_en: str
    centre: Point
    distance_m: float
    places: int
