"""The Celery application with the effects of tests, and a recorder of effects: real processes."""

import sys

import django

from config.celery import app

django.setup()

from django.db import transaction  # noqa: E402 - Django must be set up first

from common import outbox  # noqa: E402 - as above
from tests.common.effects import IN_DATABASE  # noqa: E402 - as above

__all__ = ["app"]

WORK_S = 0.01
IN_ONE_CHANGE = 5


def record(*, first: int, count: int) -> None:
    """Record effects in changes of five; every seventh change is rolled back, then made again."""
    for start in range(first, first + count, IN_ONE_CHANGE):
        for is_undone in (start % 7 == 0, False):
            with transaction.atomic():
                for number in range(start, min(start + IN_ONE_CHANGE, first + count)):
                    outbox.record(
                        kind=IN_DATABASE,
                        payload={"number": number, "works_s": WORK_S},
                        dedupe_key=f"number:{number}",
                    )
                transaction.set_rollback(is_undone)


if __name__ == "__main__":
    record(first=int(sys.argv[1]), count=int(sys.argv[2]))
