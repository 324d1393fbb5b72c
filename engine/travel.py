"""Travel times: a protocol, and the estimate from crow-fly distances that stands where no router is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from engine.catalogue import MODES
from engine.types import Mode, Point

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius

# The shortest distance at which detours were measured; below it the offset fades out with it.
OFFSET_FROM_M: Final = 150.0

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class LegSource(IntEnum):
    """Where the time of a leg comes from."""

    ESTIMATE = 0  # nobody was to be asked
    ROUTER = 1
    FALL_BACK = 2  # estimated, since the router that was to be asked did not say


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


def find_walked(*, crow_fly: FloatArray, mode: Mode) -> BoolArray:
    """Return which legs are walked: all of a walk, and the short ones of any other mode."""
    if mode is Mode.WALK:
        return np.ones_like(crow_fly, dtype=np.bool_)
    return np.asarray(crow_fly <= MODES[mode].walk_below_m)


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """
    Door-to-door times and street lengths between n points, both (n, n) float64.

    Infinite minutes are a way that does not exist: no plan takes it.
    """

    minutes: FloatArray
    metres: FloatArray
    crow_fly: FloatArray
    source: npt.NDArray[np.int8]  # (n, n) of `LegSource`


class TravelTimes(Protocol):
    """Answers how long the way between points takes."""

    def matrix(
        self,
        *,
        points: Sequence[Point],
        mode: Mode,
        needed: BoolArray | None = None,
        crow_fly: FloatArray | None = None,
    ) -> TravelMatrix:
        """
        Return times and lengths between all pairs of `points`, in order.

        Only the pairs in `needed`, (n, n), must be as good as can be had; None needs them all.
        `crow_fly` are the distances of `crow_fly_m`, of whoever has them.
        """
        ...


@dataclass(frozen=True, slots=True)
class CrowFly:
    """
    Estimates each leg from its crow-fly distance; a short leg is walked whatever the mode.

    Street length = detour · crow-fly + offset, the 0.7 quantile of the ways measured by
    `benchmarks.detours`: more ways are shorter than told than longer.
    """

    def matrix(
        self,
        *,
        points: Sequence[Point],
        mode: Mode,
        needed: BoolArray | None = None,
        crow_fly: FloatArray | None = None,
    ) -> TravelMatrix:
        profile = MODES[mode]
        crow = crow_fly_m(points) if crow_fly is None else crow_fly
        walked = find_walked(crow_fly=crow, mode=mode)
        on_foot = _street_m(crow, Mode.WALK)
        metres = np.where(walked, on_foot, _street_m(crow, mode))
        minutes = np.where(
            walked,
            on_foot / MODES[Mode.WALK].speed_m_per_min,
            metres / profile.speed_m_per_min + profile.overhead_min,
        )
        np.fill_diagonal(metres, 0.0)
        np.fill_diagonal(minutes, 0.0)
        source = np.full(crow.shape, LegSource.ESTIMATE, dtype=np.int8)
        return TravelMatrix(minutes=minutes, metres=metres, crow_fly=crow, source=source)


def _street_m(crow: FloatArray, mode: Mode) -> FloatArray:
    profile = MODES[mode]
    offset = profile.detour_offset_m * np.minimum(1.0, crow / OFFSET_FROM_M)
    return np.asarray(profile.detour * crow + offset)
