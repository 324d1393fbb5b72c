"""The lines of a card on the map: along the streets where a router knows them, else straight."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Final, Protocol

import orjson
import polyline

from common.caching import find_all_cached, store_all_cached
from engine.types import Mode, Point
from trips.adapters.router import Line
from trips.services.streets import Streets

KEPT_S: Final = 86_400
_DECIMALS: Final = 5


@dataclass(frozen=True, slots=True)
class Leg:
    """One way of a plan, and how its time is known."""

    start: Point
    end: Point
    mode: Mode
    is_estimate: bool


class Lines(Protocol):
    """Knows the lines of legs."""

    def draw(self, *, ways: Sequence[Sequence[Leg]]) -> Mapping[Leg, Line]:
        """Return the lines along the streets of the legs whose streets are known."""
        ...


@dataclass(frozen=True)
class NoLines:
    """Knows none: without a router every leg is straight."""

    def draw(self, *, ways: Sequence[Sequence[Leg]]) -> Mapping[Leg, Line]:
        return {}


@dataclass(frozen=True)
class RoutedLines:
    """Asks a router for the legs whose times it told."""

    streets: Streets

    def draw(self, *, ways: Sequence[Sequence[Leg]]) -> Mapping[Leg, Line]:
        wanted = {leg for way in ways for leg in way if self._is_known(leg)}
        lines = self._find(wanted)
        runs = [run for way in ways for run in _runs(way, wanted - lines.keys())]
        answers = self.streets.ask([partial(self._ask, run) for run in runs])
        told = {
            leg: line
            for run, answer in zip(runs, answers, strict=True)
            for leg, line in zip(run, answer or (), strict=False)
        }
        store_all_cached(
            values={self._key(leg): encode(line).encode() for leg, line in told.items()},
            keep_s=KEPT_S,
        )
        return lines | told

    def _find(self, wanted: Collection[Leg]) -> dict[Leg, Line]:
        """Return the lines that are kept."""
        kept = find_all_cached(keys=[self._key(leg) for leg in wanted])
        return {leg: _decode(line) for leg, line in zip(wanted, kept, strict=True) if line}

    def _is_known(self, leg: Leg) -> bool:
        return leg.mode in self.streets.modes and not leg.is_estimate and leg.start != leg.end

    def _ask(self, run: Sequence[Leg], left_s: Callable[[], float]) -> tuple[Line, ...]:
        points = [run[0].start, *(leg.end for leg in run)]
        lines = self.streets.router.lines(points=points, mode=run[0].mode, timeout_s=left_s())
        # The router's line runs from street to street: lead it to the doors.
        return tuple((leg.start, *line, leg.end) for leg, line in zip(run, lines, strict=True))

    def _key(self, leg: Leg) -> str:
        named = [self.streets.router.name, leg.mode.value, encode((leg.start, leg.end))]
        return f"router:line:{hashlib.sha256(orjson.dumps(named)).hexdigest()}"


def encode(line: Line, /) -> str:
    """Return the encoded polyline of five decimals."""
    encoded: str = polyline.encode([(p.latitude, p.longitude) for p in line], _DECIMALS)
    return encoded


def _runs(way: Sequence[Leg], wanted: set[Leg]) -> Iterator[list[Leg]]:
    """Yield the runs of neighbouring wanted legs of one mode: each is one question."""
    for (is_wanted, _), legs in groupby(way, key=lambda leg: (leg in wanted, leg.mode)):
        if is_wanted:
            yield list(legs)


def _decode(kept: bytes) -> Line:
    return tuple(Point(*position) for position in polyline.decode(kept.decode(), _DECIMALS))
