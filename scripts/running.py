"""`make run`: the whole stack, three cards through its HTTP API, and the way to stop it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping

from scripts import locking, processes, servers, setting_up
from scripts.console import Trouble, say
from scripts.home import Home, port_is_free
from scripts.layout import LOGS, PYTHON, ROOT, RUN

SUPERVISOR = "supervisor"
STATE = RUN / "supervisor.json"
READY_S = 90.0


def run(*, port: int, ws_port: int) -> int:
    """Start the stack unless it is up, and print three cards got from it."""
    up = _find_supervisor()
    if up is None:
        processes.end_all()  # what a killed run has left, before its ports are asked for
        _require_free(PORT=port, WS_PORT=ws_port)
    setting_up.set_up()
    if up is not None:
        servers.mend()
        if up["port"] != port:
            say(f"Already up, on port {up['port']}.")
        _wait_until_ready(up["port"])
        return _show(up["port"])

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    supervisor = None
    try:
        with servers.in_use() as home:
            _prepare(home)
            supervisor = _start_supervisor(port=port, ws_port=ws_port)
            _wait_until_ready(port, supervisor=supervisor)
        shown = _show(port)
        if shown != 0:
            raise Trouble("the cards could not be had: read the line above and .local/log/web.log.")
    except (Trouble, KeyboardInterrupt):
        _end(supervisor)
        raise
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("Running on its own; `make stop` ends it, logs are in .local/log.")
        return 0
    return _stay(supervisor)


def stop() -> None:
    """End what `make run` started; the servers stay up only while another command needs them."""
    up = _find_supervisor()
    if up is not None:
        os.kill(up["pid"], signal.SIGTERM)
        servers.wait_until(lambda: not locking.is_held(SUPERVISOR), patience_s=30)
    processes.end_all()
    if servers.stop_unused():
        say("Stopped.")
    else:
        say("Stopped; the database stays up until the command that uses it has ended.")


def supervise(*, port: int, ws_port: int) -> int:
    """Keep the processes alive until asked to stop. Runs in a session of its own."""
    asked_to_stop = False

    def on_stop(*_: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, on_stop)
    signal.signal(signal.SIGINT, on_stop)
    with locking.open_lock(SUPERVISOR) as lock, servers.in_use() as home:
        if not locking.try_lock(lock):
            raise Trouble("the stack is up already.")
        STATE.write_text(json.dumps({"pid": os.getpid(), "port": port}))
        variables = {**os.environ, **servers.environment(home)}
        commands = processes.commands(port=port, ws_port=ws_port)
        running = [
            processes.Supervised(name, command, variables) for name, command in commands.items()
        ]
        try:
            while not asked_to_stop:
                for process in running:
                    process.keep_alive()
                time.sleep(0.5)
        finally:
            processes.end_all()
            STATE.unlink(missing_ok=True)
    return 0


def _find_supervisor() -> dict[str, int] | None:
    if not locking.is_held(SUPERVISOR):
        return None
    servers.wait_until(STATE.exists, patience_s=10)
    state: dict[str, int] = json.loads(STATE.read_text())
    return state


def _require_free(**ports: int) -> None:
    for variable, port in ports.items():
        if not 0 < port < 65536:
            raise Trouble(f"{variable}={port} is no port: use 1024 to 65535.")
        if not port_is_free(port):
            raise Trouble(
                f"port {port} is taken by another program: "
                f"choose one that is free, e.g. `make run {variable}={port + 10}`."
            )


def _prepare(home: Home) -> None:
    variables = {**os.environ, **servers.environment(home)}
    with _planner_compiled(variables):
        preparing = [str(PYTHON), "-m", "scripts.preparing"]
        if subprocess.run(preparing, cwd=ROOT, env=variables, check=False).returncode != 0:
            raise Trouble("the database could not be filled: mend what the line above says.")
        say("Compiling the planner (a minute or two, the first time)")


@contextlib.contextmanager
def _planner_compiled(variables: Mapping[str, str]) -> Iterator[None]:
    """Compile beside the block, which waits for the database, and wait for it at the end."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "planner.log").open("ab") as log:
        compiling = subprocess.Popen(
            [PYTHON, "-c", "from engine.planner.solving import warm; warm()"],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
        if compiling.wait() != 0:
            raise Trouble("the planner does not compile: read .local/log/planner.log.")
    finally:
        compiling.kill()
        compiling.wait()


def _start_supervisor(*, port: int, ws_port: int) -> subprocess.Popen[bytes]:
    say(f"Starting {', '.join(processes.commands(port=port, ws_port=ws_port))}")
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "scripts", "supervise"),
                *("--port", str(port), "--ws-port", str(ws_port)),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(port: int, *, supervisor: subprocess.Popen[bytes] | None = None) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if supervisor is not None and supervisor.poll() is not None:
            raise Trouble("the stack ended while it started: read .local/log/supervisor.log.")
        if _answers(f"http://127.0.0.1:{port}/readyz"):
            return
        time.sleep(0.2)
    raise Trouble(f"the API is not ready after {READY_S:.0f} s: read .local/log/web.log.")


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _show(port: int) -> int:
    home = Home.find()
    if home is None:
        raise Trouble("the record of the servers is gone: `make stop`, then `make run`.")
    variables = {**os.environ, **servers.environment(home)}
    command = [str(PYTHON), "manage.py", "show_demo", "--url", f"http://127.0.0.1:{port}"]
    return subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode


def _stay(supervisor: subprocess.Popen[bytes]) -> int:
    say("Ctrl-C stops everything.")
    try:
        supervisor.wait()
    except KeyboardInterrupt:
        say("\nStopping")
        _end(supervisor)
    say("Stopped.")
    return 0


def _end(supervisor: subprocess.Popen[bytes] | None) -> None:
    """Have the supervisor stop its processes and, if nobody else needs them, the servers."""
    if supervisor is None:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it
    supervisor.terminate()
    supervisor.wait()
