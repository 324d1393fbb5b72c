"""Helps the tests of ingestion: cities to ingest into, and tables that no model empties."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.builders import open_data

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the outlines of two districts."""
    open_data.write_districts(tmp_path)
    return tmp_path


@pytest.fixture
def _empty_raw(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Empty the tables of `raw_ingestion` behind a test whose transactions commit."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE raw_ingestion.records, raw_ingestion.clean_places, raw_ingestion.pending,"
            " raw_ingestion.seen, raw_ingestion.city_references"
        )
