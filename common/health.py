"""Whether the service can do its work: checks that each app adds, and their report."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from .registries import Registry

logger = structlog.get_logger(__name__)

READY, DEGRADED, NOT_READY = "ready", "degraded", "not ready"


class Unhealthy(Exception):
    """Raised by a check; its message is shown to whoever may ask."""


@dataclass(frozen=True)
class HealthCheck:
    """
    One thing that must hold. `probe` raises Unhealthy, or returns facts to report.

    Where `is_required`, the service is not ready while it fails; else it is only reported.
    """

    name: str
    probe: Callable[[], Mapping[str, object]]
    is_required: bool = True


@dataclass(frozen=True)
class HealthReport:
    """`status` is ready, degraded (what is optional fails) or not ready."""

    status: str
    checks: Mapping[str, Mapping[str, object]]


health_checks: Registry[HealthCheck] = Registry()


def report_health(*, checks: Registry[HealthCheck] = health_checks) -> HealthReport:
    """Run every check, one after the other."""
    failing: list[HealthCheck] = []
    found: dict[str, Mapping[str, object]] = {}
    for check in checks:
        started_s = time.perf_counter()
        try:
            facts, status = check.probe(), "ok"
        except Unhealthy as error:
            facts, status = {"why": str(error)}, "failing"
            failing.append(check)
            logger.warning("unhealthy", check=check.name, why=str(error))
        took_ms = round((time.perf_counter() - started_s) * 1000, 1)
        found[check.name] = {"status": status, "ms": took_ms, **facts}
    if any(check.is_required for check in failing):
        return HealthReport(status=NOT_READY, checks=found)
    return HealthReport(status=DEGRADED if failing else READY, checks=found)
