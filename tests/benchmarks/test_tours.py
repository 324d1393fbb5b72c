import csv
from pathlib import Path

import pytest

from benchmarks.tours import (
    City,
    MalformedTours,
    f1,
    measure,
    pairs_f1,
    read_city,
    recommend_left_out,
)
from engine.learning.touring import Ground
from engine.learning.tours import Tour
from engine.types import Point

PLACES = [(10, 37.50, 127.00), (20, 37.51, 127.00), (30, 37.50, 127.01), (40, 37.52, 127.02)]


def write_city(
    folder: Path,
    routes: list[list[int]],
    *,
    columns: tuple[str, ...] = ("poiID", "poiCat", "poiLon", "poiLat"),
) -> None:
    values = [
        {"poiID": number, "poiCat": "Park", "poiLat": latitude, "poiLon": longitude}
        for number, latitude, longitude in PLACES
    ]
    with (folder / "poi-Town.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(values)
    lines = ["userID,trajID,poiID,startTime"]
    for number, route in enumerate(routes):
        visits = [f"u{number},{number},{place},{60 * k}" for k, place in enumerate(route)]
        lines += reversed(visits)  # the order is that of the times, not of the lines
    (folder / "traj-Town.csv").write_text("\n".join(lines))


def city_of(*routes: tuple[int, ...]) -> City:
    return City(
        name="Town",
        ids=(10, 20, 30, 40, 50),
        positions=tuple(Point(37.5 + 0.01 * (k % 2), 127.0 + 0.01 * k) for k in range(5)),
        tours=tuple(Tour(visitor=k, stops=route) for k, route in enumerate(routes)),
    )


def recommend(city: City, left_out: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    ground = Ground.of(positions=city.positions)
    return recommend_left_out(city=city, ground=ground, counts=city.count(), left_out=left_out)


def test_f1_counts_the_stops_with_their_ends() -> None:
    assert f1(made=(1, 2, 3), recommended=(1, 4, 3)) == pytest.approx(2 / 3)
    assert f1(made=(1, 2, 3), recommended=(1, 2, 3)) == 1.0


def test_pairs_f1_counts_the_pairs_in_their_order() -> None:
    assert pairs_f1(made=(1, 2, 3), recommended=(1, 4, 3)) == pytest.approx(1 / 3)
    assert pairs_f1(made=(1, 2, 3, 4), recommended=(1, 3, 2, 4)) == pytest.approx(5 / 6)


def test_coordinates_are_read_by_the_names_of_their_columns(tmp_path: Path) -> None:
    write_city(tmp_path, [[10, 20, 30]])
    straight = read_city(folder=tmp_path, name="Town")
    write_city(tmp_path, [[10, 20, 30]], columns=("poiID", "poiCat", "poiLat", "poiLon"))

    assert read_city(folder=tmp_path, name="Town").positions == straight.positions


def test_every_tour_of_three_stops_is_left_out_once(tmp_path: Path) -> None:
    write_city(tmp_path, [[10, 20, 30], [10, 20, 30], [20, 40], [10, 40, 30]])

    city = measure(folder=tmp_path)["cities"][0]

    assert (city["city"], city["queries"]) == ("Town", 3)
    assert city["routes"][0] == {"start": 10, "end": 30, "length": 3, "route": [10, 20, 30]}
    assert city["f1"] == pytest.approx((1 + 1 + 2 / 3) / 3, abs=1e-6)


def test_a_tour_with_an_end_that_no_other_visits_is_passed_over(tmp_path: Path) -> None:
    write_city(tmp_path, [[10, 20, 30], [10, 20, 40], [10, 20, 30]])

    assert measure(folder=tmp_path)["cities"][0]["queries"] == 2


@pytest.mark.parametrize("between", [(1, 3), (3, 1), (2, 1), (2, 3)])
def test_what_lies_between_the_ends_of_the_left_out_tour_changes_nothing(
    between: tuple[int, int],
) -> None:
    others = [(0, 1, 2), (4, 1, 2, 3), (3, 0), (2, 4, 0), (1, 3, 0), (2,)]

    expected = recommend(city_of((0, 1, 2, 4), *others), 0)

    assert recommend(city_of((0, *between, 4), *others), 0) == expected


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    write_city(tmp_path, [[10, 20, 99]])

    with pytest.raises(MalformedTours, match="Town"):
        measure(folder=tmp_path)


def test_a_folder_without_a_pair_of_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedTours, match="no pair"):
        measure(folder=tmp_path)


@pytest.mark.promise
@pytest.mark.shared
def test_the_shared_cities_come_out_ahead_of_what_was_published(shared_data: Path) -> None:
    cities = {city["city"]: city for city in measure(folder=shared_data / "tours")["cities"]}

    with (shared_data / "tours" / "published.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["method"] != "PersTour"]
    for row in rows:
        city = cities[row["city"]]
        assert city["f1"] >= float(row["F1_mean"])
        assert city["pairs_f1"] >= float(row["pairsF1_mean"])
        if row["method"] == "PoiPopularity":  # the same baseline: the protocol is the paper's
            assert city["popularity_f1"] == pytest.approx(float(row["F1_mean"]), abs=2e-3)
            assert city["popularity_pairs_f1"] == pytest.approx(
                float(row["pairsF1_mean"]), abs=2e-3
            )
