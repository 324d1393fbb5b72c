"""Tasks of the kernel."""

import time

from celery import shared_task
from django.utils import timezone

from . import relaying
from .heartbeats import record_heartbeat
from .idempotency import sweep_answers
from .outbox import kick
from .redis_client import cache_redis


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def beat_heart(**_: object) -> None:
    """Show that beat, broker and worker do their work."""
    record_heartbeat(redis=cache_redis(), now_s=time.time())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def relay_outbox(**_: object) -> None:
    """Deliver what the outbox holds. Safe to deliver twice, and to run any number of at once."""
    if relaying.Relay().relay():
        kick()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_outbox(**_: object) -> None:
    """Delete entries whose time is over. Safe to deliver twice."""
    relaying.sweep_outbox(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_stored_answers(**_: object) -> None:
    """Delete the answers of idempotency keys whose time is over. Safe to deliver twice."""
    sweep_answers(now=timezone.now())
