"""`manage.py seed_demo`: the accounts that `make run` shows."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from users.services.seeding import DEMO_ACCOUNTS, DemoAccountsRefused, DemoSeeding


class Command(BaseCommand):
    help = "Make the demo traveller and the demo operator; safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            DemoSeeding().seed(is_allowed=settings.DEMO_ACCOUNTS_ALLOWED, now=timezone.now())
        except DemoAccountsRefused as error:
            raise CommandError(f"{error} Set DEMO_ACCOUNTS_ALLOWED where nobody is real.") from None
        for account in DEMO_ACCOUNTS:
            role = "operator" if account.is_operator else "traveller"
            self.stdout.write(f"{role}: {account.email} / {account.password}")
