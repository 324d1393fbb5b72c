"""What the service needs around it to answer every route."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.builders.google import CLIENT_ID, KeyServer, serve_keys


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
