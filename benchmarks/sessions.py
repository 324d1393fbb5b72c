"""
What it costs to ask whether sessions still hold, beside reading the user alone.

    python -m benchmarks.sessions [--users 20000]

It fills the database of DATABASE_URL within one transaction, which it takes back.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import django
from django.db import connection, transaction

django.setup()

from uuid_utils.compat import uuid7  # noqa: E402 - Django comes first

from common.acting import acting_as_system  # noqa: E402 - as above
from users import selectors  # noqa: E402 - as above
from users.models import SignInMethod, TokenFamily, User  # noqa: E402 - as above
from users.services.starting_sessions import LIFETIME  # noqa: E402 - as above

TURNS, SOCKETS = 2000, 1000


def fill(*, users: int, now: datetime) -> list[tuple[UUID, UUID]]:
    """Make users with two sessions each; return the ids of each user and their first session."""
    made = User.objects.bulk_create(
        [User(email=f"{uuid7()}@benchmark.example", password="!") for _ in range(users)],  # noqa: S106 - none fits it
        batch_size=1000,
    )
    families = TokenFamily.objects.bulk_create(
        [
            TokenFamily(
                user=user,
                method=SignInMethod.PASSWORD,
                created_at=now,
                rotated_at=now,
                last_used_at=now,
                expires_at=now + LIFETIME,
            )
            for user in (*made, *made)
        ],
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE users_user, users_tokenfamily")
    return [(family.user.public_id, family.public_id) for family in families[:users]]


def measure(name: str, work: Callable[[int], object], *, turns: int) -> None:
    took_us = []
    for turn in range(turns):
        started_s = time.perf_counter()
        work(turn)
        took_us.append((time.perf_counter() - started_s) * 1e6)
    print(f"{name:48} median {statistics.median(took_us):8.0f} µs")


def read_user(public_id: UUID) -> None:
    columns = ", ".join(str(field.column) for field in User._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM users_user WHERE public_id = %s AND is_active",  # noqa: S608 - own names
            [public_id],
        )
        row = cursor.fetchone()
    User.from_db(connection.alias, [field.attname for field in User._meta.concrete_fields], row)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=20_000)
    users: int = parser.parse_args().users
    now = datetime.now(UTC)
    with acting_as_system(), transaction.atomic():
        ids = fill(users=users, now=now)
        for _ in range(2):  # the first warms the caches
            measure("user alone", lambda turn: read_user(ids[turn % users][0]), turns=TURNS)
            measure(
                "user of a live session",
                lambda turn: selectors.find_user_of_session(
                    public_id=ids[turn % users][0], session_id=ids[turn % users][1]
                ),
                turns=TURNS,
            )
        sockets = [session_id for _, session_id in ids[:SOCKETS]]
        measure(
            f"which of {len(sockets)} sessions live",
            lambda _: selectors.list_live_sessions(session_ids=sockets, now=now),
            turns=50,
        )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
