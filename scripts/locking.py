"""Locks between the commands of one checkout; the kernel drops them when a holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from scripts.layout import RUN


def open_lock(name: str) -> TextIO:
    RUN.mkdir(parents=True, exist_ok=True)
    return (RUN / f"{name}.lock").open("a", encoding="utf-8")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock alone, waiting for it."""
    with open_lock(name) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(file: TextIO) -> bool:
    """Take the lock alone if nobody else has it; a shared hold of this file is given up for it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(file: TextIO) -> None:
    fcntl.flock(file, fcntl.LOCK_SH)


def is_held(name: str) -> bool:
    with open_lock(name) as file:
        return not try_lock(file)
