from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from users.models import User

pytestmark = pytest.mark.django_db


def test_tells_the_logins() -> None:
    told = StringIO()

    call_command("seed_demo", stdout=told)

    assert told.getvalue().splitlines() == [
        "traveller: demo@dongne.example / demo-only-not-secret",
        "operator: operator@dongne.example / demo-only-not-secret",
    ]


def test_ends_in_one_line_where_it_is_refused(settings: Settings) -> None:
    settings.DEMO_ACCOUNTS_ALLOWED = False

    with pytest.raises(CommandError, match="Demo accounts are not made"):
        call_command("seed_demo")

    assert not User.objects.exists()
