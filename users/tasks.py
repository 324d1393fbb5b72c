"""Background work of accounts."""

from celery import shared_task
from django.utils import timezone

from common.outbox import Effect
from users.services.ending_sessions import SessionEnd
from users.services.mailing import AccountMail, AccountMails


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator] # Celery has no types
def sweep_sessions(**_: object) -> None:
    """Delete the sessions and mailed tokens that have long been over. Safe to deliver twice."""
    now = timezone.now()
    SessionEnd().sweep(now=now)
    AccountMails().sweep(now=now)


def deliver_account_mail(effect: Effect) -> None:
    """Send one mail about an account: a handler of the outbox."""
    AccountMails().deliver(
        AccountMail(effect.payload["mail"]),
        user_id=effect.payload["user_id"],
        effect_id=effect.effect_id,
        now=timezone.now(),
    )
