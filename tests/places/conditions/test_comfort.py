import pytest

from engine.types import Weather
from places.conditions.comfort import choose_weather, feels_like_c
from tests.builders.weather import make_hour


# Wind chill as in its published tables; a degree more for each ten per cent beyond 55.
@pytest.mark.parametrize(
    ("temperature_c", "humidity", "wind_kmh", "felt"),
    [
        (-10.0, 50.0, 20.0, -17.9),
        (-5.0, 50.0, 10.0, -9.3),
        (33.0, 55.0, 5.0, 33.0),  # at 55 % it feels as it is
        (33.0, 70.0, 5.0, 34.3),
        (15.0, 90.0, 40.0, 15.0),
        (5.0, 50.0, 2.0, 5.0),
    ],
)
def test_what_it_feels_like(
    temperature_c: float, humidity: float, wind_kmh: float, felt: float
) -> None:
    found = feels_like_c(temperature_c=temperature_c, humidity=humidity, wind_kmh=wind_kmh)

    assert found == pytest.approx(felt, abs=0.3)


def test_a_shower_of_an_hour_in_three_is_planned_for() -> None:
    hours = [make_hour(hour=h) for h in range(2)]

    weather = choose_weather(hours=[*hours, make_hour(hour=2, sky=Weather.RAIN)])

    assert weather is Weather.RAIN


def test_a_shower_of_an_hour_in_ten_is_not() -> None:
    hours = [make_hour(hour=h) for h in range(9)]

    weather = choose_weather(hours=[*hours, make_hour(hour=9, sky=Weather.RAIN)])

    assert weather is Weather.CLEAR


@pytest.mark.parametrize(
    ("chance", "millimetres", "expected"),
    [(0.3, 0.0, Weather.CLOUDS), (0.6, 0.0, Weather.RAIN), (0.3, 0.2, Weather.RAIN)],
)
def test_rain_that_is_unlikely_and_slight_is_not_planned_for(
    chance: float, millimetres: float, expected: Weather
) -> None:
    hour = make_hour(sky=Weather.RAIN, chance=chance, precipitation_mm=millimetres)

    assert choose_weather(hours=[hour]) is expected


def test_snow_comes_before_rain_and_rain_before_heat() -> None:
    wet = [make_hour(sky=Weather.RAIN, feels_like_c=34.0), make_hour(hour=1, sky=Weather.SNOW)]

    assert choose_weather(hours=wet) is Weather.SNOW
    assert choose_weather(hours=wet[:1]) is Weather.RAIN


@pytest.mark.parametrize(
    ("felt", "expected"),
    [(33.0, Weather.HEAT), (32.9, Weather.CLEAR), (-8.0, Weather.COLD), (-7.9, Weather.CLEAR)],
)
def test_heat_and_cold_begin_where_they_are_felt(felt: float, expected: Weather) -> None:
    assert choose_weather(hours=[make_hour(feels_like_c=felt)]) is expected


def test_no_hours_are_no_weather() -> None:
    with pytest.raises(ValueError, match="hours must not be empty"):
        choose_weather(hours=[])
