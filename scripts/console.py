"""Words to the person at the terminal, and commands whose output goes to a log."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.layout import LOGS


class Trouble(Exception):
    """Something only a person can mend. Its text is the one line that they read."""


def say(text: str) -> None:
    print(text, flush=True)


def attempt(
    command: Sequence[str | Path],
    *,
    log: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> tuple[bool, str]:
    """Run a command, keep its output in `.local/log/<log>.log`; say whether it went well."""
    words = [str(part) for part in command]
    done = subprocess.run(
        words,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{log}.log").open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(words)}\n{done.stdout}\n")
    return done.returncode == 0, done.stdout


def run_logged(
    command: Sequence[str | Path],
    *,
    log: str,
    trouble: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """
    Run a command that must succeed.

    Raises:
        Trouble: it did not; the text is `trouble` and the last line it printed.
    """
    went_well, output = attempt(command, log=log, env=env, cwd=cwd)
    if not went_well:
        last = next((line for line in reversed(output.splitlines()) if line.strip()), "")
        raise Trouble(f"{trouble} ({last.strip()[:200]}; more in .local/log/{log}.log)")
