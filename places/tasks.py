"""Background work of places. Each is safe to deliver twice."""

from celery import shared_task
from django.utils import timezone

from places.services.refreshing_conditions import ConditionsRefresh


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def refresh_weather(**_: object) -> None:
    """Fetch the forecasts of every cell that has places."""
    ConditionsRefresh().refresh_weather(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def refresh_areas(**_: object) -> None:
    """Ask Seoul how full its busy areas are and how their roads flow."""
    ConditionsRefresh().refresh_areas(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_conditions(**_: object) -> None:
    """Delete the conditions whose time is over."""
    ConditionsRefresh().sweep(now=timezone.now())
