"""The kernel's own health checks: database, migrations, Redis, workers, outbox."""

import time
from collections.abc import Mapping
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from .health import HealthCheck, Unhealthy, health_checks
from .heartbeats import STALE_AFTER_S, find_heartbeat_age_s
from .models import OutboxEntry
from .redis_client import RedisAway, cache_redis

# Beat relays every few seconds; an outage of a mail server is worth a look by then.
OUTBOX_WAITS_HIGH_S = 300


def probe_database() -> Mapping[str, object]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        raise Unhealthy("The database does not answer.") from None
    return {}


def probe_migrations() -> Mapping[str, object]:
    try:
        unapplied = _unapplied()
    except DatabaseError:
        raise Unhealthy("The database does not answer.") from None
    if unapplied:
        forget_migrations()
        raise Unhealthy(f"{unapplied} migrations are not applied: run manage.py migrate.")
    return {}


# Reading every migration takes long, and the code of a process does not change.
@cache
def _unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def forget_migrations() -> None:
    """Read the migrations again at the next probe."""
    _unapplied.cache_clear()


def probe_redis() -> Mapping[str, object]:
    try:
        cache_redis().ask(lambda client: client.ping())
    except RedisAway:
        raise Unhealthy("Redis does not answer: no caching, and limited writes refuse.") from None
    return {}


def probe_workers() -> Mapping[str, object]:
    age_s = find_heartbeat_age_s(redis=cache_redis(), now_s=time.time())
    if age_s is None or age_s > STALE_AFTER_S:
        raise Unhealthy("No worker gave a sign of life lately: are worker and beat running?")
    return {"last_seen_s": round(age_s, 1)}


def probe_outbox() -> Mapping[str, object]:
    try:
        found = OutboxEntry.objects.filter(delivered_at__isnull=True).aggregate(
            oldest=Min("created_at", filter=Q(given_up_at__isnull=True, available_at__lte=Now())),
            waiting=Count("pk", filter=Q(given_up_at__isnull=True)),
            given_up=Count("pk", filter=Q(given_up_at__isnull=False)),
        )
    except DatabaseError:
        raise Unhealthy("The database does not answer.") from None
    oldest_s = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    if oldest_s > OUTBOX_WAITS_HIGH_S:
        raise Unhealthy(f"An effect waits for {oldest_s:.0f} s: are worker and beat running?")
    if found["given_up"]:
        raise Unhealthy(f"{found['given_up']} effects were given up: see the outbox in the admin.")
    return {"waiting": found["waiting"], "oldest_s": round(oldest_s, 1)}


def register_health_checks() -> None:
    health_checks.add(HealthCheck(name="database", probe=probe_database))
    health_checks.add(HealthCheck(name="migrations", probe=probe_migrations))
    # Recommendations answer without Redis, so that it being away must not take every web out.
    health_checks.add(HealthCheck(name="redis", probe=probe_redis, is_required=False))
    health_checks.add(HealthCheck(name="workers", probe=probe_workers, is_required=False))
    health_checks.add(HealthCheck(name="outbox", probe=probe_outbox, is_required=False))
