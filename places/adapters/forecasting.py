"""What weather services have in common: the protocol, the failure, and numbers read strictly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

import orjson

from common.http import HttpFailed, OutboundHttp
from engine.types import Point
from places.conditions.types import Forecast

_OK: Final = 200


class ConditionsFailed(Exception):
    """A service told nothing that can be used. `reason` is a code; no key stands in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Forecaster(Protocol):
    """A weather service."""

    @property
    def name(self) -> str:
        """Return who foretells, as people call it."""
        ...

    def forecast(self, *, positions: Sequence[Point], now: datetime) -> Sequence[Forecast]:
        """
        Return the hours to come at each position, in their order.

        A position that the service does not cover is left out.

        Raises:
            ConditionsFailed: nothing usable came.
        """
        ...


def fetch(http: OutboundHttp, url: str, /) -> bytes:
    """
    Return the body of an answer of status 200.

    Raises:
        ConditionsFailed: there is none.
    """
    try:
        answer = http.get(url=url)
    except HttpFailed as error:
        raise ConditionsFailed(error.reason) from None
    if answer.status != _OK:
        raise ConditionsFailed(f"status_{answer.status}")
    return answer.body


def read_json(body: bytes, /) -> Any:
    """
    Return JSON as values.

    Raises:
        ConditionsFailed: it is none.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ConditionsFailed("not_json") from None


def read_number(value: object, /, *, low: float, high: float) -> float:
    """
    Return a finite number within bounds, that a service may also spell as a text.

    Raises:
        ConditionsFailed: it is anything else.
    """
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        number = math.nan
    if isinstance(value, bool) or not low <= number <= high:
        raise ConditionsFailed("not_a_number")
    return number
