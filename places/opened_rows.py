"""From rows near enough to candidates: when each may be visited, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from engine.catalogue import CATEGORIES
from engine.types import Candidate, Point, Provenance, Window
from places.candidate_rows import VECTOR, read_vectors
from places.near_rows import NearRow
from places.opening.windows import Span, closing_time, core_windows, span, visit_windows
from places.reports.types import PlaceFact
from places.types import CandidateQuery, CitySummary, PlaceCandidate

NO_MOODS: Final = "{}"
NOTHING: Final[Mapping[str, Any]] = {}
NO_DOUBTS: Final[Mapping[str, date]] = {}
PROVENANCES: Final = {provenance.value: provenance for provenance in Provenance}


@dataclass(frozen=True, slots=True)
class Spans:
    """The days of one plan in each city's zone."""

    query: CandidateQuery
    cities: Mapping[str, CitySummary]
    _known: dict[str, tuple[Span, str]] = field(default_factory=dict)

    def of_city(self, slug: str) -> tuple[Span, str]:
        known = self._known.get(slug)
        if known is None:
            known = self._known[slug] = self._of_city(self.cities[slug])
        return known

    def _of_city(self, city: CitySummary) -> tuple[Span, str]:
        constraints = self.query.constraints
        days = span(
            starts_at=constraints.starts_at.astimezone(city.zone),
            horizon_min=constraints.time_budget_min,
            country=city.country,
        )
        return days, city.country


class Opened(NamedTuple):
    """A place near enough with the windows in which it may be visited."""

    near: NearRow
    category: str
    has_known_hours: bool
    windows: tuple[Window, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ClosingTimes(Mapping[float, datetime | None]):
    """
    End of a window → local closing time, None for never.

    Reckoned when it is asked for: of seventy places a card shows a few.
    """

    windows: tuple[Window, ...]
    span: Span

    def __getitem__(self, closes: float) -> datetime | None:
        for window in self.windows:
            if window.closes == closes:
                return closing_time(window, span=self.span)
        raise KeyError(closes)

    def __iter__(self) -> Iterator[float]:
        return iter(dict.fromkeys(window.closes for window in self.windows))

    def __len__(self) -> int:
        return len({window.closes for window in self.windows})


def list_opened(rows: Sequence[NearRow], spans: Spans) -> list[Opened]:
    """Return the rows that are open long enough for the shortest stay, and the included ones."""
    opened = []
    # Of equal hours, which are one object, and one category.
    computed: dict[tuple[str, str, int, bool], tuple[bool, tuple[Window, ...], Span, float]] = {}
    budget = spans.query.constraints.time_budget_min
    for row in rows:
        _, category, city, hours, stay_min, is_included, is_doubted = row
        key = (city, category, id(hours), is_doubted)
        known = computed.get(key)
        if known is None:
            days, country = spans.of_city(city)
            windows = _windows(row, days, country)
            has_known_hours = hours is not None and hours.has_times and not is_doubted
            longest = _longest(windows, budget)
            known = computed[key] = (has_known_hours, windows, days, longest)
        has_known_hours, windows, days, longest = known
        if longest >= min(CATEGORIES[category].stay_low, stay_min) or is_included:
            opened.append(Opened(row, category, has_known_hours, windows, days))
    return opened


def _windows(row: NearRow, days: Span, country: str) -> tuple[Window, ...]:
    if row.hours is None or not row.hours.has_times:
        return core_windows(row.hours, category=row.category, span=days)
    stated = visit_windows(row.hours, category=row.category, span=days, country=country)
    if not row.is_doubted:
        return stated
    return _common(stated, core_windows(row.hours, category=row.category, span=days))


def _common(stated: Sequence[Window], core: Sequence[Window]) -> tuple[Window, ...]:
    """Return when a place of doubted hours is open by them and by what is usual, by start."""
    return tuple(
        Window(opens=opens, closes=closes, last_entry=last_entry)
        for one in stated
        for other in core
        if (opens := max(one.opens, other.opens)) < (closes := min(one.closes, other.closes))
        and opens <= (last_entry := min(one.last_entry, other.last_entry, closes))
    )


def _longest(windows: Sequence[Window], budget_min: float) -> float:
    """Return for how many minutes one may stay within the plan; below nought for not at all."""
    longest = -1.0
    for window in windows:
        longest = max(longest, min(window.closes, budget_min) - window.opens)
    return longest


def make_candidates(
    rows: Sequence[Opened], facts: Mapping[int, tuple[Any, ...]]
) -> tuple[PlaceCandidate, ...]:
    """Return the candidates of `rows`; one that was removed meanwhile has no facts, and is left out."""
    known = [(row, facts[row.near.pk]) for row in rows if row.near.pk in facts]
    vectors = read_vectors([columns[VECTOR] for _, columns in known])
    return tuple(
        _make_candidate(row, columns, vector)
        for (row, columns), vector in zip(known, vectors, strict=True)
    )


def _make_candidate(
    row: Opened, facts: tuple[Any, ...], vector: npt.NDArray[np.float32] | None
) -> PlaceCandidate:
    (
        pk, public_id, name_ko, name_en, category, latitude, longitude, address, cost_low, cost_high,
        cost_provenance, stay_min, stay_provenance, hours_source, hours_as_of, site, chain, indoor,
        mood_scores, quality, freshness, popularity, congestion, source_class, pets, wheelchair,
        parking, as_of, _, told,
    ) = facts  # fmt: skip
    # Fact → how far it is believed, and when it was last found otherwise.
    doubts: Mapping[str, Any] = NOTHING if told is None else orjson.loads(told)
    believed, existing = 1.0, 1.0
    if doubts:
        believed = min(confidence for confidence, _ in doubts.values())
        existing, _ = doubts.get(PlaceFact.EXISTENCE, (1.0, None))
    moods, evidence = dict[str, float](), dict[str, str]()
    if mood_scores != NO_MOODS:
        for mood, said in orjson.loads(mood_scores).items():
            moods[mood] = float(said["confidence"])
            evidence[mood] = str(said.get("evidence", ""))
    candidate = Candidate(
        name_ko=name_ko,
        name_en=name_en,
        category=category,
        position=Point(latitude, longitude),
        windows=row.windows,
        hours_known=row.has_known_hours,
        hours_source=hours_source,
        hours_as_of=hours_as_of,
        stay_min=float(stay_min),
        stay_provenance=PROVENANCES[stay_provenance],
        cost_low=cost_low,
        cost_high=cost_high,
        cost_provenance=(
            Provenance.PRIOR if PlaceFact.PRICE in doubts else PROVENANCES[cost_provenance]
        ),
        site=site or None,
        chain=chain or None,
        indoor=indoor,
        moods=moods,
        mood_evidence=evidence,
        quality=quality * existing,
        freshness=freshness * believed,
        popularity=popularity,
        congestion=congestion,
        source_class=source_class,
        pets_allowed=pets,
        wheelchair=wheelchair,
        parking=parking,
        as_of=as_of,
        embedding=vector,
        doubts={fact: date.fromisoformat(seen_on) for fact, (_, seen_on) in doubts.items()}
        if doubts
        else NO_DOUBTS,
    )
    return PlaceCandidate(
        pk=pk,
        public_id=public_id,
        candidate=candidate,
        address=address,
        closes=ClosingTimes(row.windows, row.span),
    )
