"""Travel times by a street router, and estimates for what it does not say."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import orjson

from common.caching import find_cached, store_cached
from engine.catalogue import MODES
from engine.travel import (
    BoolArray,
    CrowFly,
    FloatArray,
    LegSource,
    TravelMatrix,
    TravelTimes,
    find_walked,
)
from engine.types import Mode, Point
from trips.adapters.router import QuestionTooLong, Table
from trips.services.streets import Streets

# Streets change by the week; a router that learned of a closure tells it a day later.
KEPT_S: Final = 86_400
_DECIMALS: Final = 5  # about a metre


@dataclass(frozen=True)
class RoutedTravelTimes:
    """
    Asks a router for the legs of the modes that it knows; estimates the others.

    No leg is shorter than the crow flies or quicker than the pace of its mode: routers drive as if
    the streets were empty, and know no stroll. What waiting or parking takes is added.
    """

    streets: Streets
    estimates: TravelTimes = field(default_factory=CrowFly)

    def matrix(
        self, *, points: Sequence[Point], mode: Mode, needed: BoolArray | None = None
    ) -> TravelMatrix:
        matrix = self.estimates.matrix(points=points, mode=mode)
        if needed is None:
            needed = ~np.eye(len(points), dtype=np.bool_)
        walked = find_walked(crow_fly=matrix.crow_fly, mode=mode)
        for leg_mode, pairs in ((Mode.WALK, needed & walked), (mode, needed & ~walked)):
            if leg_mode in self.streets.modes and pairs.any():
                self._fill(matrix, points, leg_mode, pairs)
        return matrix

    def _fill(
        self, matrix: TravelMatrix, points: Sequence[Point], mode: Mode, pairs: BoolArray
    ) -> None:
        """Put what the router says of `pairs` into the matrix."""
        matrix.source[pairs] = LegSource.FALL_BACK
        rows, columns = np.flatnonzero(pairs.any(axis=1)), np.flatnonzero(pairs.any(axis=0))
        table = self._find(
            [points[i] for i in rows.tolist()], [points[i] for i in columns.tolist()], mode
        )
        if table is None:
            return
        block = np.ix_(rows, columns)
        is_way = np.isfinite(table.seconds) & np.isfinite(table.metres)
        told = pairs[block] & _told(is_way & (rows[:, None] != columns[None, :]))
        metres = np.fmax(table.metres, matrix.crow_fly[block])
        minutes = np.fmax(table.seconds / 60, metres / MODES[mode].speed_m_per_min)
        minutes = np.where(is_way, minutes + MODES[mode].overhead_min, math.inf)
        matrix.minutes[block] = np.where(told, minutes, matrix.minutes[block])
        matrix.metres[block] = np.where(told & is_way, metres, matrix.metres[block])
        matrix.source[block] = np.where(told, LegSource.ROUTER, matrix.source[block])

    def _find(self, sources: Sequence[Point], targets: Sequence[Point], mode: Mode) -> Table | None:
        """Return the table kept of these points, else the router's; rows not answered are NaN."""
        shape = (len(sources), len(targets))
        key = _key(self.streets.router.name, sources, targets, mode)
        kept = _unpack(find_cached(key=key), shape)
        if kept is not None:
            return kept
        size = max(1, self.streets.router.pairs_high // len(targets))
        asked = _split(sources, math.ceil(len(sources) / size))
        answers = self.streets.ask([partial(self._ask, some, targets, mode) for some in asked])
        if all(answer is None for answer in answers):
            return None
        tables = [
            answer or _nothing((len(some), len(targets)))
            for answer, some in zip(answers, asked, strict=True)
        ]
        packed = _pack(_stack(tables, axis=0))
        if all(answer is not None for answer in answers):
            store_cached(key=key, value=packed, keep_s=KEPT_S)
        return _unpack(packed, shape)

    def _ask(
        self,
        sources: Sequence[Point],
        targets: Sequence[Point],
        mode: Mode,
        left_s: Callable[[], float],
    ) -> Table:
        """Ask the router, in halves where it answers only smaller questions."""
        try:
            return self.streets.router.table(
                sources=sources, targets=targets, mode=mode, timeout_s=left_s()
            )
        except QuestionTooLong:
            half = max(len(sources), len(targets)) // 2
            if not half:
                raise
        if len(sources) >= len(targets):
            tables = [self._ask(p, targets, mode, left_s) for p in (sources[:half], sources[half:])]
            return _stack(tables, axis=0)
        tables = [self._ask(sources, p, mode, left_s) for p in (targets[:half], targets[half:])]
        return _stack(tables, axis=1)


def _split(points: Sequence[Point], parts: int) -> list[Sequence[Point]]:
    """Return `parts` pieces of nearly one length."""
    marks = [index * len(points) // parts for index in range(parts + 1)]
    return [points[low:high] for low, high in pairwise(marks)]


def _told(is_way: BoolArray) -> BoolArray:
    """
    Return the pairs of which the router knows the way, or that there is none.

    Where no way at all leads from or to a point, it lies off the router's map, and nothing is said
    of it. No way between two points that others reach is a river without a bridge.
    """
    return np.logical_and.outer(is_way.any(axis=1), is_way.any(axis=0))


def _stack(tables: Sequence[Table], *, axis: int) -> Table:
    return Table(
        seconds=np.concatenate([table.seconds for table in tables], axis=axis),
        metres=np.concatenate([table.metres for table in tables], axis=axis),
    )


def _nothing(shape: tuple[int, int]) -> Table:
    empty: FloatArray = np.full(shape, np.nan)
    return Table(seconds=empty, metres=empty)


def _key(router: str, sources: Sequence[Point], targets: Sequence[Point], mode: Mode) -> str:
    places = [
        [(round(point.latitude, _DECIMALS), round(point.longitude, _DECIMALS)) for point in side]
        for side in (sources, targets)
    ]
    digest = hashlib.sha256(orjson.dumps([router, mode.value, places])).hexdigest()
    return f"router:table:{digest}"


def _pack(table: Table) -> bytes:
    # Half the size, and a kept answer is the same as a fresh one to the last digit.
    return np.stack([table.seconds, table.metres]).astype("<f4").tobytes()


def _unpack(packed: bytes | None, shape: tuple[int, int]) -> Table | None:
    if packed is None or len(packed) != 2 * 4 * shape[0] * shape[1]:
        return None
    both = np.frombuffer(packed, dtype="<f4").astype(np.float64).reshape(2, *shape)
    return Table(seconds=both[0], metres=both[1])
