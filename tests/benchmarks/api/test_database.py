import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings

from benchmarks.api import database
from benchmarks.api.database import NotOurDatabase
from common.postgis.roles import DatabaseRole


@pytest.fixture
def url() -> Iterator[str]:
    server = settings.DATABASE_LOGINS[DatabaseRole.OWNER] or settings.DATABASES["default"]
    beside = f"postgis://{server['USER']}:{server['PASSWORD']}@{server['HOST']}:{server['PORT']}/postgres"
    url = database.url_of(name=f"dongne_{os.getpid()}_benchmark", beside=beside)
    yield url
    with psycopg.connect(database.plain(beside), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS dongne_{os.getpid()}_benchmark")


@pytest.mark.parametrize(
    "name", ["dongne", "postgres", "_benchmark", "a benchmark", "x_benchmark;"]
)
def test_another_name_than_a_benchmarks_is_refused(name: str) -> None:
    with pytest.raises(NotOurDatabase):
        database.url_of(name=name, beside="postgis://someone@localhost/dongne")


def test_the_operators_database_is_never_dropped() -> None:
    with pytest.raises(NotOurDatabase):
        database.drop(url="postgis://someone@localhost/dongne")


def test_a_database_is_made_once_and_dropped(url: str) -> None:
    assert database.make(url=url)
    assert not database.make(url=url)

    database.drop(url=url)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.plain(url))


def test_a_database_without_the_mark_is_left_alone(url: str) -> None:
    database.make(url=url)
    with psycopg.connect(database.plain(url), autocommit=True) as connection:
        connection.execute(f"COMMENT ON DATABASE dongne_{os.getpid()}_benchmark IS 'an own one'")

    with pytest.raises(NotOurDatabase):
        database.drop(url=url)
    with pytest.raises(NotOurDatabase):
        database.make(url=url)

    with psycopg.connect(database.plain(url)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
