"""Demo accounts, for a first look at the product."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.models import User


@dataclass(frozen=True)
class DemoAccount:
    """An account whose password is public, and says so."""

    email: str
    password: str
    is_operator: bool = False


DEMO_PASSWORD = "demo-only-not-secret"  # noqa: S105 - public by intent
DEMO_TRAVELLER = DemoAccount(email="demo@dongne.example", password=DEMO_PASSWORD)
DEMO_OPERATOR = DemoAccount(
    email="operator@dongne.example", password=DEMO_PASSWORD, is_operator=True
)
DEMO_ACCOUNTS = (DEMO_TRAVELLER, DEMO_OPERATOR)


class DemoAccountsRefused(DomainError):
    """This tier is used by people: no account of it has a public password."""

    kind = Kind.FORBIDDEN
    code = "users/demo-accounts-refused"
    detail = Bilingual(
        ko="이 환경에는 데모 계정을 만들 수 없어요.", en="Demo accounts are not made in this tier."
    )


@dataclass(frozen=True)
class DemoSeeding:
    """Makes the demo accounts, or makes them again what they were."""

    @transaction.atomic(durable=True)
    def seed(self, *, is_allowed: bool, now: datetime) -> None:
        """
        Make every demo account exist with its password and role.

        Raises:
            DemoAccountsRefused: the tier does not allow them.
        """
        if not is_allowed:
            raise DemoAccountsRefused
        for account in DEMO_ACCOUNTS:
            user, _ = User.objects.get_or_create(email=account.email)
            user.is_active = True
            user.email_confirmed_at = user.email_confirmed_at or now
            user.is_staff = user.is_superuser = account.is_operator
            # A hash of the same password again would end the tokens issued under the old one.
            if not user.check_password(account.password):
                user.set_password(account.password)
            user.save()
