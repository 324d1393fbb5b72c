from datetime import UTC, datetime

import pytest

from users.models import User
from users.services.seeding import (
    DEMO_OPERATOR,
    DEMO_TRAVELLER,
    DemoAccountsRefused,
    DemoSeeding,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


def test_makes_a_traveller_and_an_operator() -> None:
    DemoSeeding().seed(is_allowed=True, now=NOW)

    traveller = User.objects.get(email=DEMO_TRAVELLER.email)
    operator = User.objects.get(email=DEMO_OPERATOR.email)
    assert traveller.check_password(DEMO_TRAVELLER.password)
    assert (traveller.is_staff, operator.is_staff) == (False, True)


def test_again_changes_nothing_that_still_holds() -> None:
    DemoSeeding().seed(is_allowed=True, now=NOW)
    before = list(User.objects.order_by("pk").values_list("pk", "password"))

    DemoSeeding().seed(is_allowed=True, now=NOW)

    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before


def test_mends_what_was_changed() -> None:
    DemoSeeding().seed(is_allowed=True, now=NOW)
    User.objects.update(is_active=False, is_staff=True, password="!")

    DemoSeeding().seed(is_allowed=True, now=NOW)

    traveller = User.objects.get(email=DEMO_TRAVELLER.email)
    assert (traveller.is_active, traveller.is_staff) == (True, False)
    assert traveller.check_password(DEMO_TRAVELLER.password)


def test_is_refused_where_people_are_real() -> None:
    with pytest.raises(DemoAccountsRefused):
        DemoSeeding().seed(is_allowed=False, now=NOW)

    assert not User.objects.exists()
