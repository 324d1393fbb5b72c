"""Asks each kind of request in this process and tells how long it took, and whom."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db import connection
from django.test import Client

from benchmarks.api.serving import cpu_s
from benchmarks.serving.questions import KINDS, Asked, prepare

WARMING: Final = 3  # of each kind, before the clock runs
HEAD: Final = (
    f"{'kind':<28}{'p50':>8}{'p95':>8}{'p99':>8}  {'SQL p50':>8}{'p95':>8}  "
    f"{'cpu web':>8}{'cpu db':>8}  {'bytes':>8}  statuses"
)


@dataclass
class Watch:
    """Adds up the seconds that statements take from sending to the last row."""

    spent_s: float = 0.0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        began_s = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.spent_s += time.perf_counter() - began_s


@dataclass
class Tally:
    """What the requests of one kind took; seconds."""

    walls: list[float] = field(default_factory=list)
    queries: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bytes_read: int = 0
    own_s: float = 0.0
    backend_s: float = 0.0

    def line(self, kind: str) -> str:
        count = len(self.walls)
        walls = [f"{value:>8.1f}" for value in _percentiles(self.walls, 50, 95, 99)]
        queries = [f"{value:>8.1f}" for value in _percentiles(self.queries, 50, 95)]
        return (
            f"{kind:<28}{''.join(walls)}  {''.join(queries)}  {self.own_s * 1000 / count:>8.1f}"
            f"{self.backend_s * 1000 / count:>8.1f}  {self.bytes_read // count:>8}  {self.statuses}"
        )


def measure(*, count: int, only: str, seed: int) -> Iterator[str]:
    """Yield a line for each kind, times in milliseconds; processor times are means of a request."""
    # The line that each request writes is made as ever, and read by nobody.
    logging.getLogger().handlers = [logging.StreamHandler(Path(os.devnull).open("w"))]  # noqa: SIM115 - until the end
    client, draw = Client(), prepare(seed)
    yield HEAD
    everything = Tally()
    for number, (kind, ask) in enumerate(KINDS.items()):
        if only not in kind:
            continue
        for at in range(WARMING):
            _ask(client, ask(draw), number, at)
        tally = _measure(client, [ask(draw) for _ in range(count)], number)
        everything.walls += tally.walls
        everything.queries += tally.queries
        yield tally.line(kind)
    yield (
        f"all kinds alike: p50 {_percentiles(everything.walls, 50)[0]:.1f},"
        f" p95 {_percentiles(everything.walls, 95)[0]:.1f} ms"
    )


def _measure(client: Client, asked: list[Asked], number: int) -> Tally:
    tally, backend = Tally(), _backend()
    before_s, own_s = cpu_s(backend), 0.0
    for at, one in enumerate(asked):
        watch = Watch()
        with connection.execute_wrapper(watch):
            began_s, began_own_s = time.perf_counter(), time.thread_time()
            response = _ask(client, one, number, WARMING + at)
            tally.walls.append(time.perf_counter() - began_s)
            own_s += time.thread_time() - began_own_s
        tally.queries.append(watch.spent_s)
        tally.bytes_read += len(response.content)
        tally.statuses[response.status_code] = tally.statuses.get(response.status_code, 0) + 1
    tally.own_s, tally.backend_s = own_s, cpu_s(backend) - before_s
    return tally


def _ask(client: Client, asked: Asked, number: int, at: int) -> Any:
    # Each request comes from an address of its own, so that limits stay on and refuse nobody.
    address = f"10.{os.getpid() % 250}.{number}.{at % 250}"
    return client.get(
        asked.path,
        asked.query,
        secure=True,
        headers={
            "host": "127.0.0.1",
            "accept": asked.accept,
            "x-forwarded-for": address,
            "x-forwarded-proto": "https",
        },
    )


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _percentiles(seconds: list[float], *which: int) -> list[float]:
    return [float(value) for value in np.percentile(np.array(seconds) * 1000, which)]
