"""The orienteering benchmark reads both formats and judges feasibility as published."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.optw import (
    Instance,
    MalformedInstance,
    measure,
    read_mctopmtw,
    read_optw,
    to_problem,
)
from engine.planner.solving import Limits

FEW = Limits(iterations=300)
ROOT = Path(__file__).resolve().parents[2]

# Three vertices in a row; the third opens too late to be back by 40.
OPTW = """1 1 3 1
0 0
 0 0.00 0.00 0.00 0.00 0 0 0 40
 1 3.00 4.00 10.00 10.00 1 1 1 0 5
 2 6.00 8.00 10.00 20.00 1 1 1 0 30
 3 9.00 12.00 10.00 90.00 1 1 1 30 40
"""

# Two vertices of one type that admits one; windows 1 and 3 for E = 1, 2 and 4 for E = 0.
MCTOPMTW = """1 2 9 1 9 9 9 9 9 9 9 9 9
0 0.0 0.0 0.0 0.0 0 100
2 3.0 4.0 5.0 10.0 0 2 50 60 80 1 9 1 0 0 0 0 0 0 0 0 0
3 3.0 4.0 5.0 20.0 0 2 4 6 80 0 9 1 0 0 0 0 0 0 0 0 0
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def is_feasible(instance: Instance, route: list[int], places: int) -> bool:
    """Judge a route by the text of the format, in decimals."""
    by_number = {vertex.number: vertex for vertex in instance.vertices}
    stops = [by_number[number] for number in route]
    tour = [instance.start, *stops, instance.start]
    unit = Decimal(1).scaleb(-places)
    time = Decimal(0)
    for before, here in pairwise(tour):
        square = (before.x - here.x) ** 2 + (before.y - here.y) ** 2
        time += before.stay + square.sqrt() // unit * unit
        begins = [max(time, opens) for opens, latest in here.windows if time <= latest]
        if not begins:
            return False
        time = min(begins)
    fees = sum(vertex.fee for vertex in stops)
    types = [sum(vertex.types[z] for vertex in stops) for z in range(len(instance.type_limits))]
    has_room = all(map(int.__le__, types, instance.type_limits))
    return len(set(route)) == len(route) and fees <= instance.fee_budget and has_room


def test_solves_an_optw_instance(tmp_path: Path) -> None:
    write(tmp_path, "x1.txt", OPTW)

    document = measure(folder=tmp_path, limits=FEW, form="optw")

    [result] = document["instances"]
    assert (result["name"], result["prize"], result["route"]) == ("x1", 30.0, [1, 2])


def test_a_window_bounds_the_begin_of_a_stay_only(tmp_path: Path) -> None:
    instance = read_optw(path=write(tmp_path, "x1.txt", OPTW))

    assert is_feasible(instance, [1, 2], 1)
    assert not is_feasible(instance, [2, 1], 1)
    assert not is_feasible(instance, [3], 1)


@pytest.mark.parametrize(("name", "way"), [("r1.txt", 14), ("a-pr1.txt", 141)])
def test_distances_are_rounded_down_by_family(tmp_path: Path, name: str, way: int) -> None:
    text = OPTW.replace("3.00 4.00", "1.00 1.00")  # √2 = 1.414…

    problem, unit = to_problem(instance=read_optw(path=write(tmp_path, name, text)))

    assert (problem.travel_min[3, 0], problem.time_budget_min) == (way, 40 * unit)


def test_solves_a_mctopmtw_instance(tmp_path: Path) -> None:
    write(tmp_path, "M-1-x1.txt", MCTOPMTW)

    document = measure(folder=tmp_path, limits=FEW, form="mctopmtw")

    [result] = document["instances"]
    assert (result["name"], result["prize"], result["route"]) == ("M-1-x1", 20.0, [3])


def test_vertices_use_the_windows_of_the_only_tour(tmp_path: Path) -> None:
    instance = read_mctopmtw(path=write(tmp_path, "x1.txt", MCTOPMTW))

    windows = [[tuple(map(int, window)) for window in v.windows] for v in instance.vertices]
    assert windows == [
        [(0, 2), (50, 60)],
        [(2, 4), (6, 80)],
    ]


def test_other_files_are_passed_over_and_gaps_are_given(tmp_path: Path) -> None:
    write(tmp_path, "x1.txt", OPTW)
    write(tmp_path, "format.txt", "The first line contains:\n")
    write(tmp_path, "empty.txt", "")
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    write(tmp_path, "published.csv", "m,instance,BKS\n1,x1,40\n")

    document = measure(folder=tmp_path, limits=FEW, form="optw")

    assert len(document["instances"]) == 1
    assert document["mean_gap_percent"] == {"solomon": 25.0}


def test_says_which_files_are_for_several_tours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "x1.txt", MCTOPMTW)
    write(tmp_path, "x2.txt", MCTOPMTW.replace("1 2 9", "2 2 9"))

    document = measure(folder=tmp_path, limits=FEW, form="mctopmtw")

    assert [result["name"] for result in document["instances"]] == ["x1"]
    assert capsys.readouterr().err == ("Passed over: x2.txt is for 2 tours; one is planned here.\n")


@pytest.mark.parametrize("text", ["", "1 2 3 4\n", OPTW.replace("1 1 1 0 5", "")])
def test_refuses_what_is_no_instance(tmp_path: Path, text: str) -> None:
    with pytest.raises(MalformedInstance):
        read_optw(path=write(tmp_path, "x.txt", text))


def test_prints_one_json_document(tmp_path: Path) -> None:
    write(tmp_path, "x1.txt", OPTW)

    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.optw", str(tmp_path), "--iterations", "100"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(answer.stdout)["instances"][0]["prize"] == 30.0


@pytest.mark.shared
@pytest.mark.parametrize(
    ("form", "read", "places"), [("optw", read_optw, 2), ("mctopmtw", read_mctopmtw, 1)]
)
def test_routes_of_published_instances_are_feasible(
    shared_data: Path, form: str, read: type, places: int
) -> None:
    document = measure(folder=shared_data / form, limits=Limits(iterations=100), form=form)

    for result in document["instances"]:
        instance = read(path=shared_data / form / f"{result['name']}.txt")
        decimals = 2 if result["name"].startswith("pr") else 1
        assert is_feasible(instance, result["route"], decimals), result["name"]
        prizes = {vertex.number: float(vertex.prize) for vertex in instance.vertices}
        assert sum(prizes[number] for number in result["route"]) == result["prize"]
