"""An OSRM server: `/table/v1` and `/route/v1`, as the documentation of version 5 has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from common.http import HttpFailed, OutboundHttp
from engine.types import Mode, Point
from trips.adapters.router import (
    Line,
    QuestionRefused,
    QuestionTooLong,
    RouterFailed,
    Table,
    decode_line,
    find,
    find_legs,
    name_server,
    read_body,
    read_numbers,
)

# The default of `--max-table-size`, squared: the server counts sources times targets.
PAIRS_HIGH: Final = 100 * 100
PROFILE_MARK: Final = "{profile}"
PROFILES: Final = {Mode.WALK: "foot", Mode.BIKE: "bike", Mode.CAR: "car"}


@dataclass(frozen=True)
class Osrm:
    """
    Asks an OSRM server.

    A server knows one profile and answers in it whatever profile the path names. Several servers
    are one `url` with `{profile}` where their names differ: foot, bike, car.
    """

    url: str
    http: OutboundHttp
    pairs_high: int = PAIRS_HIGH

    @property
    def name(self) -> str:
        return name_server("osrm", self.url)

    def table(
        self, *, sources: Sequence[Point], targets: Sequence[Point], mode: Mode, timeout_s: float
    ) -> Table:
        split, total = len(sources), len(sources) + len(targets)
        asked = {
            "sources": ";".join(map(str, range(split))),
            "destinations": ";".join(map(str, range(split, total))),
            "annotations": "duration,distance",
        }
        body = self._ask("table", [*sources, *targets], mode, asked, timeout_s)
        shape = (split, len(targets))
        return Table(
            seconds=read_numbers(body.get("durations"), shape=shape),
            metres=read_numbers(body.get("distances"), shape=shape),
        )

    def lines(self, *, points: Sequence[Point], mode: Mode, timeout_s: float) -> tuple[Line, ...]:
        # Only steps tell where a leg ends: an overview runs through all of them.
        asked = {"overview": "false", "steps": "true", "geometries": "polyline6"}
        body = self._ask("route", points, mode, asked, timeout_s)
        legs = find_legs(body, "routes", 0, "legs", count=len(points) - 1)
        return tuple(_read_leg(leg) for leg in legs)

    def _ask(
        self,
        service: str,
        points: Sequence[Point],
        mode: Mode,
        asked: Mapping[str, str],
        timeout_s: float,
    ) -> Mapping[str, Any]:
        profile = PROFILES[mode]
        server = self.url.replace(PROFILE_MARK, profile)
        places = ";".join(f"{point.longitude:.6f},{point.latitude:.6f}" for point in points)
        query = urlencode({**asked, "generate_hints": "false"}, safe=";,")
        try:
            answer = self.http.get(
                url=f"{server}/{service}/v1/{profile}/{places}?{query}", timeout_s=timeout_s
            )
        except HttpFailed as error:
            raise RouterFailed(error.reason) from None
        body, is_ok = read_body(answer)
        if not is_ok or body.get("code") != "Ok":
            raise _refusal(answer.status, body.get("code"))
        return body


def _refusal(status: int, code: object) -> RouterFailed:
    if not isinstance(code, str) or not code.isalpha():
        return RouterFailed(f"status_{status}")  # a proxy's word, not the router's
    return QuestionTooLong(code) if code == "TooBig" else QuestionRefused(code)


def _read_leg(leg: object) -> Line:
    steps = find(leg, "steps")
    if not isinstance(steps, list):
        raise RouterFailed("wrong_shape")
    return tuple(point for step in steps for point in decode_line(find(step, "geometry")))
