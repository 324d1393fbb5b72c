"""What the Makefile calls, with the machine's own Python and nothing installed."""

import argparse
import shutil
import sys

from scripts import interpreter, running, servers, setting_up
from scripts.console import Trouble, say
from scripts.layout import KERNELS, LOCAL, VENV


def clean() -> None:
    running.stop()
    servers.remove()
    for folder in (LOCAL, VENV, KERNELS):
        if folder.exists():
            shutil.rmtree(folder)
    say("Removed .local, .venv and compiled code; what was installed on the machine stays.")


# Commands that take no options.
SIMPLE = {
    "setup": setting_up.set_up,
    "stop": running.stop,
    "rest": servers.stop_unused,
    "clean": clean,
}


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in SIMPLE:
        commands.add_parser(name)
    for name in ("run", "supervise"):
        run = commands.add_parser(name)
        run.add_argument("--port", type=int, required=True)
        run.add_argument("--ws-port", type=int, required=True)
    commands.add_parser("lock", help="lock the Python packages")
    serve = commands.add_parser("serve", help="run a command while the servers are up")
    serve.add_argument("--tests", action="store_true", help="with the tests' Redis databases")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    ours, rest = words, []
    if "--" in words:  # what follows is another program's
        cut = words.index("--")
        ours, rest = words[:cut], words[cut + 1 :]
    asked = parse(ours)
    if asked.command in SIMPLE:
        SIMPLE[asked.command]()
        return 0
    match asked.command:
        case "run":
            return running.run(port=asked.port, ws_port=asked.ws_port)
        case "supervise":
            return running.supervise(port=asked.port, ws_port=asked.ws_port)
        case "serve":
            return servers.run_beside(rest, tests=asked.tests)
        case _:
            interpreter.lock(options=rest)
            return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(f"dongne: {trouble}")
    except PermissionError as error:
        sys.exit(
            f"dongne: {error.filename} belongs to another user: "
            "go on as that user, or run `sudo make clean` once."
        )
    except KeyboardInterrupt:
        sys.exit(130)
