"""Fixtures for every test."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the shared data folder: `DONGNE_SHARED`, else the one beside the checkout."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("DONGNE_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the shared data folder is absent: set DONGNE_SHARED to run this test")
    return folder
