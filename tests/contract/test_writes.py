"""What the other tests of this package rely on: that a write would be noticed, whoever's it is."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from redis import Redis

from common.acting import NOBODY, acting, acting_as_system
from common.redis_client import cache_redis, redis_key
from tests.builders.users import make_session
from tests.contract.writes import find_writes, taking_back
from users.models import TokenFamily

pytestmark = pytest.mark.django_db

TABLE = TokenFamily._meta.db_table


def test_rows_that_are_written_are_noticed() -> None:
    _, writes = find_writes(make_session)

    assert writes == [TABLE, "users_user"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: TokenFamily.objects.update(device_name="changed"),
        lambda: TokenFamily.objects.all().delete(),
    ],
    ids=["a change", "a deletion"],
)
def test_a_change_and_a_deletion_are_noticed(change: Callable[[], object]) -> None:
    make_session()

    _, writes = find_writes(change)

    assert TABLE in writes


def test_a_write_that_nobody_sees_any_more_is_noticed() -> None:
    def write_and_give_up() -> None:
        with transaction.atomic():
            make_session()
            transaction.set_rollback(True)

    _, writes = find_writes(write_and_give_up)

    assert TABLE in writes


def test_a_write_after_the_commit_is_noticed() -> None:
    _, writes = find_writes(lambda: transaction.on_commit(make_session))

    assert TABLE in writes


def test_a_change_that_row_security_hides_is_noticed_too() -> None:
    make_session()

    def change_unseen() -> None:
        with acting_as_system():
            TokenFamily.objects.update(device_name="changed")

    with acting(NOBODY):
        seen = TokenFamily.objects.count()
        _, writes = find_writes(change_unseen)

    assert seen == 0
    assert writes == [TABLE]


def test_what_is_only_read_is_no_write() -> None:
    make_session()

    found, writes = find_writes(TokenFamily.objects.count)

    assert (found, writes) == (1, [])


def test_a_key_is_noticed_and_a_count_is_not() -> None:
    def write(client: Redis) -> None:
        client.set(redis_key("limit:x"), 1)
        client.set(redis_key("kept"), 1)

    _, writes = find_writes(lambda: cache_redis().ask(write))

    assert writes == ["kept"]


def test_what_is_taken_back_is_as_before() -> None:
    kept = make_session()

    taken = taking_back(make_session)

    assert list(TokenFamily.objects.all()) == [kept]
    assert taken != kept
    assert connection.in_atomic_block
