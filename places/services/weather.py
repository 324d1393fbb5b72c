"""The weather a plan is made for: a protocol, and a fixed answer as its default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.types import Point, Weather


class WeatherProvider(Protocol):
    """Answers what the weather will be like somewhere."""

    def weather_at(self, *, position: Point, at: datetime) -> Weather:
        """Return the weather around `position` at `at` (aware)."""
        ...


@dataclass(frozen=True)
class FixedWeather:
    """The same weather everywhere, until a forecast is connected."""

    weather: Weather = Weather.CLEAR

    def weather_at(self, *, position: Point, at: datetime) -> Weather:
        return self.weather
