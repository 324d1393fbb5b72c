"""Golden answers were taken from valhalla_service 3.5 over Monaco."""

import json
import math
from typing import Any

import pytest

from common.http import OutboundHttp
from engine.types import Mode, Point
from tests.builders.routers import Reply, RouterServer, refusal
from trips.adapters.router import QuestionRefused, QuestionTooLong, RouterFailed, Table
from trips.adapters.valhalla import Valhalla

HERE = [Point(43.7384, 7.4246), Point(43.7311, 7.4197)]
THERE = [Point(43.7397, 7.4275), Point(43.7325, 7.4189)]

TABLE = b"""{"sources_to_targets":{"durations":[[371,868],[1267,589]],
"distances":[[0.425,1.013],[1.472,0.686]]},"units":"kilometers","algorithm":"timedistancematrix"}"""
WORDY_TABLE = b"""{"sources_to_targets":[[{"from_index":0,"to_index":0,"time":371,"distance":0.425},
{"from_index":0,"to_index":1,"time":868,"distance":1.013}],
[{"from_index":1,"to_index":0,"time":1267,"distance":1.472},
{"from_index":1,"to_index":1,"time":null,"distance":null}]],
"sources":[],"targets":[],"units":"kilometers","algorithm":"timedistancematrix"}"""
ROUTE = b"""{"trip":{"locations":[],"legs":[
{"summary":{"time":306.957,"length":0.426},"shape":"ijqlrAg`ddM{CtMsD_D}CkB"},
{"summary":{"time":1044.814,"length":1.473},"shape":"a~slrAovidMbBuF|DyItAuB"}],
"summary":{},"status_message":"Found route between points","status":0,"units":"kilometers"}}"""


def make(router: RouterServer, **bounds: int) -> Valhalla:
    return Valhalla(url=router.url, http=OutboundHttp(allows_private=True, **bounds))


def ask_table(router: RouterServer, mode: Mode = Mode.WALK) -> Table:
    return make(router).table(sources=HERE, targets=THERE, mode=mode, timeout_s=5)


def test_reads_a_table_of_seconds_and_kilometres(router: RouterServer) -> None:
    router.reply = Reply(body=TABLE)

    table = ask_table(router)

    assert table.seconds.tolist() == [[371, 868], [1267, 589]]
    assert table.metres.round(6).tolist() == [[425, 1013], [1472, 686]]


def test_reads_the_table_of_an_older_server_and_its_nulls(router: RouterServer) -> None:
    router.reply = Reply(body=WORDY_TABLE)

    table = ask_table(router)

    assert table.seconds[0].tolist() == [371, 868]
    assert math.isnan(table.seconds[1, 1])
    assert math.isnan(table.metres[1, 1])


@pytest.mark.parametrize(
    ("mode", "costing"),
    [
        (
            Mode.WALK,
            {
                "costing": "pedestrian",
                "costing_options": {"pedestrian": {"walking_speed": 4.2}},
            },
        ),
        (
            Mode.BIKE,
            {"costing": "bicycle", "costing_options": {"bicycle": {"cycling_speed": 12.0}}},
        ),
        (Mode.CAR, {"costing": "auto"}),
    ],
)
def test_asks_at_the_pace_of_the_mode(
    router: RouterServer, mode: Mode, costing: dict[str, Any]
) -> None:
    router.reply = Reply(body=TABLE)

    ask_table(router, mode)

    assert router.asked == ["/sources_to_targets"]
    assert router.questions == [
        {
            "sources": [{"lat": 43.7384, "lon": 7.4246}, {"lat": 43.7311, "lon": 7.4197}],
            "targets": [{"lat": 43.7397, "lon": 7.4275}, {"lat": 43.7325, "lon": 7.4189}],
            "verbose": False,
            "units": "kilometers",
        }
        | costing
    ]


