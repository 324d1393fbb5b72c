"""
For whom a piece of work acts: one user, an operator, the system itself, or nobody.

The database backend (`common.postgis`) tells PostgreSQL at the start of every transaction, so that row
security shows a user's rows to that user alone. Nobody is the default: work that forgets to say for
whom it acts sees nothing of anybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Mode(StrEnum):
    """On whose behalf. The values are what the policies compare with."""

    NOBODY = ""
    USER = "user"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True)
class Acting:
    """`user_id` is the database id of the user, or of the operator where known."""

    mode: Mode = Mode.NOBODY
    user_id: int | None = None

    @cached_property
    def statement(self) -> str:
        """SQL that tells PostgreSQL until the transaction ends; never longer, whoever comes next."""
        user_id = "" if self.user_id is None else int(self.user_id)
        return (
            f"SELECT set_config('dongne.user_id', '{user_id}', true),"
            f" set_config('dongne.acting', '{self.mode.value}', true)"
        )


NOBODY = Acting()
SYSTEM = Acting(Mode.SYSTEM)

_current: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


def current_acting() -> Acting:
    """Return for whom the work at hand acts."""
    return _current.get()


def begin_acting_as(user_id: int, /) -> None:
    """Act for a user from here to the end of the request: for authentication alone."""
    _current.set(Acting(Mode.USER, user_id))


@contextmanager
def acting(on_behalf_of: Acting, /) -> Iterator[None]:
    """Act for somebody inside the block, or inside a function that this decorates."""
    token = _current.set(on_behalf_of)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def acting_as(user_id: int, /) -> Iterator[None]:
    """Act for one user: what is theirs is seen and changed, and nothing of anybody else's."""
    with acting(Acting(Mode.USER, user_id)):
        yield


@contextmanager
def acting_as_operator(user_id: int | None = None, /) -> Iterator[None]:
    """Act for an operator, who sees every row; what they do is in the audit log."""
    with acting(Acting(Mode.OPERATOR, user_id)):
        yield


@contextmanager
def acting_as_system() -> Iterator[None]:
    """
    Act for the service itself, which sees every row.

    For what cannot be done for one user: finding out who is asking, sweeping what is over. Narrow:
    around one query, or one service that says why.
    """
    with acting(SYSTEM):
        yield
