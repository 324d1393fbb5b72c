"""Background work of accounts."""

from celery import shared_task
from django.utils import timezone

from users.services.ending_sessions import SessionEnd
from users.services.exporting_data import DataExports
from users.services.mailing import AccountMails


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_sessions(**_: object) -> None:
    """Delete the sessions and mailed tokens that have long been over. Safe to deliver twice."""
    now = timezone.now()
    SessionEnd().sweep(now=now)
    AccountMails().sweep(now=now)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def build_export(*, export_id: int, **_: object) -> None:
    """Build the copy of somebody's data. Safe to deliver twice: the second finds it built."""
    DataExports().build(export_id=export_id, clock=timezone.now)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_exports(**_: object) -> None:
    """Drop the copies whose day is over. Safe to deliver twice."""
    DataExports().sweep(now=timezone.now())
