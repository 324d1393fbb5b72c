import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.builders.users import make_client

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_schema_in_the_repository_is_the_generated_one() -> None:
    generated = StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=generated)

    assert generated.getvalue() == (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")


def test_the_schema_is_served() -> None:
    response = make_client().get("/api/schema/")

    assert response.status_code == 200
    assert b"openapi: 3.1.0" in response.content
    assert b"application/problem+json" in response.content


def test_the_page_of_the_api_takes_nothing_from_elsewhere() -> None:
    page = make_client().get("/api/docs/").content.decode()

    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    own, packaged = assets[-1], assets[:-1]
    assert own == "/api/docs/?script="
    assert b"SwaggerUIBundle" in make_client().get(own).content
    assert packaged
    assert all(asset.startswith("/static/") for asset in packaged)
    assert re.findall(r"<script>", page) == []


@pytest.mark.django_db  # closing a file's answer looks after a connection that an earlier test left
@pytest.mark.parametrize(
    "asset",
    [
        "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js",
        "/static/admin/css/base.css",
    ],
)
def test_assets_are_served_without_being_collected(asset: str) -> None:
    response = make_client().get(asset)

    assert response.status_code == 200
    response.close()


def test_the_home_is_the_page_of_the_api() -> None:
    response = make_client().get("/")

    assert (response.status_code, response["Location"]) == (302, "/api/docs/")
