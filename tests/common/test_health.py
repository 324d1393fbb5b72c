import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from common import checks
from common.health import HealthCheck, Unhealthy, report_health
from common.heartbeats import STALE_AFTER_S, record_heartbeat
from common.models import OutboxEntry
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from common.redis_client import cache_redis
from common.registries import Registry
from common.tasks import beat_heart
from tests.builders.users import make_client


def work() -> Mapping[str, object]:
    return {"rows": 3}


def fail() -> Mapping[str, object]:
    raise Unhealthy("It is away.")


@pytest.mark.parametrize(
    ("failing", "is_required", "status"),
    [(False, True, "ready"), (True, False, "degraded"), (True, True, "not ready")],
)
def test_reports_by_what_is_required(*, failing: bool, is_required: bool, status: str) -> None:
    registry: Registry[HealthCheck] = Registry()
    registry.add(HealthCheck(name="fine", probe=work))
    registry.add(
        HealthCheck(name="other", probe=fail if failing else work, is_required=is_required)
    )

    report = report_health(checks=registry)

    assert report.status == status
    assert report.checks["fine"]["rows"] == 3
    assert report.checks["other"]["status"] == ("failing" if failing else "ok")


def test_is_alive_without_asking_anybody() -> None:
    response = make_client().get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_process_is_probed_by_its_own_address(address: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["dongne.example"]
    settings.SECURE_SSL_REDIRECT = True

    probed = make_client().get(address, headers={"host": "10.42.0.7:8000"})
    asked = make_client().get("/api/v1/tags", headers={"host": "10.42.0.7:8000"})

    assert (probed.status_code, asked.status_code) == (200, 400)
    assert make_client().post(address).status_code == 405


@pytest.mark.django_db
def test_is_ready_with_everything_there() -> None:
    beat_heart()

    response = make_client().get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == "ready"
    assert list(response.json()["checks"]) == [
        "database",
        "migrations",
        "redis",
        "workers",
        "outbox",
        "database_role",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("_redis_away")
def test_is_degraded_without_redis() -> None:
    response = make_client().get("/readyz")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")


@pytest.mark.django_db(transaction=True)
def test_is_not_ready_with_a_migration_missing() -> None:
    checks.forget_migrations()
    (newest,) = MigrationLoader(None).graph.leaf_nodes("users")
    with connected_as(DatabaseRole.OWNER):
        MigrationRecorder(connection).record_unapplied(*newest)

    response = make_client().get("/readyz")

    with connected_as(DatabaseRole.OWNER):
        MigrationRecorder(connection).record_applied(*newest)
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"]["status"] == "failing"


def test_an_old_sign_of_life_is_none() -> None:
    record_heartbeat(redis=cache_redis(), now_s=time.time() - STALE_AFTER_S - 1)

    with pytest.raises(Unhealthy):
        checks.probe_workers()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"available_at": timezone.now() + timedelta(days=1)}, None),
        ({"delivered_at": timezone.now(), "payload": {}}, None),
        ({}, "An effect waits for 400 s: are worker and beat running?"),
        ({"given_up_at": timezone.now()}, "1 effects were given up: see the outbox in the admin."),
    ],
)
def test_tells_of_effects_that_do_not_happen(fields: dict[str, Any], why: str | None) -> None:
    long_ago = timezone.now() - timedelta(seconds=400)
    OutboxEntry.objects.create(
        kind="k", **{"created_at": long_ago, "available_at": long_ago} | fields
    )

    check = report_health().checks["outbox"]

    assert check.get("why") == why
