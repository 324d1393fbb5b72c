"""
The client against the real server, over real streets.

Runs where the package `pyvalhalla-weekly` is installed, which brings the server (570 MB unpacked, so
that it is no dependency): `pip install pyvalhalla-weekly`, then
`pytest tests/trips/adapters/test_real_valhalla.py`.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from common.http import OutboundHttp
from engine.travel import CrowFly, LegSource, crow_fly_m
from engine.types import Mode, Point
from trips.adapters.router import QuestionRefused, QuestionTooLong, RouterFailed
from trips.adapters.valhalla import Valhalla
from trips.services.drawing import Leg, RoutedLines
from trips.services.streets import Streets
from trips.services.travelling import RoutedTravelTimes

package = pytest.importorskip("valhalla", reason="the real router is not installed")
pytestmark = pytest.mark.shared

CASINO, PALACE, STATION = Point(43.7397, 7.4275), Point(43.7313, 7.4203), Point(43.7384, 7.4190)
SEOUL = Point(37.5563, 126.9236)
MODES = frozenset({Mode.WALK, Mode.BIKE, Mode.CAR})


@pytest.fixture(scope="module")
def valhalla(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valhalla]:
    """Return a client of the real server over Monaco."""
    binaries = Path(str(package.__file__)).parent / "bin"
    if not (binaries / "valhalla_service").is_file():
        pytest.skip("this build of the package brings no server")
    folder = tmp_path_factory.mktemp("valhalla")
    (folder / "tiles").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "valhalla.json"
    config.write_text(json.dumps(_configuration(folder, port)))
    street_map = shared_data / "routing" / "monaco.osm.pbf"
    build: list[Path | str] = [binaries / "valhalla_build_tiles", "-c", config, street_map]
    subprocess.run(build, check=True, capture_output=True, cwd=folder)
    command: list[Path | str] = [binaries / "valhalla_service", config, "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        client = Valhalla(url=f"http://127.0.0.1:{port}", http=OutboundHttp(allows_private=True))
        _await(client)
        yield client
        server.kill()  # it would go on listening for half a minute


def _configuration(folder: Path, port: int) -> dict[str, object]:
    from valhalla.config import get_config

    config: dict[str, object] = get_config(tile_extract="", tile_dir=str(folder / "tiles"))
    sockets = {
        "listen": f"tcp://127.0.0.1:{port}",
        "loopback": f"ipc://{folder}/loopback",
        "interrupt": f"ipc://{folder}/interrupt",
    }
    config["httpd"]["service"] |= sockets  # type: ignore[index] # nested tables
    config["mjolnir"]["concurrency"] = 1  # type: ignore[index] # as above
    for stage in ("loki", "thor", "odin"):
        config[stage]["service"]["proxy"] = f"ipc://{folder}/{stage}"  # type: ignore[index] # as above
    return config


def _await(client: Valhalla) -> None:
    for _ in range(100):
        try:
            client.table(sources=[CASINO], targets=[PALACE], mode=Mode.WALK, timeout_s=1)
        except RouterFailed:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not come up")


def test_walks_as_far_as_the_streets_go_at_our_pace(valhalla: Valhalla) -> None:
    points = [CASINO, PALACE, STATION]

    table = valhalla.table(sources=points, targets=points, mode=Mode.WALK, timeout_s=5)

    others = ~np.eye(3, dtype=bool)
    ratio = (table.metres / np.maximum(crow_fly_m(points), 1))[others]
    assert (ratio > 1).all()
    assert (ratio < 3).all()
    speed = table.metres[others] / table.seconds[others] * 60
    assert (speed < 72).all()  # 70 metres a minute, and slower on steps
    assert (speed > 40).all()


@pytest.mark.parametrize("mode", sorted(MODES))
def test_a_matrix_of_every_mode_comes_from_the_router(valhalla: Valhalla, mode: Mode) -> None:
    streets = Streets(router=valhalla, modes=MODES, timeout_s=10)
    points = [CASINO, PALACE, STATION]

    matrix = RoutedTravelTimes(streets=streets).matrix(points=points, mode=mode)

    others = ~np.eye(3, dtype=bool)
    assert (matrix.source[others] == LegSource.ROUTER).all()
    assert (matrix.metres >= matrix.crow_fly - 1e-6).all()


def test_a_table_beyond_its_limit_is_refused_and_then_asked_in_parts(valhalla: Valhalla) -> None:
    points = [Point(CASINO.latitude - 1e-4 * i, CASINO.longitude - 1e-4 * i) for i in range(60)]

    with pytest.raises(QuestionTooLong):
        valhalla.table(sources=points, targets=points, mode=Mode.WALK, timeout_s=10)
    streets = Streets(router=valhalla, modes=MODES, timeout_s=30)
    matrix = RoutedTravelTimes(streets=streets).matrix(points=points, mode=Mode.WALK)

    assert (matrix.source[~np.eye(60, dtype=bool)] == LegSource.ROUTER).all()


def test_a_line_bends_with_the_streets_from_door_to_door(valhalla: Valhalla) -> None:
    streets = Streets(router=valhalla, modes=MODES, timeout_s=10)
    legs = [
        Leg(start=CASINO, end=PALACE, mode=Mode.WALK, is_estimate=False),
        Leg(start=PALACE, end=STATION, mode=Mode.WALK, is_estimate=False),
    ]

    lines = RoutedLines(streets=streets).draw(ways=[legs])

    for leg in legs:
        line = lines[leg]
        assert (line[0], line[-1]) == (leg.start, leg.end)
        assert len(line) > 20
        length = sum(crow_fly_m(line).diagonal(1))
        table = valhalla.table(sources=[leg.start], targets=[leg.end], mode=Mode.WALK, timeout_s=5)
        assert length == pytest.approx(table.metres[0, 0], rel=0.05, abs=60)


def test_a_place_off_its_map_is_its_no_and_our_estimate(valhalla: Valhalla) -> None:
    with pytest.raises(QuestionRefused):
        valhalla.table(sources=[CASINO], targets=[SEOUL], mode=Mode.WALK, timeout_s=5)
    streets = Streets(router=valhalla, modes=MODES, timeout_s=10)

    matrix = RoutedTravelTimes(streets=streets).matrix(points=[CASINO, SEOUL], mode=Mode.CAR)

    estimate = CrowFly().matrix(points=[CASINO, SEOUL], mode=Mode.CAR)
    assert np.array_equal(matrix.minutes, estimate.minutes)
    assert matrix.source[0, 1] == LegSource.FALL_BACK
