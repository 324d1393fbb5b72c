"""The kernel's own health checks: database, migrations, Redis, workers."""

import time
from collections.abc import Mapping
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from .health import HealthCheck, Unhealthy, health_checks
from .heartbeats import STALE_AFTER_S, find_heartbeat_age_s
from .redis_client import RedisAway, cache_redis


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


def register_health_checks() -> None:
    health_checks.add(HealthCheck(name="database", probe=probe_database))
    health_checks.add(HealthCheck(name="migrations", probe=probe_migrations))
    # Recommendations answer without Redis, so that it being away must not take every web out.
    health_checks.add(HealthCheck(name="redis", probe=probe_redis, is_required=False))
    health_checks.add(HealthCheck(name="workers", probe=probe_workers, is_required=False))
