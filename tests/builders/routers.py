"""A local server that speaks the wire formats of Valhalla and OSRM, or says whatever a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import numpy as np
import polyline

from engine.travel import crow_fly_m
from engine.types import Point

LONGER: Final = 1.25  # its streets over the crow's flight
PACE_M_PER_S: Final = 0.8  # slower than any pace of ours, so that its own times show
JSON: Final = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An answer made by hand; `promised_bytes` more than the body breaks off in the middle."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = JSON
    after_s: float = 0.0
    drip_s: float | None = None  # between one byte of the head and the next, without end
    promised_bytes: int | None = None
    location: str | None = None


@dataclass
class RouterServer:
    """
    Answers as the router of its path does, with streets 1.25 times as long as the crow's flight.

    `reply` is said instead of it while it is set. `unreachable` are latitudes that no way leads to;
    `banks` is a meridian that no way crosses.
    """

    url: str = ""
    asked: list[str] = field(default_factory=list)  # paths
    questions: list[Any] = field(default_factory=list)
    reply: Reply | None = None
    pairs_high: int = 10_000
    unreachable: frozenset[float] = frozenset()
    bank: float | None = None

    def answer(self, path: str, body: bytes) -> Reply:
        self.asked.append(path)
        self.questions.append(json.loads(body) if body else parse_qs(urlsplit(path).query))
        if self.reply is not None:
            return self.reply
        action = urlsplit(path).path.strip("/").split("/")
        if action[-1] == "sources_to_targets":
            return self._valhalla_table(self.questions[-1])
        if action[-1] == "route":
            return self._valhalla_route(self.questions[-1])
        return self._osrm(action, self.questions[-1])

    def _valhalla_table(self, question: dict[str, Any]) -> Reply:
        sources = [_point(at) for at in question["sources"]]
        targets = [_point(at) for at in question["targets"]]
        if len(sources) * len(targets) > self.pairs_high:
            return refusal(150, f"Exceeded max locations: {self.pairs_high}")
        metres = self._metres(sources, targets)
        table = {
            "durations": _cells(metres, 1 / PACE_M_PER_S, 0),
            "distances": _cells(metres, 0.001, 3),
        }
        return _json(
            {"sources_to_targets": table, "units": "kilometers", "algorithm": "timedistancematrix"}
        )

    def _valhalla_route(self, question: dict[str, Any]) -> Reply:
        points = [_point(at) for at in question["locations"]]
        legs = [
            {"summary": {"time": 1.0, "length": 1.0}, "shape": bend(points[index : index + 2])}
            for index in range(len(points) - 1)
        ]
        return _json({"trip": {"locations": question["locations"], "legs": legs, "status": 0}})

    def _osrm(self, action: list[str], query: dict[str, list[str]]) -> Reply:
        service, _, _, places = action[-4:]
        points = [Point(float(y), float(x)) for x, y in (p.split(",") for p in places.split(";"))]
        if service == "route":
            legs = [
                {"steps": [{"geometry": bend(points[index : index + 2])}], "distance": 1.0}
                for index in range(len(points) - 1)
            ]
            return _json({"code": "Ok", "routes": [{"legs": legs}], "waypoints": []})
        sides = [
            [points[int(index)] for index in query[name][0].split(";")]
            for name in ("sources", "destinations")
        ]
        if len(sides[0]) * len(sides[1]) > self.pairs_high:
            return _json({"code": "TooBig", "message": "Too many table coordinates"}, status=400)
        metres = self._metres(*sides)
        return _json(
            {
                "code": "Ok",
                "durations": _cells(metres, 1 / PACE_M_PER_S, 1),
                "distances": _cells(metres, 1.0, 1),
                "sources": [],
                "destinations": [],
            }
        )

    def _metres(self, sources: list[Point], targets: list[Point]) -> np.ndarray[Any, Any]:
        metres = crow_fly_m([*sources, *targets])[: len(sources), len(sources) :] * LONGER
        for row, source in enumerate(sources):
            for column, target in enumerate(targets):
                if self._is_cut_off(source, target):
                    metres[row, column] = np.nan
        return metres

    def _is_cut_off(self, source: Point, target: Point) -> bool:
        if source == target:
            return False
        if {round(source.latitude, 6), round(target.latitude, 6)} & self.unreachable:
            return True
        if self.bank is None:
            return False
        return (source.longitude < self.bank) != (target.longitude < self.bank)


def refusal(code: int, error: str) -> Reply:
    """Return Valhalla's way of saying no."""
    body = {"error_code": code, "error": error, "status_code": 400, "status": "Bad Request"}
    return _json(body, status=400)


def bend(points: list[Point]) -> str:
    """Return a line of two points by way of a corner, six decimals."""
    start, end = points
    corner = (start.latitude, end.longitude)
    ends = [(p.latitude, p.longitude) for p in (start, end)]
    encoded: str = polyline.encode([ends[0], corner, ends[1]], 6)
    return encoded


def _json(body: Any, *, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(body).encode())


def _point(at: dict[str, float]) -> Point:
    return Point(at["lat"], at["lon"])


def _cells(metres: np.ndarray[Any, Any], factor: float, digits: int) -> list[list[float | None]]:
    return [[None if np.isnan(m) else round(m * factor, digits) for m in row] for row in metres]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, router: RouterServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.router = router

    def handle_error(self, *_: object) -> None:
        """Keep quiet about clients that did not wait."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, as the real servers send them
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._say(self.server.router.answer(self.path, b""))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(self.server.router.answer(self.path, body))

    def _say(self, reply: Reply) -> None:
        time.sleep(reply.after_s)
        if reply.drip_s is not None:
            self._drip(reply.drip_s)
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(reply.promised_bytes or len(reply.body)))
        if reply.location:
            self.send_header("Location", reply.location)
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()
        self.close_connection = reply.promised_bytes is not None

    def _drip(self, every_s: float) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Padding: ")
        for _ in range(200):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(every_s)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serve_router() -> Iterator[RouterServer]:
    """Run a router on a free port of this machine."""
    router = RouterServer()
    server = _Server(router)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    router.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield router
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
