"""Mails, through the outbox: sent at least once, a second copy under the same Message-ID."""

from email.utils import parseaddr
from uuid import UUID

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
    send_now(
        to=payload["to"],
        subject=payload["subject"],
        text=payload["text"],
        effect_id=effect.effect_id,
    )


def send_now(*, to: str, subject: str, text: str, effect_id: UUID) -> None:
    """Send a mail in a handler of one's own: what it says may be a secret that no row should hold."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    EmailMessage(
        subject=subject,
        body=text,
        to=[to],
        # RFC 3834: no machine need answer this.
        headers={"Message-ID": f"<{effect_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    ).send()


def register_mailing() -> None:
    outbox_handlers.add(OutboxHandler(name=KIND, deliver=deliver_mail, is_in_database=False))
