"""Gives adapters a server to ask."""

from collections.abc import Iterator

import pytest

from tests.builders.web import Web, serve_web


@pytest.fixture
def web() -> Iterator[Web]:
    """Return a server on this machine."""
    with serve_web() as server:
        yield server
