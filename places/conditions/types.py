"""What the world outside is like: the weather by the hour, how full an area is, how roads flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.gis.geos import GEOSGeometry

from engine.types import Point, Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class HourForecast:
    """The weather of one hour at one place."""

    starts_at: datetime  # aware, UTC, on the hour
    sky: Weather  # clear, clouds, rain or snow
    feels_like_c: float
    precipitation_mm: float = 0.0  # of water, in the hour
    chance: float | None = None  # of precipitation, [0, 1]; None: not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The hours to come at one place, ascending, and who foretells them."""

    position: Point
    source: str
    hours: Sequence[HourForecast]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdHour:
    """How full an area is, or will be, from `starts_at` on."""

    starts_at: datetime  # aware
    level: float  # [0, 1]
    is_forecast: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdedArea:
    """How full an area is told to be: the level in [0, 1] from each moment (aware) on, ascending."""

    name: str
    outline: GEOSGeometry
    fetched_at: datetime
    hours: Sequence[tuple[datetime, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaConditions:
    """What a city says of one of its areas right now."""

    area: str  # as the city names it
    crowd: Sequence[CrowdHour]  # the present first
    road_speed_kmh: float | None = None
    road_state: str = ""  # "free", "slow", "jammed", or empty: not told
    observed_at: datetime | None = None  # aware; of the roads


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWeather:
    """The weather that a plan is made for, and how it is known."""

    weather: Weather
    source: str = ""  # empty: nobody foretold it
    fetched_at: datetime | None = None  # aware
    is_stale: bool = False  # older than a forecast should be, and used all the same
