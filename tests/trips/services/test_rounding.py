"""Where and when, as exactly as an answer is shared."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.travel import crow_fly_m
from engine.types import Point
from trips.services.rounding import round_position, round_window

SEOUL = ZoneInfo("Asia/Seoul")


def test_neighbours_in_a_cell_are_one_position() -> None:
    here = round_position(Point(37.556301, 126.923601))

    assert here == round_position(Point(37.556305, 126.923605))
    assert here != round_position(Point(37.557301, 126.923601))


@given(
    latitude=st.floats(min_value=-89, max_value=89),
    longitude=st.floats(min_value=-179.9, max_value=179.9),
)
def test_nobody_is_moved_further_than_the_corner_of_a_cell(
    latitude: float, longitude: float
) -> None:
    position = Point(latitude, longitude)

    moved = crow_fly_m([position, round_position(position)])[0, 1]

    assert moved <= 36


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 10), (-90, -180), (0, 180), (0, -180)])
def test_the_ends_of_the_earth_are_positions_too(latitude: float, longitude: float) -> None:
    rounded = round_position(Point(latitude, longitude))

    assert abs(rounded.latitude) <= 90
    assert abs(rounded.longitude) <= 180


@pytest.mark.parametrize(
    ("minute", "second", "budget", "expected"),
    [
        (0, 0, 180.0, (0, 180.0)),
        (0, 0, 178.0, (0, 178.0)),
        (1, 0, 180.0, (5, 175.0)),
        (4, 0, 180.0, (5, 175.0)),
        (4, 59, 180.0, (5, 175.0)),
        (3, 0, 20.0, (5, 15.0)),
    ],
)
def test_a_plan_starts_no_earlier_and_ends_no_later_than_was_said(
    minute: int, second: int, budget: float, expected: tuple[int, float]
) -> None:
    start = datetime(2026, 11, 21, 13, minute, second, tzinfo=SEOUL)

    rounded, left = round_window(starts_at=start, time_budget_min=budget)

    assert (rounded.minute, rounded.second, left) == (expected[0], 0, expected[1])
