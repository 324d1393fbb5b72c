"""What weather feels like, and which one a plan of some hours should be made for."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, sqrt
from typing import Final

from engine.types import Weather
from places.conditions.types import HourForecast

# The Korea Meteorological Administration warns of heat from 33 °C felt; of cold, in the open for an
# hour or two, few care to walk below −8 °C felt.
HEAT_FROM_C: Final = 33.0
COLD_TO_C: Final = -8.0
# Less than this wets nobody; a chance from here on is reason enough for another plan.
WET_FROM_MM: Final = 0.2
CHANCE_FROM: Final = 0.6
# A plan is made for rain that falls through this share of it, or for this long.
WET_SHARE: Final = 0.25
WET_HOURS: Final = 2

_WET: Final = (Weather.SNOW, Weather.RAIN)  # snow first: who meets both slips
_WINTRY_TO_C: Final = 10.0
_WIND_FROM_KMH: Final = 4.68
_SUMMERY_FROM_C: Final = 20.0


def feels_like_c(*, temperature_c: float, humidity: float, wind_kmh: float) -> float:
    """
    Return the apparent temperature by the formulas of the Korea Meteorological Administration.

    `humidity` in per cent. Up to 10 °C in wind it is the wind chill of 2001 (Osczevski and
    Bluestein), from 20 °C up the administration's heat formula over the wet-bulb temperature of
    Stull (2011); between them the temperature itself.
    """
    if temperature_c <= _WINTRY_TO_C and wind_kmh >= _WIND_FROM_KMH:
        blow: float = wind_kmh**0.16
        return 13.12 + 0.6215 * temperature_c - 11.37 * blow + 0.3965 * blow * temperature_c
    if temperature_c >= _SUMMERY_FROM_C:
        wet = _wet_bulb_c(temperature_c, humidity)
        return (
            -0.2442
            + 0.55399 * wet
            + 0.45535 * temperature_c
            - 0.0022 * wet**2
            + 0.00278 * wet * temperature_c
            + 3.0
        )
    return temperature_c


def _wet_bulb_c(temperature_c: float, humidity: float) -> float:
    bent: float = 0.00391838 * humidity**1.5 * atan(0.023101 * humidity)
    return (
        temperature_c * atan(0.151977 * sqrt(humidity + 8.313659))
        + atan(temperature_c + humidity)
        - atan(humidity - 1.676331)
        + bent
        - 4.686035
    )


def choose_weather(*, hours: Sequence[HourForecast]) -> Weather:
    """
    Return the weather to plan for over `hours`: what most asks for another plan comes first.

    Raises:
        ValueError: there are no hours.
    """
    if not hours:
        raise ValueError("hours must not be empty")
    wet = [hour for hour in hours if _is_wet(hour)]
    if len(wet) >= min(WET_HOURS, WET_SHARE * len(hours)) and wet:
        return next(kind for kind in _WET if any(hour.sky is kind for hour in wet))
    if max(hour.feels_like_c for hour in hours) >= HEAT_FROM_C:
        return Weather.HEAT
    if min(hour.feels_like_c for hour in hours) <= COLD_TO_C:
        return Weather.COLD
    clear = sum(hour.sky is Weather.CLEAR for hour in hours)
    return Weather.CLEAR if 2 * clear >= len(hours) else Weather.CLOUDS


def _is_wet(hour: HourForecast) -> bool:
    if hour.sky not in _WET:
        return False
    is_likely = hour.chance is None or hour.chance >= CHANCE_FROM
    return is_likely or hour.precipitation_mm >= WET_FROM_MM
