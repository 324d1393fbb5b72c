"""Answers are shaped as OSRM's documentation of its HTTP API shows them."""

import json
import math

import pytest

from common.http import OutboundHttp
from engine.types import Mode, Point
from tests.builders.routers import Reply, RouterServer
from trips.adapters.osrm import Osrm
from trips.adapters.router import QuestionRefused, QuestionTooLong, RouterFailed, Table

HERE = [Point(52.517037, 13.388860), Point(52.529407, 13.397634)]
THERE = [Point(52.523219, 13.428555)]

TABLE = b"""{"code":"Ok","durations":[[3003.8],[null]],"distances":[[4201.1],[null]],
"sources":[{"location":[13.388798,52.517033],"distance":4.231665,"name":""},
{"location":[13.397631,52.529430],"distance":2.789393,"name":""}],
"destinations":[{"location":[13.428554,52.523239],"distance":2.226596,"name":""}]}"""
ROUTE = b"""{"code":"Ok","routes":[{"legs":[
{"steps":[{"geometry":"_izlhA~rlgdF_{geC~ywl@","mode":"walking"},{"geometry":"_izlhA~rlgdF_{geC~ywl@","mode":"walking"}],
"distance":1886.8,"duration":251.5,"summary":"","weight":251.5}],
"distance":1886.8,"duration":251.5,"weight":251.5,"weight_name":"duration"}],"waypoints":[]}"""


def make(router: RouterServer, path: str = "", **bounds: int) -> Osrm:
    return Osrm(url=router.url + path, http=OutboundHttp(allows_private=True, **bounds))


def ask_table(osrm: Osrm, mode: Mode = Mode.WALK) -> Table:
    return osrm.table(sources=HERE, targets=THERE, mode=mode, timeout_s=5)


def test_reads_a_table_and_its_nulls(router: RouterServer) -> None:
    router.reply = Reply(body=TABLE)

    table = ask_table(make(router))

    assert (table.seconds[0, 0], table.metres[0, 0]) == (3003.8, 4201.1)
    assert math.isnan(table.seconds[1, 0])
    assert math.isnan(table.metres[1, 0])


def test_asks_by_longitude_first_with_the_indices_of_both_sides(router: RouterServer) -> None:
    router.reply = Reply(body=TABLE)

    ask_table(make(router))

    (path,) = router.asked
    assert path.split("?") == [
        "/table/v1/foot/13.388860,52.517037;13.397634,52.529407;13.428555,52.523219",
        "sources=0;1&destinations=2&annotations=duration,distance&generate_hints=false",
    ]


@pytest.mark.parametrize(
    ("mode", "profile"), [(Mode.WALK, "foot"), (Mode.BIKE, "bike"), (Mode.CAR, "car")]
)
def test_servers_of_several_profiles_differ_by_their_names(
    router: RouterServer, mode: Mode, profile: str
) -> None:
    router.reply = Reply(body=TABLE)

    ask_table(make(router, "/{profile}-server"), mode)

    assert router.asked[0].startswith(f"/{profile}-server/table/v1/{profile}/")


def test_answers_of_two_servers_go_by_two_names() -> None:
    http = OutboundHttp(allows_private=True)
    names = {Osrm(url=f"http://{host}", http=http).name for host in ("a", "b", "a")}

    assert len(names) == 2


def test_reads_the_steps_of_each_leg_as_its_line(router: RouterServer) -> None:
    router.reply = Reply(body=ROUTE)

    (line,) = make(router).lines(points=[HERE[0], THERE[0]], mode=Mode.WALK, timeout_s=5)

    assert line == (
        Point(38.5, -120.2),
        Point(40.7, -120.95),
        Point(38.5, -120.2),
        Point(40.7, -120.95),
    )
    assert router.asked[0].endswith(
        "?overview=false&steps=true&geometries=polyline6&generate_hints=false"
    )


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("TooBig", QuestionTooLong),
        ("NoTable", QuestionRefused),
        ("NoSegment", QuestionRefused),
        ("NoRoute", QuestionRefused),
        ("InvalidQuery", QuestionRefused),
    ],
)
def test_a_refusal_is_about_the_question(
    router: RouterServer, code: str, failure: type[QuestionRefused]
) -> None:
    router.reply = Reply(status=400, body=json.dumps({"code": code, "message": "no"}).encode())

    with pytest.raises(QuestionRefused) as failed:
        ask_table(make(router))

    assert type(failed.value) is failure


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=429, body=b'{"code":"Ok"}'),
        Reply(status=500, body=b'{"code":"InternalError"}'),
        Reply(status=503, body=b"busy", content_type="text/plain"),
        Reply(status=404, body=b'{"detail": "no such page"}'),
        Reply(body=b"<html></html>", content_type="text/html"),
        Reply(body=b'{"message": "hello"}'),
        Reply(body=TABLE[:80]),
        Reply(body=TABLE.replace(b"3003.8", b"NaN")),
        Reply(body=TABLE.replace(b"3003.8", b"-0.1")),
        Reply(body=TABLE.replace(b"3003.8", b"[]")),
        Reply(body=TABLE.replace(b"[3003.8],[null]", b"[3003.8,1],[null,1]")),
        Reply(body=TABLE.replace(b"[3003.8],", b"")),
        Reply(body=TABLE.replace(b"distances", b"annotations")),
        Reply(body=b'{"padding": "' + b"x" * 20_000 + b'"}'),
    ],
)
def test_garbage_is_the_router_s_fault(router: RouterServer, reply: Reply) -> None:
    router.reply = reply

    with pytest.raises(RouterFailed) as failed:
        ask_table(make(router, bytes_high=10_000))

    assert not isinstance(failed.value, QuestionRefused)


@pytest.mark.parametrize(
    "routes",
    [
        None,
        [],
        [{}],
        [{"legs": []}],
        [{"legs": [{}]}],
        [{"legs": [{"steps": [7]}]}],
        [{"legs": [{"steps": [{"geometry": {"type": "LineString"}}]}]}],
        [{"legs": [{"steps": []}, {"steps": []}]}],
    ],
)
def test_a_route_without_its_lines_is_none(router: RouterServer, routes: object) -> None:
    router.reply = Reply(body=json.dumps({"code": "Ok", "routes": routes}).encode())

    with pytest.raises(RouterFailed):
        make(router).lines(points=[HERE[0], THERE[0]], mode=Mode.WALK, timeout_s=5)
