"""
Measure the recommendation endpoint over HTTP: uncached and cached, signed in, limits on.

    python -m benchmarks.api [--places N] [--clients N] [--sizes N,N,...] [--stages] [--keep]

Makes a database of its own beside the one of DATABASE_URL, fills it with N places around real cities,
starts the web process with the production settings and asks distinct questions of many accounts; the
client runs on the same processors. Prints one JSON document. `--keep` leaves the database for the
next run of the same size, which then loads nothing; without it the database is dropped at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.api import database
from common.acting import acting_as_system

SIZES_HIGH: Final = 1_000_000
REPEATS: Final = 5  # of a question whose answer is kept
WARMING: Final = 60  # requests before the clock runs: caches of hours, prepared statements


def main() -> None:
    arguments = _arguments()
    url = _configure(arguments.database)
    try:
        with acting_as_system():  # the server that is measured is a process of its own
            results = [
                measure(places=places, url=url, arguments=arguments) for places in arguments.sizes
            ]
    finally:
        if not arguments.keep:
            database.drop(url=url)
    print(json.dumps(results[0] if len(results) == 1 else {"sizes": results}, ensure_ascii=False))


def measure(*, places: int, url: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures for one number of places."""
    from benchmarks.api import measuring

    loaded_s = measuring.fill(places=places, url=url, say=_say)
    result: dict[str, Any] = {"places": places, "loaded_s": loaded_s}
    if arguments.stages:
        return {**result, **measuring.measure_stages(count=arguments.requests, say=_say)}
    with tempfile.TemporaryDirectory() as folder:
        return result | measuring.measure_server(
            clients=arguments.clients,
            count=arguments.requests,
            repeats=REPEATS,
            warming=WARMING,
            workers=arguments.workers,
            threads=arguments.threads,
            log=arguments.log or Path(folder) / "server.log",
            say=_say,
        )


def _configure(name: str) -> str:
    """
    Set Django up with the production settings on the benchmark's database.

    Returns its address for the role that owns it.
    """
    from config.settings.environment import env

    beside = env.str("DATABASE_URL")
    url = database.url_of(name=name, beside=env.str("DATABASE_OWNER_URL", default="") or beside)
    os.environ |= {
        "DATABASE_URL": database.url_of(name=name, beside=beside),
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "SECRET_KEY": secrets.token_hex(40),
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXY_COUNT": "1",
        "DEBUG": "false",
        "EMAIL_URL": "smtp://127.0.0.1:9",  # nothing is mailed
    }
    database.make(url=url)
    import django

    django.setup()
    return url


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.api", description=(__doc__ or "").strip().splitlines()[0]
    )
    parser.add_argument("--places", type=_count, default=SIZES_HIGH, help="up to 1,000,000")
    parser.add_argument(
        "--sizes", type=_counts, help="several numbers of places, one after another"
    )
    parser.add_argument("--clients", type=int, default=4, choices=range(1, 65), metavar="N")
    parser.add_argument(
        "--requests", type=_count, default=400, help="of one client; more of several"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8, help="of each worker")
    parser.add_argument("--stages", action="store_true", help="where the time goes, in one process")
    parser.add_argument("--keep", action="store_true", help="leave the database for the next run")
    parser.add_argument("--database", default="dongne_benchmark", help="ends in _benchmark")
    parser.add_argument("--log", type=Path, help="what the server says")
    arguments = parser.parse_args()
    arguments.sizes = arguments.sizes or [arguments.places]
    return arguments


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= SIZES_HIGH:
        raise argparse.ArgumentTypeError(f"{count} does not lie in 1 … {SIZES_HIGH:,}")
    return count


def _counts(text: str) -> list[int]:
    return [_count(part) for part in text.split(",")]


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
