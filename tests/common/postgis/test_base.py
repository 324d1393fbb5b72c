import select

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from common.postgis.base import DatabaseWrapper


@pytest.fixture
def own() -> DatabaseWrapper:
    """A connection beside the test's own, to the same database."""
    wrapper = connections.create_connection("default")
    assert isinstance(wrapper, DatabaseWrapper)
    return wrapper


@pytest.mark.django_db
def test_a_connection_is_usable_until_the_server_ends_it(own: DatabaseWrapper) -> None:
    own.connect()
    assert own.is_usable()

    with own.cursor() as cursor:
        cursor.execute("SET idle_session_timeout = 20")
    select.select([own.connection], [], [], 10)

    assert not own.is_usable()
    own.close()


@pytest.mark.django_db
def test_a_connection_that_has_something_to_say_is_asked(own: DatabaseWrapper) -> None:
    own.connect()
    with own.cursor() as cursor:
        cursor.execute("LISTEN news")
    other = connections.create_connection("default")
    with other.cursor() as cursor:  # outside of the test's transaction, so that it arrives
        cursor.execute("SELECT pg_notify('news', 'one')")
    other.close()

    assert own.is_usable()
    own.close()


@pytest.mark.django_db
def test_a_closed_connection_is_not_usable(own: DatabaseWrapper) -> None:
    assert not own.is_usable()

    own.connect()
    assert isinstance(own.connection, psycopg.Connection)
    own.connection.close()

    assert not own.is_usable()


@pytest.mark.django_db
def test_a_server_that_went_away_without_a_word_is_given_up_in_seconds(
    own: DatabaseWrapper,
) -> None:
    own.connect()
    assert isinstance(own.connection, psycopg.Connection)
    told = own.connection.info.get_parameters()
    own.close()

    assert {name: told[name] for name in told if name.startswith(("keepalives_", "tcp_user"))} == {
        "keepalives_idle": "30",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "10000",
    }


def test_the_health_check_is_on() -> None:
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]
