"""The processes of the stack: how they are started, kept alive, found again and ended."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.layout import LOGS, PYTHON, ROOT, RUN

# Inherited by every child: finds them again when their parent was killed. A file with process
# numbers would not, for numbers are used again and children outlive their parents.
MARK = "DONGNE_STACK"
GRACE_S = 10.0
QUEUES = "default,ingest,media,push,learn"


def commands(*, port: int, ws_port: int) -> dict[str, list[str]]:
    """Return the command of each process by its name."""
    python = str(PYTHON)
    granian = [python, "-m", "granian", "--host", "127.0.0.1", "--no-access-log"]
    celery = [python, "-m", "celery", "-A", "config.celery"]
    return {
        "web": [
            *(*granian, "--interface", "wsgi", "--port", str(port), "--no-ws"),
            *("--workers", "2", "--blocking-threads", "8"),
            *("--blocking-threads-idle-timeout", "600"),
            # No other: it has no time limit for headers, and a proxy asks in this one.
            *("--http", "1", "--http1-header-read-timeout", "10000"),
            "config.wsgi:application",
        ],
        "ws": [
            *(*granian, "--interface", "asginl", "--port", str(ws_port), "--workers", "1"),
            "config.asgi:application",
        ],
        "worker": [*celery, "worker", "-Q", QUEUES, "--concurrency", "2", "-l", "INFO"],
        "beat": [
            *(*celery, "beat", "-l", "INFO", "--pidfile="),
            *("-s", str(RUN / "beat-schedule")),
        ],
    }


class Supervised:
    """One process of the stack, started again when it dies, ever more slowly."""

    def __init__(self, name: str, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._name = name
        self._command = command
        self._variables = {**variables, MARK: str(ROOT)}
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._start_again_at = 0.0

    def keep_alive(self) -> None:
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            print(f"{self._name} ended with status {self._process.returncode}", flush=True)
            self._process = None
            self._start_again_at = now + min(2**self._deaths, 60)
            self._deaths += 1
        if self._process is None and now >= self._start_again_at:
            self._start()

    def _start(self) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{self._name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def end_all(checkout: Path = ROOT) -> None:
    """End every process of a checkout's stack: the leaders first, then what is left."""
    for pid in _leaders(checkout):
        _send(pid, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while members(checkout) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in members(checkout):
        _send(pid, signal.SIGKILL)


def members(checkout: Path = ROOT) -> list[int]:
    """Return the processes of a checkout's stack, orphans too."""
    wanted = f"{MARK}={checkout}".encode()
    return [pid for pid in _all() if wanted in _environment(pid).split(b"\0")]


def _leaders(checkout: Path) -> list[int]:
    """Return the members whose parent is no member: they end their own children orderly."""
    found = set(members(checkout))
    return [pid for pid in found if _parent(pid) not in found]


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> bytes:
    """Return a process's variables; nothing for another user's, or one that has ended."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _parent(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(status.rpartition(")")[2].split()[1])


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