def test_reads_the_line_of_each_leg(router: RouterServer) -> None:
    router.reply = Reply(body=ROUTE)

    lines = make(router).lines(points=[*HERE, THERE[0]], mode=Mode.WALK, timeout_s=5)

    assert [len(line) for line in lines] == [4, 4]
    assert lines[0][0] == Point(43.738293, 7.424532)
    assert lines[0][-1] == Point(43.738540, 7.424431)
    assert router.asked == ["/route"]
    assert router.questions[0]["locations"][2] == {"lat": 43.7397, "lon": 7.4275}


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (refusal(150, "Exceeded max locations: 2500.000000"), QuestionTooLong),
        (refusal(154, "Path distance exceeds the max distance limit"), QuestionRefused),
        (refusal(171, "No suitable edges near location"), QuestionRefused),
        (refusal(442, "No path could be found for input"), QuestionRefused),
    ],
)
def test_a_refusal_is_about_the_question(
    router: RouterServer, reply: Reply, failure: type[QuestionRefused]
) -> None:
    router.reply = reply

    with pytest.raises(QuestionRefused) as failed:
        ask_table(router)

    assert type(failed.value) is failure


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=429, body=b"{}"),
        Reply(status=500, body=b'{"error_code":599,"error":"unknown"}'),
        Reply(status=502, body=b"<html>Bad Gateway</html>", content_type="text/html"),
        Reply(status=200, body=b"<html>Welcome</html>", content_type="text/html"),
        Reply(status=403, body=b'{"message": "forbidden"}'),
        Reply(status=302, body=b"{}", location="/elsewhere"),
        Reply(body=b""),
        Reply(body=b"[]"),
        Reply(body=b"null"),
        Reply(body=b"{}"),
        Reply(body=TABLE[:60]),
        Reply(body=TABLE, promised_bytes=len(TABLE) + 10),
        Reply(body=TABLE.replace(b"371", b"NaN")),
        Reply(body=TABLE.replace(b"371", b"-1")),
        Reply(body=TABLE.replace(b"371", b"1e999")),
        Reply(body=TABLE.replace(b"371", b'"371"')),
        Reply(body=TABLE.replace(b"371", b"true")),
        Reply(body=TABLE.replace(b"[371,868],", b"")),
        Reply(body=TABLE.replace(b"371,", b"")),
        Reply(body=TABLE.replace(b"distances", b"lengths")),
        Reply(body=b'{"sources_to_targets": [[1, 2], [3, 4]]}'),
        Reply(body=b'{"sources_to_targets": [null, null]}'),
        Reply(body=b'{"sources_to_targets": 7}'),
        Reply(body=b'{"padding": "' + b"x" * 20_000 + b'"}'),
    ],
)
def test_garbage_is_the_router_s_fault(router: RouterServer, reply: Reply) -> None:
    router.reply = reply
    valhalla = make(router, bytes_high=10_000)

    with pytest.raises(RouterFailed) as failed:
        valhalla.table(sources=HERE, targets=THERE, mode=Mode.WALK, timeout_s=5)

    assert not isinstance(failed.value, QuestionRefused)


@pytest.mark.parametrize(
    "trip",
    [
        None,
        {},
        {"legs": None},
        {"legs": []},
        {"legs": [{"shape": "ijqlrAg`ddM"}]},
        {"legs": [{}, {}]},
        {"legs": [7, 7]},
        {"legs": [{"shape": 7}, {"shape": 7}]},
        {"legs": [{"shape": "_"}, {"shape": "_"}]},
        {"legs": [{"shape": "~~~~~~~~~~~~~~~~~?"}, {"shape": ""}]},
        {"legs": [{"shape": "~" * 2000 + "??"}, {"shape": ""}]},
    ],
)
def test_a_route_without_its_lines_is_none(router: RouterServer, trip: object) -> None:
    router.reply = Reply(body=json.dumps({"trip": trip}).encode())

    with pytest.raises(RouterFailed):
        make(router).lines(points=[*HERE, THERE[0]], mode=Mode.WALK, timeout_s=5)


def test_answers_of_two_servers_go_by_two_names() -> None:
    http = OutboundHttp(allows_private=True)
    here, there = (Valhalla(url=f"http://user:secret@{host}", http=http) for host in ("a", "b"))

    assert here.name == Valhalla(url=here.url, http=http).name
    assert here.name != there.name
    assert "secret" not in here.name


def test_nobody_there() -> None:
    valhalla = Valhalla(url="http://127.0.0.1:1", http=OutboundHttp(allows_private=True))

    with pytest.raises(RouterFailed):
        valhalla.table(sources=HERE, targets=THERE, mode=Mode.WALK, timeout_s=1)
