"""Background work of trips."""

from celery import shared_task
from django.utils import timezone

from trips.services.storing import Suggestions


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_suggestions(**_: object) -> None:
    """Delete the suggestions and cached answers whose time is over. Safe to deliver twice."""
    Suggestions().sweep(now=timezone.now())
