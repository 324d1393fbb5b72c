"""What the service needs around it to answer every route."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker, Settings

from common.acting import acting_as_system
from tests.builders.google import CLIENT_ID, KeyServer, serve_keys
from tests.contract.routes import list_routes
from tests.contract.world import World, make_world

HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Leave these out of what is covered: thousands of requests show manners, not a service's lines."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def google_keys() -> Iterator[KeyServer]:
    """Publish keys as Google does, on this machine."""
    with serve_keys() as server:
        yield server


@pytest.fixture(autouse=True)
def _offers_google(google_keys: KeyServer, settings: Settings) -> None:
    settings.GOOGLE_CLIENT_IDS = [CLIENT_ID]
    settings.GOOGLE_JWKS_URL = google_keys.url
    settings.GOOGLE_JWKS_IS_PRIVATE = True


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make a world for all the tests of a module: each takes back what it does in it."""
    with django_db_blocker.unblock(), acting_as_system():
        made = make_world()
        for route in list_routes():
            made.ids_for(route)
    yield made
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
