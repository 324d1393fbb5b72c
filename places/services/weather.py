"""The weather a plan is made for: a protocol, and the stored forecasts as its default."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from engine.types import Point, Weather
from places.conditions import selectors
from places.conditions.cells import Cell
from places.conditions.comfort import choose_weather
from places.conditions.types import Forecast, PlannedWeather

FRESH_FOR: Final = timedelta(hours=3)
USED_FOR: Final = timedelta(hours=24)  # and from then on nobody is sent out by it
_HOUR: Final = timedelta(hours=1)
_KEPT_FOR: Final = timedelta(minutes=1)  # in the process, before the database is asked again
_CELLS_HIGH: Final = 4096


class WeatherProvider(Protocol):
    """Answers what the weather will be like somewhere."""

    def weather_for(
        self, *, position: Point, starts_at: datetime, ends_at: datetime, now: datetime
    ) -> PlannedWeather:
        """Return the weather to plan for around `position` from `starts_at` to `ends_at` (aware)."""
        ...


@dataclass(frozen=True)
class FixedWeather:
    """The same weather everywhere, which nobody foretold."""

    weather: Weather = Weather.CLEAR

    def weather_for(
        self, *, position: Point, starts_at: datetime, ends_at: datetime, now: datetime
    ) -> PlannedWeather:
        return PlannedWeather(weather=self.weather)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the database had for a cell, and when it was asked."""

    at: datetime
    forecast: tuple[Forecast, datetime] | None


@dataclass(frozen=True)
class StoredWeather:
    """
    The forecast that was fetched last, an old one as such; without one, clear and said to be unknown.

    Threads share it: a cell that two of them look up at once is looked up twice, and nothing worse.
    """

    unknown: Weather = Weather.CLEAR
    _looked: dict[Cell, _Looked] = field(default_factory=dict, init=False, repr=False)

    def weather_for(
        self, *, position: Point, starts_at: datetime, ends_at: datetime, now: datetime
    ) -> PlannedWeather:
        found = self._find(Cell.of(position), now)
        if found is None or now - found[1] > USED_FOR:
            return PlannedWeather(weather=self.unknown)
        forecast, fetched_at = found
        hours = [
            hour
            for hour in forecast.hours
            if hour.starts_at < ends_at and hour.starts_at + _HOUR > starts_at
        ]
        # A plan longer than the forecast would be told of the weather of its first hour alone.
        if not hours or hours[-1].starts_at + _HOUR < ends_at or hours[0].starts_at > starts_at:
            return PlannedWeather(weather=self.unknown)
        return PlannedWeather(
            weather=choose_weather(hours=hours),
            source=forecast.source,
            fetched_at=fetched_at,
            is_stale=now - fetched_at > FRESH_FOR,
        )

    def _find(self, cell: Cell, now: datetime) -> tuple[Forecast, datetime] | None:
        looked = self._looked.get(cell)
        if looked is not None and looked.at <= now < looked.at + _KEPT_FOR:
            return looked.forecast
        if len(self._looked) >= _CELLS_HIGH:
            self._looked.clear()
        forecast = selectors.find_forecast(cell=cell)
        self._looked[cell] = _Looked(at=now, forecast=forecast)
        return forecast
