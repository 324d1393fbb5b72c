"""Fixtures for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker, Settings
from redis import Redis

from common.acting import acting_as_system
from common.redis_client import QuickRedis, cache_redis, redis_key
from tests.builders.routers import RouterServer, serve_router
from tests.database.base import keep_permissions
from tests.database.owning import let_tests_analyse


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the shared data folder: `DONGNE_SHARED`, else the one beside the checkout."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("DONGNE_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the shared data folder is absent: set DONGNE_SHARED to run this test")
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make the database, with its permissions; emptying it between tests leaves them there."""
    keep_permissions()
    with django_db_blocker.unblock():
        let_tests_analyse()


@pytest.fixture(autouse=True)
def _acting_as_system() -> Iterator[None]:
    """
    Let a test arrange and look at rows of everybody.

    What it asks over HTTP, by a task or a socket acts for nobody until the product says otherwise.
    """
    with acting_as_system():
        yield


@pytest.fixture(autouse=True)
def _forget_redis() -> None:
    """Start without cached answers and counts; only this tier's keys are dropped."""

    def forget(client: Redis) -> None:
        for key in client.scan_iter(match=redis_key("*"), count=1000):
            client.delete(key)

    cache_redis().ask(forget)


@pytest.fixture
def away_redis() -> QuickRedis:
    """Return a Redis that is not there: nothing listens on port 1."""
    return QuickRedis(url="redis://127.0.0.1:1/0")


@pytest.fixture
def _redis_away(settings: Settings) -> Iterator[None]:
    """Take the cache's Redis away from the whole service for one test."""
    settings.REDIS_CACHE_URL = "redis://127.0.0.1:1/0"
    cache_redis.cache_clear()
    yield
    cache_redis.cache_clear()


@pytest.fixture
def router() -> Iterator[RouterServer]:
    """Return a street router on this machine."""
    with serve_router() as server:
        yield server
