"""A lean client: ready-made requests over kept connections, one thread for each client."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

TIMEOUT_S: Final = 60.0
CARD: Final = b'"cards":[{'
FRESH, CACHED = b'"cached":false', b'"cached":true'


@dataclass(slots=True)
class Tally:
    """What came of some requests."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    with_cards: int = 0
    fresh: int = 0
    cached: int = 0
    bytes_read: int = 0

    def add(self, took_s: float, status: str, body: bytes) -> None:
        self.seconds.append(took_s)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.with_cards += CARD in body
        self.fresh += FRESH in body
        self.cached += CACHED in body
        self.bytes_read += len(body)

    def merge(self, other: Tally) -> None:
        self.seconds += other.seconds
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        self.with_cards += other.with_cards
        self.fresh += other.fresh
        self.cached += other.cached
        self.bytes_read += other.bytes_read


class Connection:
    """One kept connection to the server."""

    def __init__(self, *, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[str, bytes]:
        """Send a request and return the status and the body of its answer."""
        self._socket.sendall(request)
        head, _, body = self._read_head().partition(b"\r\n\r\n")
        length = _content_length(head)
        parts, got = [body], len(body)
        while got < length:
            part = self._read()
            parts.append(part)
            got += len(part)
        return head[9:12].decode(), b"".join(parts)

    def close(self) -> None:
        self._socket.close()

    def _read_head(self) -> bytes:
        text = self._read()
        while b"\r\n\r\n" not in text:
            text += self._read()
        return text

    def _read(self) -> bytes:
        part = self._socket.recv(1 << 17)
        if not part:
            raise ConnectionError("The server closed the connection.")
        return part


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ConnectionError("The answer does not say how long it is.")


def ask_all(*, requests: Sequence[bytes], port: int, clients: int) -> tuple[Tally, float]:
    """Ask every request once by `clients` at a time; return what came and the seconds it took."""
    waiting = iter(requests)
    lock = threading.Lock()
    tallies = [Tally() for _ in range(clients)]
    threads = [
        threading.Thread(target=_ask_in_turn, args=(waiting, lock, port, tally))
        for tally in tallies
    ]
    began_s = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took_s = time.perf_counter() - began_s
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    return whole, took_s


def _ask_in_turn(waiting: Iterator[bytes], lock: threading.Lock, port: int, tally: Tally) -> None:
    connection = Connection(port=port)
    while True:
        with lock:
            request = next(waiting, None)
        if request is None:
            break
        began_s = time.perf_counter()
        try:
            status, body = connection.ask(request)
        except OSError as error:
            status, body = type(error).__name__, b""
            connection.close()
            connection = Connection(port=port)
        tally.add(time.perf_counter() - began_s, status, body)
    connection.close()


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 in milliseconds."""
    if not seconds:
        return {}
    found = np.percentile(np.array(seconds) * 1000, [50, 95, 99])
    return {
        f"p{name}_ms": round(float(value), 2)
        for name, value in zip((50, 95, 99), found, strict=True)
    }


def report(tally: Tally, took_s: float, *, expected: bytes) -> dict[str, Any]:
    """Return the figures of one round; `expected` tells how its answers should have come."""
    count = len(tally.seconds)
    right = tally.fresh if expected == FRESH else tally.cached
    return {
        "requests": count,
        **percentiles(tally.seconds),
        "requests_per_s": round(count / took_s, 1),
        "statuses": tally.statuses,
        "not_as_expected": count - right,
        "share_with_cards": round(tally.with_cards / count, 4) if count else 0.0,
        "mean_bytes": tally.bytes_read // count if count else 0,
    }
