"""What the Makefile calls, with the machine's own Python and nothing installed."""

import argparse
import shutil
import sys

from scripts import running, servers, setting_up
from scripts.console import Trouble, say
from scripts.layout import LOCAL, VENV


def clean() -> None:
    running.stop()
    servers.remove()
    for folder in (LOCAL, VENV):
        shutil.rmtree(folder, ignore_errors=False) if folder.exists() else None
    say("Removed .local and .venv; what was installed on the machine stays.")


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup")
    for name in ("run", "supervise"):
        run = commands.add_parser(name)
        run.add_argument("--port", type=int, default=8000)
        run.add_argument("--ws-port", type=int, default=None)
    commands.add_parser("stop")
    commands.add_parser("clean")
    serve = commands.add_parser("serve", help="run a command while the servers are up")
    serve.add_argument("--tests", action="store_true", help="with the tests' Redis databases")
    serve.add_argument("words", nargs=argparse.REMAINDER)
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    asked = parse(words)
    match asked.command:
        case "setup":
            setting_up.set_up()
        case "run":
            return running.run(port=asked.port, ws_port=asked.ws_port or asked.port + 1)
        case "supervise":
            return running.supervise(port=asked.port, ws_port=asked.ws_port or asked.port + 1)
        case "stop":
            running.stop()
        case "clean":
            clean()
        case "serve":
            return servers.run_beside(asked.words, tests=asked.tests)
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
