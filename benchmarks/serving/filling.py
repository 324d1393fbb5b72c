"""The database of a million places with every index that production has."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from django.core.management import call_command
from django.db import connection

from benchmarks.api import database
from benchmarks.api.synthesising import load
from benchmarks.serving.calling import caller
from places.services.wording import NameWords

MARK: Final = "serving"


def fill(*, places: int, url: str, say: Callable[[str], None]) -> None:
    """Have the database hold just these places; one that does already is brought up to date."""
    call_command("migrate", verbosity=0)
    if _holds(places):
        say(f"{places:,} places stand already")
        return
    connection.close()
    database.drop(url=url)
    database.make(url=url)
    began_s = time.perf_counter()
    call_command("migrate", verbosity=0)
    say(f"Loading {places:,} places")
    load(places=places, call=caller(names=max(1, places // 2)), left_out=())
    learnt, _ = NameWords().learn_all()
    say(f"{learnt:,} words of names")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_nameword")
        # Last, so that a database which was left half filled is not taken for a full one.
        cursor.execute("UPDATE places_city SET data_version = %s", [f"{MARK}-{places}"])
    say(f"Loaded in {time.perf_counter() - began_s:.0f} s")


def _holds(places: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT data_version FROM places_city")
        return bool(cursor.fetchall() == [(f"{MARK}-{places}",)])
