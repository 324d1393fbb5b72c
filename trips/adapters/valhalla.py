"""A Valhalla server: `/sources_to_targets` and `/route`, as the documentation of version 3 has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from common.http import HttpFailed, OutboundHttp
from engine.catalogue import MODES
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

# The default of `service_limits.….max_matrix_location_pairs`.
PAIRS_HIGH: Final = 2500
_COSTING: Final = {Mode.WALK: "pedestrian", Mode.BIKE: "bicycle", Mode.CAR: "auto"}
_SPEED_OPTION: Final = {Mode.WALK: "walking_speed", Mode.BIKE: "cycling_speed"}
_LIMIT_EXCEEDED: Final = frozenset({150, 151, 152, 153})


@dataclass(frozen=True)
class Valhalla:
    """Asks a Valhalla server, which walks and rides at the pace that our modes have."""

    url: str
    http: OutboundHttp
    pairs_high: int = PAIRS_HIGH

    @property
    def name(self) -> str:
        return name_server("valhalla", self.url)

    def table(
        self, *, sources: Sequence[Point], targets: Sequence[Point], mode: Mode, timeout_s: float
    ) -> Table:
        question = {
            "sources": [_location(point) for point in sources],
            "targets": [_location(point) for point in targets],
            "verbose": False,
            **_costing(mode),
        }
        body = self._ask("sources_to_targets", question, timeout_s)
        seconds, kilometres = _read_table(body.get("sources_to_targets"))
        shape = (len(sources), len(targets))
        return Table(
            seconds=read_numbers(seconds, shape=shape),
            metres=read_numbers(kilometres, shape=shape) * 1000,
        )

    def lines(self, *, points: Sequence[Point], mode: Mode, timeout_s: float) -> tuple[Line, ...]:
        question = {
            "locations": [_location(point) for point in points],
            "directions_type": "none",
            **_costing(mode),
        }
        body = self._ask("route", question, timeout_s)
        legs = find_legs(body, "trip", "legs", count=len(points) - 1)
        return tuple(decode_line(find(leg, "shape")) for leg in legs)

    def _ask(self, action: str, question: Mapping[str, Any], timeout_s: float) -> Mapping[str, Any]:
        try:
            answer = self.http.post_json(
                url=f"{self.url}/{action}", body=orjson.dumps(question), timeout_s=timeout_s
            )
        except HttpFailed as error:
            raise RouterFailed(error.reason) from None
        body, is_ok = read_body(answer)
        if not is_ok:
            raise _refusal(answer.status, body.get("error_code"))
        return body


def _refusal(status: int, code: object) -> RouterFailed:
    if not isinstance(code, int):
        return RouterFailed(f"status_{status}")  # a proxy's word, not the router's
    failure = QuestionTooLong if code in _LIMIT_EXCEEDED else QuestionRefused
    return failure(f"error_{code}")


def _location(point: Point) -> dict[str, float]:
    return {"lat": point.latitude, "lon": point.longitude}


def _costing(mode: Mode) -> dict[str, Any]:
    costing: dict[str, Any] = {"costing": _COSTING[mode], "units": "kilometers"}
    option = _SPEED_OPTION.get(mode)
    if option is None:
        return costing
    km_per_h = MODES[mode].speed_m_per_min * 60 / 1000
    return costing | {"costing_options": {_COSTING[mode]: {option: round(km_per_h, 2)}}}


def _read_table(table: object) -> tuple[object, object]:
    """Return rows of seconds and of kilometres; older servers answer a cell for each pair."""
    if isinstance(table, dict):
        return table.get("durations"), table.get("distances")
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise RouterFailed("wrong_shape")
    if not all(isinstance(cell, dict) for row in table for cell in row):
        raise RouterFailed("wrong_shape")
    seconds = [[cell.get("time") for cell in row] for row in table]
    return seconds, [[cell.get("distance") for cell in row] for row in table]
