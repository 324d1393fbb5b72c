import numpy as np
import pytest

from engine.catalogue import MODES
from engine.travel import CrowFly, LegSource, crow_fly_m, find_walked
from engine.types import Mode, Point
from tests.builders.engine import make_point


def leg(mode: Mode, metres: float) -> tuple[float, float]:
    """Return minutes and street metres of one leg."""
    points = [make_point(), make_point(north_m=metres)]
    matrix = CrowFly().matrix(points=points, mode=mode)
    return float(matrix.minutes[0, 1]), float(matrix.metres[0, 1])


def test_a_walk_is_the_crow_s_way_made_longer_at_a_stroll() -> None:
    minutes, metres = leg(Mode.WALK, 1000)

    assert metres == pytest.approx(1.39 * 1000 + 60, abs=0.5)
    assert minutes == pytest.approx(metres / 70)


def test_a_ride_takes_what_parking_takes_too() -> None:
    minutes, metres = leg(Mode.BIKE, 2000)

    assert metres == pytest.approx(1.94 * 2000, abs=0.5)
    assert minutes == pytest.approx(metres / 200 + 3)


@pytest.mark.parametrize("mode", [Mode.TRANSIT, Mode.BIKE, Mode.CAR])
def test_a_short_leg_is_walked_whatever_the_mode(mode: Mode) -> None:
    below = MODES[mode].walk_below_m - 1

    assert leg(mode, below) == leg(Mode.WALK, below)
    assert leg(mode, below + 2) != leg(Mode.WALK, below + 2)


@pytest.mark.parametrize("mode", list(Mode))
def test_longer_ways_take_no_less_time_within_a_way_of_going(mode: Mode) -> None:
    walked = [leg(Mode.WALK, metres)[0] for metres in range(1, 1000, 30)]
    ridden = [leg(mode, metres)[0] for metres in range(1000, 9000, 300)]

    assert walked == sorted(walked)
    assert ridden == sorted(ridden)


def test_next_door_is_no_minute_away() -> None:
    minutes, metres = leg(Mode.WALK, 10)

    assert metres == pytest.approx(1.39 * 10 + 60 * 10 / 150, abs=0.1)
    assert minutes < 0.3


def test_one_place_is_no_way_from_itself() -> None:
    matrix = CrowFly().matrix(points=[make_point(), make_point()], mode=Mode.CAR)

    assert matrix.minutes.tolist() == [[0, 0], [0, 0]]
    assert matrix.metres.tolist() == [[0, 0], [0, 0]]


def test_everything_is_an_estimate() -> None:
    matrix = CrowFly().matrix(points=[make_point(), make_point(north_m=9)], mode=Mode.WALK)

    assert (matrix.source == LegSource.ESTIMATE).all()


def test_distances_across_the_antimeridian_and_at_a_pole_are_short() -> None:
    across = crow_fly_m([Point(0, 179.999), Point(0, -179.999)])
    pole = crow_fly_m([Point(90, 0), Point(90, 120), Point(89.999, 0)])

    assert across[0, 1] == pytest.approx(222.4, abs=0.1)
    assert pole[0, 1] == pytest.approx(0, abs=1e-6)
    assert pole[1, 2] == pytest.approx(111.2, abs=0.1)


def test_all_of_a_walk_is_walked() -> None:
    far = np.array([[0.0, 99_999.0]])

    assert find_walked(crow_fly=far, mode=Mode.WALK).all()
    assert find_walked(crow_fly=far, mode=Mode.CAR).tolist() == [[True, False]]


def test_no_points_are_an_empty_matrix() -> None:
    assert CrowFly().matrix(points=[], mode=Mode.WALK).minutes.shape == (0, 0)
