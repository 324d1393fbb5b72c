"""`manage.py show_demo`, against the API over HTTP."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.places import make_area
from users.services.seeding import DemoSeeding

pytestmark = pytest.mark.django_db(transaction=True)


def test_prints_cards_addresses_and_logins(live_server: LiveServer) -> None:
    city = make_neighbourhood()
    make_area(slug="palace", name_ko="경복궁", name_en="Gyeongbokgung", city=city)
    DemoSeeding().seed(is_allowed=True, now=timezone.now())
    written = StringIO()

    call_command("show_demo", url=live_server.url, stdout=written)

    text = written.getvalue()
    assert text.count("━━ 1.") == 2
    assert "to spare" in text
    assert f"{live_server.url}/admin/" in text
    assert "demo@dongne.example / demo-only-not-secret" in text


def test_without_demo_accounts_the_refusal_is_shown(live_server: LiveServer) -> None:
    with pytest.raises(CommandError, match="401"):
        call_command("show_demo", url=live_server.url)


def test_without_a_server_it_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="make run"):
        call_command("show_demo", url="http://127.0.0.1:9")
