"""Background work of accounts."""

from celery import shared_task
from django.utils import timezone

from users.services.ending_sessions import SessionEnd


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_sessions(**_: object) -> None:
    """Delete the sessions that have long been over. Safe to deliver twice."""
    SessionEnd().sweep(now=timezone.now())
