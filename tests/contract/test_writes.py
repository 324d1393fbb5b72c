"""What the other tests of this package rely on: that a write would be noticed, whoever's it is."""

import pytest
from django.db import connection
from redis import Redis

from common.acting import NOBODY, acting
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from common.redis_client import cache_redis, redis_key
from tests.builders.users import make_session
from tests.contract.writes import read_everything
from users.models import TokenFamily

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = TokenFamily._meta.db_table


def as_owner(statement: str) -> None:
    with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_row_that_is_written_is_noticed() -> None:
    before = read_everything()

    make_session()

    assert {name for name, seen in read_everything().items() if before.get(name) != seen} == {
        TABLE,
        "users_user",
    }


def test_a_change_that_row_security_hides_from_the_app_is_noticed_too() -> None:
    session = make_session()

    with acting(NOBODY):
        seen_by_the_app = TokenFamily.objects.count()
        before = read_everything()
        as_owner(f"UPDATE {TABLE} SET device_name = 'changed' WHERE id = {session.pk}")
        after = read_everything()

    assert seen_by_the_app == 0
    assert after[TABLE] != before[TABLE]


def test_a_key_is_noticed_and_a_count_is_not() -> None:
    before = read_everything()

    def write(client: Redis) -> None:
        client.set(redis_key("limit:x"), 1)
        client.set(redis_key("kept"), 1)

    cache_redis().ask(write)

    assert read_everything() == {**before, "kept": "kept"}
