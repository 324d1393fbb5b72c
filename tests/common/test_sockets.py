"""Questions of sockets: each for its own user, many at once in one loop."""

import asyncio

import pytest
from asgiref.sync import async_to_sync
from channels.db import database_sync_to_async

from common.acting import NOBODY, Acting, acting, current_acting
from common.sockets import ask_as
from tests.builders.users import make_session
from users.models import TokenFamily

pytestmark = pytest.mark.django_db(transaction=True)


def list_own() -> list[int]:
    return list(TokenFamily.objects.values_list("pk", flat=True))


def test_sockets_of_one_loop_ask_each_for_its_own_user() -> None:
    sessions = [make_session() for _ in range(4)]

    async def ask_together() -> list[list[int]]:
        return await asyncio.gather(*(ask_as(one.user_id, list_own) for one in sessions))

    assert async_to_sync(ask_together)() == [[one.pk] for one in sessions]


def test_what_a_socket_asks_for_nobody_finds_nobodys_rows() -> None:
    session = make_session()

    async def ask() -> tuple[list[int], list[int], Acting]:
        own = await ask_as(session.user_id, list_own)
        return own, await database_sync_to_async(list_own)(), current_acting()

    with acting(NOBODY):
        asked = async_to_sync(ask)()

    assert asked == ([session.pk], [], NOBODY)


def test_an_error_of_the_question_is_the_sockets_and_leaves_nothing() -> None:
    def fail(*, number: int) -> None:
        raise LookupError(f"{number} for {current_acting().user_id}")

    async def ask() -> Acting:
        with pytest.raises(LookupError, match="3 for 7"):
            await ask_as(7, fail, number=3)
        return current_acting()

    with acting(NOBODY):
        assert async_to_sync(ask)() == NOBODY
