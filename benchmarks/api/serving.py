"""The server as production starts it, and what it takes: processor time and memory."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

READY_S: Final = 300.0  # the planner may have to be compiled
GRACE_S: Final = 15.0
TICKS: Final = os.sysconf("SC_CLK_TCK")
ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, and the process that holds its workers."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """Return the processes that answer: those without children of their own."""
        family = _descendants(self.pid)
        return [pid for pid in family if not _children(pid)] or [self.pid]

    def cpu_s(self) -> float:
        """Return the processor time that the server's processes have used, in seconds."""
        return sum(cpu_s(pid) for pid in [self.pid, *_descendants(self.pid)])


@contextlib.contextmanager
def serving(
    *, workers: int, threads: int, environment: Mapping[str, str], log: Path
) -> Iterator[Server]:
    """Have the web process of production up inside the block, warmed."""
    port = _free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
                *("--port", str(port), "--no-ws", "--no-access-log"),
                *("--workers", str(workers), "--blocking-threads", str(threads)),
                *("--blocking-threads-idle-timeout", "600"),
                "config.wsgi:application",
            ],
            cwd=ROOT,
            env={**environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, port, workers)
        yield Server(port=port, pid=process.pid)
    finally:
        _end(process)


def cpu_s(pid: int) -> float:
    """Return the processor time of one process in seconds; 0 for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> dict[str, float]:
    """Return what a process holds: all (RSS), and its share where pages are shared (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return {}
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return {"rss_mb": round(sizes["Rss"] / 1024, 1), "pss_mb": round(sizes["Pss"] / 1024, 1)}


def _wait(process: subprocess.Popen[bytes], port: int, workers: int) -> None:
    """Wait until the server answers and each worker has been started."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with status {process.returncode}: see its log.")
        if _answers(port) and len(_descendants(process.pid)) >= workers:
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server is not ready after {READY_S:.0f} s: see its log.")


def _answers(port: int) -> bool:
    request = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), 2) as connection,
    ):
        connection.settimeout(2)
        connection.sendall(request.encode())
        return connection.recv(64).startswith(b"HTTP/1.1 200")
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def _descendants(pid: int) -> list[int]:
    children = _children(pid)
    return [*children, *(below for child in children for below in _descendants(child))]
