"""What a test needs to run parts of the service in processes of their own, and to end them midway."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 300.0


def url_of_test_database() -> str:
    """Return the address under which other processes find this test's database."""
    found = connection.settings_dict
    password = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    who = f"{found['USER']}{password}@" if found["USER"] else ""
    return f"postgis://{who}{found['HOST']}:{found['PORT']}/{found['NAME']}"


def wait_until(holds: Callable[[], bool], *, what: str) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until_s, f"waited {PATIENCE_S:.0f} s for: {what}"
        time.sleep(0.05)


@dataclass
class OwnRedis:
    """A Redis of this test alone, which remembers what it was told when it is killed."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--appendonly", "yes", "--appendfsync", "always", "--dir", str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers, what="Redis")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        with suppress(RedisError):
            return bool(Redis(port=self.port).ping())
        return False


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        redis = OwnRedis(folder=folder, port=free.getsockname()[1])
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


@dataclass
class OwnService:
    """Processes of the service, of the dev tier, on this test's database and Redis."""

    redis: OwnRedis
    folder: Path
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            *("celery", "-A", "tests.common.working", "worker", "--concurrency", "2"),
            *("-Q", "default", "--without-gossip", "--without-mingle"),
        )

    def start_beat(self) -> subprocess.Popen[bytes]:
        return self._start(
            *("celery", "-A", "tests.common.working", "beat", "--pidfile="),
            *("-S", "celery.beat:PersistentScheduler", "-s", str(self.folder / "beat")),
        )

    def record(self, *, first: int, count: int) -> None:
        """Have a process of its own record effects `first` to `first + count - 1`, and wait for it."""
        command = [sys.executable, "-m", "tests.common.working", str(first), str(count)]
        with self._log() as log:
            subprocess.run(
                command, check=True, cwd=ROOT, env=self._environment(), stdout=log, stderr=log
            )

    def kill_all(self) -> None:
        for process in self._processes:
            kill_family(process)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with self._log() as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        self._processes.append(process)
        return process

    def _log(self) -> BufferedWriter:
        return (self.folder / "service.log").open("ab")

    def _environment(self) -> dict[str, str]:
        roles = ("REDIS_CACHE_URL", "REDIS_BROKER_URL", "REDIS_CHANNELS_URL")
        return {
            **os.environ,
            **dict.fromkeys(roles, self.redis.url),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": url_of_test_database(),
        }


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that this one started and that still run."""
    with suppress(FileNotFoundError):
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]
    return []


def kill_family(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once, as a machine that loses its power does."""
    for pid in (process.pid, *children(process)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
