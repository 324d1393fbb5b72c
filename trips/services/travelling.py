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
import numpy.typing as npt
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """The pairs of one mode that a matrix needs, and the smallest block of it that has them all."""

    mode: Mode
    pairs: BoolArray
    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    sources: Sequence[Point]
    targets: Sequence[Point]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.sources), len(self.targets)


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
        self,
        *,
        points: Sequence[Point],
        mode: Mode,
        needed: BoolArray | None = None,
        crow_fly: FloatArray | None = None,
    ) -> TravelMatrix:
        matrix = self.estimates.matrix(points=points, mode=mode, crow_fly=crow_fly)
        if needed is None:
            needed = ~np.eye(len(points), dtype=np.bool_)
        walked = find_walked(crow_fly=matrix.crow_fly, mode=mode)
        wanted = [
            _wish(points, leg_mode, pairs)
            for leg_mode, pairs in ((Mode.WALK, needed & walked), (mode, needed & ~walked))
            if leg_mode in self.streets.modes and pairs.any()
        ]
        for wish, table in zip(wanted, self._find(wanted), strict=True):
            matrix.source[wish.pairs] = LegSource.FALL_BACK
            if table is not None:
                _fill(matrix, wish, table)
        return matrix

    def _find(self, wanted: Sequence[_Wish]) -> list[Table | None]:
        """Return the tables kept, else the router's, all asked for at once and within one deadline."""
        keys = [_key(self.streets.router.name, wish) for wish in wanted]
        kept = [
            _unpack(find_cached(key=key), wish.shape)
            for key, wish in zip(keys, wanted, strict=True)
        ]
        asked = [
            [] if table is not None else self._parts(wish)
            for table, wish in zip(kept, wanted, strict=True)
        ]
        works = [
            partial(self._ask, part, wish.targets, wish.mode)
            for wish, parts in zip(wanted, asked, strict=True)
            for part in parts
        ]
        answers = iter(self.streets.ask(works))
        return [
            table or _join(key, wish, parts, [next(answers) for _ in parts])
            for table, key, wish, parts in zip(kept, keys, wanted, asked, strict=True)
        ]

    def _parts(self, wish: _Wish) -> list[Sequence[Point]]:
        """Return the sources in parts that the router answers with all targets."""
        size = max(1, self.streets.router.pairs_high // len(wish.targets))
        return _split(wish.sources, math.ceil(len(wish.sources) / size))

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


def _wish(points: Sequence[Point], mode: Mode, pairs: BoolArray) -> _Wish:
    rows, columns = np.flatnonzero(pairs.any(axis=1)), np.flatnonzero(pairs.any(axis=0))
    return _Wish(
        mode=mode,
        pairs=pairs,
        rows=rows,
        columns=columns,
        sources=[points[i] for i in rows.tolist()],
        targets=[points[i] for i in columns.tolist()],
    )


def _fill(matrix: TravelMatrix, wish: _Wish, table: Table) -> None:
    """Put what the router says of the pairs into the matrix."""
    rows, columns, mode = wish.rows, wish.columns, MODES[wish.mode]
    block = np.ix_(rows, columns)
    is_way = np.isfinite(table.seconds) & np.isfinite(table.metres)
    told = wish.pairs[block] & _told(is_way & (rows[:, None] != columns[None, :]))
    metres = np.fmax(table.metres, matrix.crow_fly[block])
    minutes = np.fmax(table.seconds / 60, metres / mode.speed_m_per_min)
    minutes = np.where(is_way, minutes + mode.overhead_min, math.inf)
    matrix.minutes[block] = np.where(told, minutes, matrix.minutes[block])
    matrix.metres[block] = np.where(told & is_way, metres, matrix.metres[block])
    matrix.source[block] = np.where(told, LegSource.ROUTER, matrix.source[block])


def _join(
    key: str, wish: _Wish, parts: Sequence[Sequence[Point]], answers: Sequence[Table | None]
) -> Table | None:
    """Return the parts as one table, kept if it is whole; rows not answered are NaN."""
    if all(answer is None for answer in answers):
        return None
    tables = [
        answer or _nothing((len(part), len(wish.targets)))
        for answer, part in zip(answers, parts, strict=True)
    ]
    packed = _pack(_stack(tables, axis=0))
    if all(answer is not None for answer in answers):
        store_cached(key=key, value=packed, keep_s=KEPT_S)
    return _unpack(packed, wish.shape)


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


def _key(router: str, wish: _Wish) -> str:
    places = [
        [(round(point.latitude, _DECIMALS), round(point.longitude, _DECIMALS)) for point in side]
        for side in (wish.sources, wish.targets)
    ]
    digest = hashlib.sha256(orjson.dumps([router, wish.mode.value, places])).hexdigest()
    return f"router:table:{digest}"


def _pack(table: Table) -> bytes:
    # Half the size, and a kept answer is the same as a fresh one to the last digit.
    return np.stack([table.seconds, table.metres]).astype("<f4").tobytes()


def _unpack(packed: bytes | None, shape: tuple[int, int]) -> Table | None:
    if packed is None or len(packed) != 2 * 4 * shape[0] * shape[1]:
        return None
    both = np.frombuffer(packed, dtype="<f4").astype(np.float64).reshape(2, *shape)
    return Table(seconds=both[0], metres=both[1])
