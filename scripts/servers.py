"""
The checkout's own PostgreSQL and Redis, under `.local/` and on ports of their own.

They run while a command needs them: each holds a shared lock, and the last one to leave stops
them. A command that is killed loses its lock by the kernel, so nobody is counted twice.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import locking, machine
from scripts.console import Trouble, say
from scripts.home import DATABASE_PASSWORDS, Home
from scripts.layout import ENVIRONMENT, ROOT

IN_USE = "servers-in-use"
CHANGING = "servers-changing"
PATIENCE_S = 60.0

POSTGRES_SETTINGS = """
# Dongne: loopback only, and no wait for the disk at each commit of a development database.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
synchronous_commit = off
"""
CLUSTER_SQL = ROOT / "scripts" / "cluster.sql"
ROLES_SQL = ROOT / "deploy" / "database" / "roles.sql"


@dataclass(frozen=True)
class Server:
    """A server process, known by the file with its process number and by its folder."""

    name: str
    folder: Path
    pid_file: Path
    stop_signal: signal.Signals

    def pid(self) -> int | None:
        """Return the process if it is alive and really this server: numbers are used again."""
        try:
            pid = int(self.pid_file.read_text().split()[0])
            return pid if Path(f"/proc/{pid}/cwd").readlink() == self.folder else None
        except (OSError, ValueError, IndexError):
            return None

    def stop(self) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, self.stop_signal)
        if not wait_until(lambda: self.pid() is None):
            os.kill(pid, signal.SIGKILL)


def postgres(home: Home) -> Server:
    data = home.folder / "data"
    return Server("PostgreSQL", data, data / "postmaster.pid", signal.SIGINT)


def redis(home: Home) -> Server:
    folder = home.folder / "redis"
    return Server("Redis", folder, folder / "redis.pid", signal.SIGTERM)


def wait_until(condition: Callable[[], bool], *, patience_s: float = PATIENCE_S) -> bool:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def prepare() -> None:
    """Make the cluster, the roles, the databases and the extensions, unless they are there."""
    home = Home.find() or Home.make()
    if not _is_prepared(home):
        say("Making the checkout's own database cluster")
        with in_use():
            pass


@contextlib.contextmanager
def in_use() -> Iterator[Home]:
    """Have the servers up inside the block; the last to leave stops them."""
    holder = locking.open_lock(IN_USE)
    with locking.locked(CHANGING):
        locking.share(holder)
        home = _start()
    try:
        yield home
    finally:
        with locking.locked(CHANGING):
            if locking.try_lock(holder):
                _stop(home)
            holder.close()


def mend() -> None:
    """Start what has died among the servers that are in use."""
    with locking.locked(CHANGING):
        _start()


def stop_unused() -> bool:
    """Stop the servers unless a command still needs them; say whether they are down."""
    home = Home.find()
    if home is None:
        return True
    with locking.locked(CHANGING), locking.open_lock(IN_USE) as holder:
        if not locking.try_lock(holder):
            return False
        _stop(home)
    return True


def remove() -> None:
    home = Home.find()
    if home is None:
        return
    if not stop_unused():
        raise Trouble("a command of this checkout still runs: let it end, then `make clean`.")
    home.remove()


def environment(home: Home, *, tests: bool = False) -> dict[str, str]:
    """Return the variables that lead to these servers, whatever the caller's shell says."""
    lines = ENVIRONMENT.read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if "=" in line)
    if tests:
        variables |= home.redis_urls(first=3)
    tier = "test" if tests else "dev"
    return {**variables, "DJANGO_SETTINGS_MODULE": f"config.settings.{tier}"}


