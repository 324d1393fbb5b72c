"""
Measure what is asked of places: near, in a box, by text, in detail, as GeoJSON, as vector tiles.

    python -m benchmarks.serving [--places N] [--requests N] [--only WORD] [--seed N] [--keep] [--database NAME]

Makes a database of its own beside the one of DATABASE_URL, with N places around real cities, each
with a name and a vector of its own and every index of production, and asks varied requests through
the whole stack of views in this very process, with the production settings. Prints a table: wall
time of each kind, the part of it that SQL took, and the processor time of both sides.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from typing import Final

from benchmarks.api import database
from common.acting import acting_as_system

PLACES: Final = 1_000_000


def main() -> None:
    arguments = _arguments()
    url = _configure(arguments.database)
    from benchmarks.serving import filling, measuring

    try:
        with acting_as_system():
            filling.fill(places=arguments.places, url=url, say=_say)
        for line in measuring.measure(
            count=arguments.requests, only=arguments.only, seed=arguments.seed
        ):
            print(line, flush=True)
    finally:
        if not arguments.keep:
            from django.db import connection

            connection.close()
            database.drop(url=url)


def _configure(name: str) -> str:
    """Set Django up with the production settings on the benchmark's database; return its address."""
    url = database.url_of(name=name, beside=os.environ["DATABASE_URL"])
    os.environ |= {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "SECRET_KEY": secrets.token_hex(40),
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXY_COUNT": "1",
        "DEBUG": "false",
        "EMAIL_URL": "smtp://127.0.0.1:9",  # nothing is mailed
        "PROCESS_KIND": "command",  # indexes of a million places take longer than an answer may
    }
    database.make(url=url)
    import django

    django.setup()
    return url


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument("--places", type=int, default=PLACES)
    parser.add_argument("--requests", type=int, default=100, help="of each kind")
    parser.add_argument("--only", default="", help="kinds whose name holds this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    parser.add_argument("--database", default="serving_benchmark", help="ends in _benchmark")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
