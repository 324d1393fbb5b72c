"""Travel times: a protocol, and crow-fly distance times a detour factor as its default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.catalogue import MODES
from engine.types import Mode, Point

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius

FloatArray = npt.NDArray[np.float64]


def crow_fly_m(points: Sequence[Point]) -> FloatArray:
    """Return the (n, n) great-circle distances in metres, by the haversine formula."""
    latitude = np.radians([point.latitude for point in points])
    longitude = np.radians([point.longitude for point in points])
    half_dlat = (latitude[:, None] - latitude[None, :]) / 2
    half_dlon = (longitude[:, None] - longitude[None, :]) / 2
    a = (
        np.sin(half_dlat) ** 2
        + np.cos(latitude[:, None]) * np.cos(latitude[None, :]) * np.sin(half_dlon) ** 2
    )
    distance: FloatArray = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(a)))
    return distance


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Door-to-door times and street lengths between n points, both (n, n) float64."""

    minutes: FloatArray
    metres: FloatArray
    crow_fly: FloatArray
    is_estimate: bool  # True: no router was asked


class TravelTimes(Protocol):
    """Answers how long the way between points takes."""

    def matrix(self, *, points: Sequence[Point], mode: Mode) -> TravelMatrix:
        """Return times and lengths between all pairs of `points`, in order."""
        ...


@dataclass(frozen=True, slots=True)
class CrowFly:
    """Estimates each leg from its crow-fly distance; a short leg is walked whatever the mode."""

    def matrix(self, *, points: Sequence[Point], mode: Mode) -> TravelMatrix:
        profile, walk = MODES[mode], MODES[Mode.WALK]
        crow = crow_fly_m(points)
        walked = crow <= profile.walk_below_m
        metres = np.where(walked, crow * walk.detour, crow * profile.detour)
        minutes = np.where(
            walked,
            metres / walk.speed_m_per_min,
            metres / profile.speed_m_per_min + profile.overhead_min,
        )
        np.fill_diagonal(metres, 0.0)
        np.fill_diagonal(minutes, 0.0)
        return TravelMatrix(minutes=minutes, metres=metres, crow_fly=crow, is_estimate=True)