def run_beside(words: Sequence[str], *, tests: bool) -> int:
    """Run a command while the servers are up, and return its exit status."""
    with in_use() as home:
        variables = {**os.environ, **environment(home, tests=tests)}
        process = subprocess.Popen(words, env=variables, cwd=ROOT)
        # At a terminal the command has had the interrupt too, and ends in its own way.
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def _start() -> Home:
    home = Home.find() or Home.make()
    programs = machine.find_postgres(version=home.postgres_version())
    if programs is None:
        raise Trouble(
            f"this cluster was made by PostgreSQL {home.postgres_version()}, which is gone: "
            "`make clean` starts anew."
        )
    if postgres(home).pid() is None or redis(home).pid() is None:
        home = home.with_free_ports(
            keep_postgres=postgres(home).pid() is not None, keep_redis=redis(home).pid() is not None
        )
    if postgres(home).pid() is None:
        _start_postgres(home, programs)
    if redis(home).pid() is None:
        _start_redis(home)
    if not _is_prepared(home):
        _create_databases(home, programs)
        home.write_file("prepared", _databases_sql())
        home.record()
    return home


def _stop(home: Home) -> None:
    postgres(home).stop()
    redis(home).stop()


def _start_postgres(home: Home, programs: Path) -> None:
    data = home.folder / "data"
    if not data.exists():
        _initialise(home, programs)
    # A killed server leaves its file behind, and its number may be another program's by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    started = home.run(
        [
            *(programs / "pg_ctl", "start", "-w", "-t", int(PATIENCE_S), "-D", data),
            *("-l", home.folder / "postgres.log", "-o", f"-p {home.postgres_port}"),
        ]
    )
    if not started:
        raise Trouble(f"PostgreSQL does not start: read {home.folder / 'postgres.log'}.")


def _initialise(home: Home, programs: Path) -> None:
    """Make the data folder under another name first: what is interrupted is made again."""
    unfinished = home.folder / "data.new"
    home.run(["rm", "-rf", unfinished])
    home.write_file("admin-password", home.secret("ADMIN_PASSWORD"))
    made = home.run(
        [
            *(programs / "initdb", "-D", unfinished, "--username=postgres", "--no-sync"),
            *("--pwfile", home.folder / "admin-password", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        ]
    )
    if not made:
        raise Trouble(f"the cluster cannot be made: read {home.folder / 'commands.log'}.")
    with (unfinished / "postgresql.conf").open("a") as file:
        file.write(POSTGRES_SETTINGS)
    unfinished.rename(home.folder / "data")


def _databases_sql() -> str:
    return CLUSTER_SQL.read_text() + ROLES_SQL.read_text()


def _is_prepared(home: Home) -> bool:
    """Say whether the cluster is what the SQL of today makes; an earlier release made less."""
    try:
        return (home.folder / "prepared").read_text() == _databases_sql()
    except FileNotFoundError:
        return False


def _create_databases(home: Home, programs: Path) -> None:
    created = home.run(
        [
            *(programs / "psql", "-X", "-q", "-h", "127.0.0.1", "-p", home.postgres_port),
            *("-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1"),
        ],
        text=_databases_sql(),
        env={
            "PGPASSWORD": home.secret("ADMIN_PASSWORD"),
            **{name: home.secret(name) for name in DATABASE_PASSWORDS},
        },
    )
    if not created:
        raise Trouble(f"the database cannot be made: read {home.folder / 'commands.log'}.")


def _start_redis(home: Home) -> None:
    folder = home.folder / "redis"
    home.run(["mkdir", "-p", folder])
    settings = {
        "bind": "127.0.0.1",
        "port": home.redis_port,
        "requirepass": home.secret("REDIS_PASSWORD"),
        "dir": folder,
        "daemonize": "yes",
        "pidfile": folder / "redis.pid",
        "logfile": folder / "redis.log",
        "appendonly": "yes",
        "save": '""',
    }
    lines = (
        f'{name} "{value}"' if isinstance(value, Path) else f"{name} {value}"
        for name, value in settings.items()
    )
    home.write_file("redis.conf", "\n".join(lines) + "\n")
    home.run(["redis-server", home.folder / "redis.conf"])
    if not wait_until(lambda: _redis_answers(home)):
        raise Trouble(f"Redis does not start: read {folder / 'redis.log'}.")


def _redis_answers(home: Home) -> bool:
    words = f"AUTH {home.secret('REDIS_PASSWORD')}\r\nPING\r\n".encode()
    try:
        with socket.create_connection(("127.0.0.1", home.redis_port), timeout=2) as connection:
            connection.sendall(words)
            answer = connection.makefile("rb")
            return [answer.readline(), answer.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False
