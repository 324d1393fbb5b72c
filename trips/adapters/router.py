"""What every router has in common: its protocol, its failures, and reading what it says."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import orjson
import polyline

from common.http import HttpAnswer
from engine.travel import FloatArray
from engine.types import Mode, Point

Line = tuple[Point, ...]
_OK: Final = 200
_TOO_MANY_REQUESTS: Final = 429
_SERVER_FAULT: Final = 500


class RouterFailed(Exception):
    """The router told nothing. `reason` is a code for logs; no position stands in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class QuestionRefused(RouterFailed):
    """The router is well and has no answer to this question, such as to a point off its map."""


class QuestionTooLong(QuestionRefused):
    """The router answers only smaller questions."""


@dataclass(frozen=True, slots=True)
class Table:
    """Ways from sources to targets, (s, t) each; NaN where there is none."""

    seconds: FloatArray
    metres: FloatArray


class Router(Protocol):
    """A street router by URL. Each call is one request."""

    @property
    def name(self) -> str:
        """Return what tells its answers from another router's in the cache."""
        ...

    @property
    def pairs_high(self) -> int:
        """Return how many pairs one table may have."""
        ...

    def table(
        self, *, sources: Sequence[Point], targets: Sequence[Point], mode: Mode, timeout_s: float
    ) -> Table:
        """
        Return the ways from each source to each target.

        Raises:
            RouterFailed: it did not answer in time, or not what it should.
        """
        ...

    def lines(self, *, points: Sequence[Point], mode: Mode, timeout_s: float) -> tuple[Line, ...]:
        """
        Return the line of each way from one of `points` to the next.

        Raises:
            RouterFailed: as `table` does.
        """
        ...


def name_server(kind: str, url: str, /) -> str:
    """Return the name of the server of a kind at `url`, which may hold a secret and is not told."""
    return f"{kind}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def read_body(answer: HttpAnswer, /) -> tuple[Mapping[str, Any], bool]:
    """
    Return the JSON object of an answer, and whether its status is 200.

    Raises:
        RouterFailed: the router is overloaded or broken, or something else answered for it.
    """
    if answer.status == _TOO_MANY_REQUESTS or answer.status >= _SERVER_FAULT:
        raise RouterFailed(f"status_{answer.status}")
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise RouterFailed("not_json") from None
    if not isinstance(body, dict):
        raise RouterFailed("not_an_object")
    return body, answer.status == _OK


def read_numbers(rows: object, /, *, shape: tuple[int, int]) -> FloatArray:
    """
    Return a table of finite numbers of at least 0, NaN for null.

    Raises:
        RouterFailed: it has another shape, or anything else in it.
    """
    if not isinstance(rows, list) or len(rows) != shape[0]:
        raise RouterFailed("wrong_shape")
    if not all(isinstance(row, list) and len(row) == shape[1] for row in rows):
        raise RouterFailed("wrong_shape")
    return np.array([[_number(cell) for cell in row] for row in rows], dtype=np.float64)


def _number(cell: object) -> float:
    if cell is None:
        return math.nan
    # A bool is an int to Python, and no number to anybody else.
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 0 <= cell < math.inf:
        raise RouterFailed("not_a_number")
    return float(cell)


def decode_line(text: object, /) -> Line:
    """
    Return the points of an encoded polyline of six decimals.

    Raises:
        RouterFailed: it is none, or leaves the Earth.
    """
    if not isinstance(text, str):
        raise RouterFailed("no_line")
    try:
        return tuple(Point(latitude, longitude) for latitude, longitude in polyline.decode(text, 6))
    except (ValueError, IndexError, OverflowError):
        raise RouterFailed("no_line") from None


def find(value: object, /, *path: str | int) -> object:
    """Return what stands at `path` in JSON, or None where it has another shape."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def find_legs(value: object, /, *path: str | int, count: int) -> list[object]:
    """
    Return the list at `path`, which has `count` members.

    Raises:
        RouterFailed: it has another shape.
    """
    legs = find(value, *path)
    if not isinstance(legs, list) or len(legs) != count:
        raise RouterFailed("wrong_shape")
    return legs
