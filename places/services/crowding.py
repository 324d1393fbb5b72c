"""How much fuller than usual it is around places, as a city tells it live."""

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

ORDINARY: Final = 0.45  # the level of an ordinary hour: what a city calls 보통
FACTOR_HIGH: Final = 2.0
HOURS_HIGH: Final = 71  # of the plan's first day and two more
_KEPT_FOR: Final = timedelta(minutes=1)  # in the process, before the database is asked again
_HOUR: Final = timedelta(hours=1)
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the database had, and when it was asked."""

    at: datetime
    areas: Sequence[CrowdedArea]
    boxes: np.ndarray[Any, np.dtype[np.float64]]  # (areas, 4): west, south, east, north


@dataclass
class LiveCrowds:
    """Tells candidates how full it is around them. Threads share it; see `StoredWeather`."""

    _looked: _Looked | None = field(default=None, init=False, repr=False)

    def version(self, *, now: datetime) -> str:
        """Return a text that changes whenever what is told does."""
        areas = self._look(now).areas
        return max(area.fetched_at for area in areas).isoformat() if areas else ""

    def around(self, *, found: CandidateSet, starts_at: datetime, now: datetime) -> CandidateSet:
        """
        Return the candidates with how full it will be around them.

        `starts_at` (aware, in the zone of the place) is the start of the plan, whose first midnight
        the hours count from.
        """
        looked = self._look(now)
        if not looked.areas or not found.places:
            return found
        factors = [_factors(area, starts_at) for area in looked.areas]
        places = tuple(
            place if area is None else _with_crowd(place, factors[area])
            for place, area in zip(found.places, _areas_of(looked, found), strict=True)
        )
        return replace(found, places=places)

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
            looked = self._looked = _Looked(at=now, areas=areas, boxes=boxes)
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


def _with_crowd(place: PlaceCandidate, factors: Mapping[int, float]) -> PlaceCandidate:
    return replace(place, candidate=replace(place.candidate, crowd=factors))
