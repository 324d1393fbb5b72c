"""What a client is told when the database was not let look any longer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked_places() -> Iterator[None]:
    """Have another connection hold the places, so that whoever reads them waits until its timeout."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE places_place IN ACCESS EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50")
        yield
    finally:
        other.close()
        transaction.set_rollback(True)


@pytest.mark.usefixtures("locked_places")
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/places?near=37.5563,126.9236",
        "/api/v1/places?q=경복궁",
        "/api/v1/places/tiles/12/3492/1586.mvt",
    ],
)
def test_a_search_that_takes_too_long_says_so_and_when_to_come_back(path: str) -> None:
    response = APIClient().get(path)

    body = response.json()
    assert (response.status_code, body["code"]) == (503, "places/search-too-slow")
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "5"
    assert body["detail"].startswith("찾는 데 시간이 너무 오래 걸려서 멈췄어요.")
