"""Tasks of the kernel."""

import time

from celery import shared_task

from .heartbeats import record_heartbeat
from .redis_client import cache_redis


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def beat_heart(**_: object) -> None:
    """Show that beat, broker and worker do their work."""
    record_heartbeat(redis=cache_redis(), now_s=time.time())
