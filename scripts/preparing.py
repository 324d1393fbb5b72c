"""
Fills the database for `make run`: tables, a city, vectors, accounts. Run by the Python of `.venv`.

One process for all steps: starting Django takes longer than a step that has nothing to do.
"""

import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from typing import TextIO

import django
from django.core.management import call_command

from common.acting import acting_as_system
from scripts.console import say
from scripts.layout import LOGS

STEPS = (
    ("Migrating", ("migrate", "--no-input")),
    ("Loading the city", ("load_city", "seoul")),
    # A new encoder's vectors do not compare with the old one's; most times there is nothing to do.
    ("Encoding the places", ("encode_places",)),
    ("Making the demo accounts", ("seed_demo",)),
)


def main() -> int:
    django.setup()
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "prepare.log").open("a", encoding="utf-8") as log:
        for words, command in STEPS:
            say(words)
            if not run(command, log=log):
                return 1
    return 0


def run(command: tuple[str, ...], *, log: TextIO) -> bool:
    """Run one of Django's commands into the log; tell whether it succeeded."""
    try:
        # As manage.py does: whoever runs a command may see everything.
        with redirect_stdout(log), redirect_stderr(log), acting_as_system():
            call_command(*command)
    except Exception as error:  # noqa: BLE001 - whatever a step raises becomes one line
        traceback.print_exc(file=log)
        last = next(iter(reversed(str(error).split("\n"))), "")
        print(
            f"dongne: `manage.py {command[0]}` failed ({last[:200]}; "
            "more in .local/log/prepare.log)",
            file=sys.stderr,
        )
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
