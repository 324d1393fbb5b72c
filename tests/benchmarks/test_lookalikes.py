"""Instances like the published ones: the same every time, readable, and as long as they say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.lookalikes import like_cordeau, like_solomon, with_types, write, write_all
from benchmarks.optw import Instance, Vertex, read_mctopmtw, read_optw, to_problem
from engine.planner.solving import evaluate


def make_instance() -> Instance:
    """Return five vertices in a row, ten apart, always open within a hundred."""
    vertices = tuple(
        Vertex(
            number=k,
            x=Decimal(10 * k),
            y=Decimal(0),
            stay=Decimal(5),
            prize=Decimal(k),
            windows=((Decimal(0), Decimal(100)),),
        )
        for k in range(6)
    )
    return Instance(name="r1x", start=vertices[0], vertices=vertices[1:])


def test_a_route_that_types_are_made_for_uses_all_that_they_allow(tmp_path: Path) -> None:
    made = with_types(instance=make_instance(), route=[1, 2, 3])

    write(instance=made, folder=tmp_path)
    instance = read_mctopmtw(path=tmp_path / "MCTOPMTW-1-r1x.txt")
    problem, _ = to_problem(instance=instance)
    planned = evaluate(problem=problem, route=(0, 1, 2))
    assert instance.vertices == made.vertices
    assert planned is not None
    assert planned.value == 6.0
    assert sum(vertex.fee for vertex in instance.vertices[:3]) == instance.fee_budget
    assert [vertex.number for vertex in instance.vertices] == [2, 3, 4, 5, 6]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write(instance=make_instance(), folder=tmp_path)

    assert read_optw(path=tmp_path / "r1x.txt") == make_instance()


@pytest.mark.shared
def test_the_series_have_the_points_of_the_first_and_longer_days(shared_data: Path) -> None:
    folder = shared_data / "optw"

    solomon = {instance.name: instance for instance in like_solomon(folder=folder)}
    cordeau = list(like_cordeau(folder=folder))

    r101 = read_optw(path=folder / "r101.txt")
    r205 = solomon["r205x"]
    widths = [high - low for vertex in r205.vertices for low, high in vertex.windows]
    assert (len(solomon), len(cordeau)) == (27, 10)
    assert [vertex.x for vertex in r205.vertices] == [vertex.x for vertex in r101.vertices]
    assert r205.start.windows == ((Decimal(0), Decimal(1000)),)
    assert all(0 <= low <= high <= 1000 for vertex in r205.vertices for low, high in vertex.windows)
    assert 150 <= sum(widths) / len(widths) <= 250
    assert len(cordeau[9].vertices) == 288
    assert {instance.name: instance for instance in like_solomon(folder=folder)} == solomon


@pytest.mark.shared
def test_best_prizes_stand_beside_the_instances(tmp_path: Path, shared_data: Path) -> None:
    references = {"r201x": {"prize": 24.0, "route": [5, 83]}}

    write_all(folder=shared_data / "optw", out=tmp_path, references=references)

    typed = tmp_path / "mctopmtw"
    assert len(list((tmp_path / "optw").glob("*.txt"))) == 37
    assert [path.name for path in typed.glob("*.txt")] == ["MCTOPMTW-1-r201x.txt"]
    assert (typed / "published.csv").read_text().split() == ["instance,best_known", "r201x,24.0"]
