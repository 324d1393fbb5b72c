"""
How much fuller than usual it is at places: as a city tells it live, and as their own visits say.

Where both say something of an hour, the city's word weighs `live.weight` (`data/visits.toml`) and the
place's own profile the rest, as exponents (logarithmic pooling: C. Genest, J. V. Zidek, "Combining
probability distributions", 1986); of every other hour the profile alone, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.contrib.gis.geos import Point as Geometry

from common.geo import Position
from places.conditions import selectors
from places.conditions.types import CrowdedArea
from places.types import CandidateSet, PlaceCandidate
from places.visits.selectors import find_newest, find_profile, list_factors
from places.visits.types import HOURS, DayClass, VisitRules, visit_rules

ORDINARY: Final = 0.45  # the level of an ordinary hour: what a city calls 보통
FACTOR_HIGH: Final = 2.0
HOURS_HIGH: Final = 71  # of the plan's first day and two more
_DAYS: Final = 2  # that a plan of sixteen hours meets
_KEPT_FOR: Final = timedelta(minutes=1)  # in the process, before the database is asked again
_HOUR: Final = timedelta(hours=1)
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the database had, and when it was asked."""

    at: datetime
    areas: Sequence[CrowdedArea]
    boxes: np.ndarray[Any, np.dtype[np.float64]]  # (areas, 4): west, south, east, north
    profiled_at: datetime | None  # when the profiles of places were made; None: there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdNow:
    """How full it is at a place now, 1 as usual, and what says so."""

    factor: float = field(kw_only=False)
    is_live: bool
    visits: int = 0  # of the place's own, on such days; 0: too few to say anything
    wait_min: int | None = None


@dataclass
class LiveCrowds:
    """Tells candidates how full it is at them. Threads share it; see `StoredWeather`."""

    rules: VisitRules = field(default_factory=visit_rules)
    _looked: _Looked | None = field(default=None, init=False, repr=False)

    def version(self, *, now: datetime) -> str:
        """Return a text that changes whenever what is told does."""
        looked = self._look(now)
        told = [area.fetched_at for area in looked.areas]
        parts = [max(told, default=None), looked.profiled_at]
        return ",".join(part.isoformat() for part in parts if part is not None)

    def around(self, *, found: CandidateSet, starts_at: datetime, now: datetime) -> CandidateSet:
        """
        Return the candidates with how full it will be at them. At most one query.

        `starts_at` (aware, in the zone of the place) is the start of the plan, whose first midnight
        the hours count from.
        """
        looked = self._look(now)
        if not found.places:
            return found
        own: Mapping[int, Mapping[DayClass, Sequence[float]]] = {}
        if looked.profiled_at is not None:
            own = list_factors(place_ids=[place.pk for place in found.places])
        if not looked.areas and not own:
            return found
        factors = [_factors(area, starts_at) for area in looked.areas]
        areas = _areas_of(looked, found) if factors else [None] * len(found.places)
        places = tuple(
            self._with_crowd(
                place,
                {} if area is None else factors[area],
                _by_hour(own.get(place.pk, {}), starts_at),
            )
            for place, area in zip(found.places, areas, strict=True)
        )
        return replace(found, places=places)

    def at_place(self, *, place_id: int, position: Position, at: datetime) -> CrowdNow:
        """Return how full it is at a place now; `at` is aware, in its zone. At most one query."""
        looked = self._look(at)
        live = self.factor_at(position=position, at=at)
        own = None
        if looked.profiled_at is not None:
            own = find_profile(place_id=place_id, day_class=DayClass.of(at.date()))
        if own is None:
            return CrowdNow(1.0 if live is None else live, is_live=live is not None)
        factor = own.factors[at.hour]
        return CrowdNow(
            factor if live is None else self._blend(live, factor),
            is_live=live is not None,
            visits=own.visits,
            wait_min=own.waits[at.hour],
        )

    def _with_crowd(
        self, place: PlaceCandidate, live: Mapping[int, float], own: Mapping[int, float]
    ) -> PlaceCandidate:
        if not live and not own:
            return place
        blended = {hour: self._blend(live[hour], own[hour]) for hour in live.keys() & own.keys()}
        candidate = replace(
            place.candidate,
            crowd={**own, **live, **blended},
            crowd_from_visits=frozenset(own.keys() - live.keys()),
        )
        return replace(place, candidate=candidate)

    def _blend(self, live: float, own: float) -> float:
        weight = self.rules.live["weight"]
        return float(live**weight * own ** (1 - weight))

    def factor_at(self, *, position: Position, at: datetime) -> float | None:
        """Return how full it is at a position now, 1 as usual; None where nobody tells."""
        point = Geometry(position.lon, position.lat, srid=4326)
        for area in self._look(at).areas:
            if area.outline.intersects(point):
                told = [level for begin, level in area.hours if begin <= at < begin + _HOUR]
                return min(told[-1] / ORDINARY, FACTOR_HIGH) if told else None
        return None

    def _look(self, now: datetime) -> _Looked:
        looked = self._looked
        if looked is None or not looked.at <= now < looked.at + _KEPT_FOR:
            areas = selectors.list_crowded_areas(now=now)
            boxes = np.array([area.outline.extent for area in areas]).reshape(len(areas), 4)
            looked = self._looked = _Looked(
                at=now, areas=areas, boxes=boxes, profiled_at=find_newest()
            )
        return looked


def _areas_of(looked: _Looked, found: CandidateSet) -> list[int | None]:
    """Return for each candidate the first area that it lies in."""
    at = np.array(
        [
            (place.candidate.position.longitude, place.candidate.position.latitude)
            for place in found.places
        ]
    )
    low, high = looked.boxes[None, :, :2], looked.boxes[None, :, 2:]
    near = np.all((at[:, None, :] >= low) & (at[:, None, :] <= high), axis=2)
    return [
        next(
            (
                area
                for area in np.flatnonzero(near[row]).tolist()
                if looked.areas[area].outline.intersects(Geometry(x, y, srid=4326))
            ),
            None,
        )
        for row, (x, y) in enumerate(at.tolist())
    ]


def _factors(area: CrowdedArea, starts_at: datetime) -> Mapping[int, float]:
    begin_s = starts_at.hour * _HOUR_S + starts_at.minute * 60 + starts_at.second
    factors = {}
    for at, level in area.hours:
        hour = int((begin_s + (at - starts_at).total_seconds()) // _HOUR_S)
        if 0 <= hour <= HOURS_HIGH:
            factors[hour] = min(level / ORDINARY, FACTOR_HIGH)
    return factors


def _by_hour(own: Mapping[DayClass, Sequence[float]], starts_at: datetime) -> Mapping[int, float]:
    """Return the factors of a place for the hours of the plan, from its first midnight on."""
    factors: dict[int, float] = {}
    for day in range(_DAYS if own else 0):
        told = own.get(DayClass.of(starts_at.date() + timedelta(days=day)), ())
        factors.update(enumerate(told, start=day * HOURS))
    return factors
