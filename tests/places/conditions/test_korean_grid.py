import csv
from pathlib import Path

import pytest

from engine.types import Point
from places.conditions.korean_grid import find_cell


@pytest.mark.parametrize(
    ("position", "cell"),
    [
        (Point(37.563569, 126.980008), (60, 127)),  # Seoul's city hall, as the guide's table has it
        (Point(35.179796, 129.074967), (98, 76)),  # Busan's
        (Point(33.488976, 126.498342), (52, 38)),  # Jeju's
    ],
)
def test_the_cells_of_three_city_halls(position: Point, cell: tuple[int, int]) -> None:
    assert find_cell(position) == cell


@pytest.mark.parametrize("position", [Point(50.08, 14.42), Point(-33.9, 151.2), Point(90.0, 0.0)])
def test_what_lies_off_the_grid_has_no_cell(position: Point) -> None:
    assert find_cell(position) is None


def test_nearly_every_part_of_seoul_lies_in_the_cell_of_the_administrations_table(
    shared_data: Path,
) -> None:
    path = shared_data / "places" / "seoul_more" / "conditions" / "kma_grid_seoul.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    apart = [
        (abs(cell[0] - int(row["nx"])), abs(cell[1] - int(row["ny"])))
        for row in rows
        if (cell := find_cell(Point(float(row["lat"]), float(row["lon"])))) is not None
    ]

    assert len(apart) == len(rows) == 452
    # The table's points were moved since; seven lie beside an edge.
    assert sum(pair == (0, 0) for pair in apart) >= 445
    assert max(map(max, apart)) <= 1
