"""Kinds of effects that only tests know, and the table in which they leave their trace."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from common.outbox import Effect, OutboxHandler, outbox_handlers
from tests.database.owning import as_owner

IN_DATABASE, OUTSIDE = "tests.row", "tests.sent"
sent: list[Effect] = []


class Broken(Exception):
    """Its message names an address, as a mail server's does."""


def write_row(effect: Effect) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tests.effects (effect_id, number) VALUES (%s, %s)",
            [effect.effect_id, effect.payload["number"]],
        )
        if "works_s" in effect.payload:
            time.sleep(effect.payload["works_s"])
        # An error in the middle must take the row along.
        if effect.payload.get("fails_until", 0) >= effect.attempt:
            raise Broken("somebody@example.com does not answer")


def send(effect: Effect) -> None:
    sent.append(effect)
    if effect.payload.get("fails_until", 0) >= effect.attempt:
        raise Broken("somebody@example.com does not answer")


outbox_handlers.add(OutboxHandler(name=IN_DATABASE, deliver=write_row, is_in_database=True))
outbox_handlers.add(OutboxHandler(name=OUTSIDE, deliver=send, is_in_database=False))


@contextmanager
def effects_table() -> Iterator[None]:
    """Have a table without any constraint, so that an effect done twice is seen twice."""
    with as_owner() as owner:
        owner.execute("CREATE SCHEMA IF NOT EXISTS tests")
        owner.execute("GRANT USAGE ON SCHEMA tests TO dongne_app")
        owner.execute("CREATE TABLE IF NOT EXISTS tests.effects (effect_id uuid, number int)")
        owner.execute("GRANT SELECT, INSERT, DELETE ON tests.effects TO dongne_app")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tests.effects")


def list_numbers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM tests.effects ORDER BY number")
        return [number for (number,) in cursor.fetchall()]


def count_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tests.effects")
        (count,) = cursor.fetchone()
    return int(count)
