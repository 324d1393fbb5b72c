"""Detours are measured on ways that are right, between doors that people stop at."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.detours import QUANTILES, Model, Pairs, describe_bands, draw_pairs, fit, judge
from benchmarks.streets import list_tolls, may_use, read_networks
from engine.types import Mode

ROOT = Path(__file__).resolve().parents[2]
DEGREE_M = 111_195.08  # on the mean sphere


def make_osm(folder: Path, ways: str, nodes: str = "") -> Path:
    """Write a cross of four streets of 1 km around node 5, with more ways and nodes."""
    at = 0.001 * 1000 / 111.19508  # degrees of 1 km at the equator
    text = f"""<?xml version="1.0"?><osm version="0.6">
    <node id="1" lat="{at}" lon="0" version="1"/><node id="2" lat="{-at}" lon="0" version="1"/>
    <node id="3" lat="0" lon="{at}" version="1"/><node id="4" lat="0" lon="{-at}" version="1"/>
    <node id="5" lat="0" lon="0" version="1"/>{nodes}
    <way id="9" version="1"><nd ref="1"/><nd ref="5"/><nd ref="2"/>
      <tag k="highway" v="residential"/></way>
    {ways}</osm>"""
    path = folder / "cross.osm"
    path.write_text(text, encoding="utf-8")
    return path


def to_pbf(path: Path) -> Path:
    import osmium

    target = path.with_suffix(".osm.pbf")
    with osmium.SimpleWriter(str(target)) as writer:
        for thing in osmium.FileProcessor(str(path)):
            writer.add(thing)
    return target


def street(number: int, *nodes: int, **tags: str) -> str:
    refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
    said = "".join(f'<tag k="{key.replace("__", ":")}" v="{tags[key]}"/>' for key in tags)
    return f'<way id="{number}" version="1">{refs}{said}</way>'


def way_between(folder: Path, mode: Mode, ways: str) -> float:
    """Return the metres from node 1 in the north to node 3 in the east."""
    from scipy.sparse.csgraph import dijkstra

    networks = {n.mode: n for n in read_networks(path=to_pbf(make_osm(folder, ways)))}
    network = networks[mode]
    points = [(p.latitude, p.longitude) for p in network.points]
    north, east = max(points), max(points, key=lambda p: p[1])
    streets = dijkstra(network.metres, indices=points.index(north))
    return float(streets[points.index(east)])


def test_a_way_follows_the_streets(tmp_path: Path) -> None:
    metres = way_between(
        tmp_path,
        Mode.WALK,
        street(10, 4, 5, 3, highway="footway") + street(11, 1, 4, highway="path"),
    )

    assert metres == pytest.approx(2000, abs=0.5)


def test_a_bicycle_is_pushed_against_a_street_of_one_way(tmp_path: Path) -> None:
    ways = street(10, 4, 5, 3, highway="footway") + street(
        11, 3, 5, highway="residential", oneway="yes"
    )

    metres = way_between(tmp_path, Mode.BIKE, ways)

    assert metres == pytest.approx(1000 + 1000 * 200 / 70, abs=1)


@pytest.mark.parametrize(
    ("tags", "walk", "bike", "car"),
    [
        ({"highway": "residential"}, (1, 1), (1, 1), (1, 1)),
        ({"highway": "residential", "oneway": "yes"}, (1, 1), (1, 2), (1, 0)),
        ({"highway": "residential", "oneway": "-1"}, (1, 1), (2, 1), (0, 1)),
        ({"highway": "primary", "junction": "roundabout"}, (1, 1), (1, 2), (1, 0)),
        (
            {"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"},
            (1, 1), (1, 1), (1, 0),
        ),
        (
            {"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"},
            (1, 1), (1, 1), (1, 0),
        ),
        ({"highway": "footway"}, (1, 1), (2, 2), (0, 0)),
        ({"highway": "footway", "bicycle": "yes"}, (1, 1), (1, 1), (0, 0)),
        ({"highway": "steps"}, (1, 1), (0, 0), (0, 0)),
        ({"highway": "motorway", "oneway": "yes"}, (0, 0), (0, 0), (1, 0)),
        ({"highway": "trunk", "foot": "yes"}, (1, 1), (1, 1), (1, 1)),
        ({"highway": "service", "access": "private"}, (0, 0), (0, 0), (0, 0)),
        ({"highway": "service", "access": "private", "foot": "yes"}, (1, 1), (2, 2), (0, 0)),
        ({"highway": "residential", "foot": "no"}, (0, 0), (1, 1), (1, 1)),
        ({"highway": "construction"}, (0, 0), (0, 0), (0, 0)),
    ],
)  # fmt: skip
def test_who_may_go_where(
    tags: dict[str, str], walk: tuple[int, int], bike: tuple[int, int], car: tuple[int, int]
) -> None:
    pushed = 200 / 70  # what a 2 stands for

    for mode, expected in ((Mode.WALK, walk), (Mode.BIKE, bike), (Mode.CAR, car)):
        tolls = tuple(pushed if toll == 2 else float(toll) for toll in expected)
        assert list_tolls(tags=tags, mode=mode) == pytest.approx(tolls), mode


def test_an_own_tag_wins_over_access() -> None:
    assert not may_use(tags={"highway": "path", "access": "no"}, mode=Mode.WALK)
    assert may_use(tags={"highway": "path", "access": "no", "foot": "designated"}, mode=Mode.WALK)


def test_a_network_without_ways_for_feet_says_nothing_of_walking(tmp_path: Path) -> None:
    path = to_pbf(make_osm(tmp_path, street(10, 4, 5, 3, highway="primary")))

    assert [network.mode for network in read_networks(path=path)] == [Mode.CAR]


def drawn(way: list[float], crow: list[float] | None = None, place: str = "town") -> Pairs:
    crow = [100.0] * len(way) if crow is None else crow
    return Pairs(place=place, mode=Mode.WALK, crow=np.array(crow), way=np.array(way))


def test_a_factor_keeps_its_quantile_below_it() -> None:
    pairs = drawn([100.0 + index for index in range(101)])

    model = fit(pairs=[pairs], quantile=0.7, has_offset=False)

    assert model.factor == pytest.approx(1.7)
    assert model.offset_m == 0


def test_a_line_is_found_among_outliers() -> None:
    crow = [200.0, 400.0, 600.0, 800.0, 1000.0]
    pairs = drawn([1.3 * d + 50 for d in crow[:-1]] + [9_000.0], crow)

    model = fit(pairs=[pairs], quantile=0.5, has_offset=True)

    assert model.factor == pytest.approx(1.3)
    assert model.offset_m == pytest.approx(50)


def test_every_network_counts_alike() -> None:
    many, few = drawn([120.0] * 900), drawn([150.0] * 3)

    assert fit(pairs=[many, few], quantile=0.51, has_offset=False).factor == pytest.approx(1.5)
    assert fit(pairs=[many, few], quantile=0.49, has_offset=False).factor == pytest.approx(1.2)


def test_errors_are_minutes_at_the_speed() -> None:
    judged = judge(
        model=Model(factor=1.0, offset_m=30.0), pairs=drawn([200.0] * 10), speed_m_per_min=70
    )

    assert judged == {
        "mean_abs_min": 1.0,
        "p10_min": 1.0,
        "p50_min": 1.0,
        "p90_min": 1.0,
        "covered": 0.0,
        "late_plans": 0.0,
    }


def test_a_plan_of_late_legs_is_late() -> None:
    late = judge(model=Model(factor=1.0, offset_m=0.0), pairs=drawn([200.0]), speed_m_per_min=70)

    assert late["late_plans"] == 1.0  # 4 legs of 1.43 minutes


def test_a_band_with_few_pairs_is_left_out() -> None:
    crow = [200.0] * 60 + [700.0] * 9
    rows = describe_bands(pairs=drawn([d * 1.2 for d in crow], crow))

    assert [(row["low_m"], row["pairs"], row["p50"]) for row in rows] == [(150, 60, 1.2)]


@pytest.mark.shared
def test_ways_are_no_shorter_than_the_crow_flies(shared_data: Path) -> None:
    network, *_ = read_networks(path=shared_data / "routing" / "helsinki_centre.osm.pbf")

    pairs = draw_pairs(network=network)

    assert network.mode is Mode.WALK
    assert (pairs.way >= pairs.crow * 0.999).all()
    assert np.isfinite(pairs.way).all()


def test_prints_one_json_document(tmp_path: Path) -> None:
    folder = tmp_path / "networks"
    folder.mkdir()
    ways = street(10, 4, 5, 3, highway="residential")
    to_pbf(make_osm(tmp_path, ways)).rename(folder / "cross.osm.pbf")
    (folder / "notes.txt").write_text("nothing to read")

    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.detours", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    document = json.loads(answer.stdout)
    (network,) = document["networks"]
    assert (network["place"], network["mode"]) == ("cross", "car")
    assert {(row["mode"], row["quantile"]) for row in document["models"]} == {
        ("car", quantile) for quantile in QUANTILES
    }
