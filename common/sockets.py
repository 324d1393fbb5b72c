"""How sockets ask the database: one question at a time, for the user behind the socket."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

from .acting import acting_as

P = ParamSpec("P")
R = TypeVar("R")


async def ask_as(user_id: int, ask: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """
    Call a selector or a service in a thread that may ask the database, for one user.

    A socket lives for hours and its process serves many: what is asked by any other way is asked for
    nobody, and finds nobody's rows.
    """
    with acting_as(user_id):
        answer: R = await database_sync_to_async(ask)(*args, **kwargs)
    return answer
