"""What the tests of importing begin with: an instant, and the outlines that a city is asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import open_data

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the outlines of two districts."""
    open_data.write_districts(tmp_path)
    return tmp_path
