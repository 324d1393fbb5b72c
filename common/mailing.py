"""Mails, through the outbox: sent at least once, a second copy under the same Message-ID."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from . import outbox
from .outbox import Effect, OutboxHandler, outbox_handlers

KIND = "common.mail"


def send_mail(
    *,
    to: str,
    subject: str,
    text: str,
    about_user_id: int | None,
    dedupe_key: str | None = None,
) -> None:
    """
    Have a plain mail sent once the open transaction commits.

    What it says is kept until it is sent, and erased with the account `about_user_id`.
    """
    outbox.record(
        kind=KIND,
        payload={"to": to, "subject": subject, "text": text},
        dedupe_key=dedupe_key,
        about_user_id=about_user_id,
    )


def deliver_mail(effect: Effect) -> None:
    payload = effect.payload
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    EmailMessage(
        subject=payload["subject"],
        body=payload["text"],
        to=[payload["to"]],
        headers={"Message-ID": f"<{effect.effect_id}@{domain}>"},
    ).send()


def register_mailing() -> None:
    outbox_handlers.add(OutboxHandler(name=KIND, deliver=deliver_mail, is_in_database=False))
