"""Effects of accounts that must not be lost: mails, copies of data, and what leaving has left to erase."""

from django.db import transaction
from django.utils import timezone

from common import outbox
from common.acting import acting_as
from common.outbox import Effect, OutboxHandler, outbox_handlers
from users import tasks
from users.services.exporting_data import EXPORT_KIND
from users.services.leaving import ERASE_KIND, Erasing
from users.services.mailing import KIND as MAIL_KIND
from users.services.mailing import AccountMail, AccountMails


def deliver_account_mail(effect: Effect) -> None:
    """Send one mail about an account."""
    AccountMails().deliver(
        AccountMail(effect.payload["mail"]),
        user_id=effect.payload["user_id"],
        effect_id=effect.effect_id,
        now=timezone.now(),
    )


def queue_export(effect: Effect) -> None:
    # A task of its own: however long it takes, other effects are delivered meanwhile.
    tasks.build_export.apply_async(kwargs={"export_id": effect.payload["export_id"]}, retry=False)


def erase(effect: Effect) -> None:
    user_id = effect.payload["user_id"]
    with acting_as(user_id):
        is_done = Erasing().erase(user_id=user_id, now=timezone.now())
    if not is_done:
        with transaction.atomic():
            outbox.record(kind=ERASE_KIND, payload=effect.payload)


def register_effects() -> None:
    outbox_handlers.add(
        OutboxHandler(name=MAIL_KIND, deliver=deliver_account_mail, is_in_database=False)
    )
    outbox_handlers.add(OutboxHandler(name=EXPORT_KIND, deliver=queue_export, is_in_database=False))
    outbox_handlers.add(OutboxHandler(name=ERASE_KIND, deliver=erase, is_in_database=False))
