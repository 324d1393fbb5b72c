"""The outbox for operators: what becomes of effects, never what they say, and another try."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from common.models import OutboxEntry
from tests.builders.users import make_user
from tests.common.effects import OUTSIDE, sent

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/admin/common/outboxentry/"


def make_given_up() -> OutboxEntry:
    return OutboxEntry.objects.create(
        kind=OUTSIDE,
        payload={"number": 1, "to": "secret@example.com"},
        attempts=12,
        available_at=timezone.now() + timedelta(days=1),
        given_up_at=timezone.now(),
        last_error="SMTPServerDisconnected at send:1",
    )


def sign_in(*, is_superuser: bool) -> Client:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=is_superuser))
    return client


def test_an_operator_sees_the_fate_of_an_effect_and_not_its_words() -> None:
    entry, client = make_given_up(), sign_in(is_superuser=True)

    pages = [client.get(URL), client.get(f"{URL}{entry.pk}/change/")]

    texts = [page.content.decode() for page in pages]
    assert [page.status_code for page in pages] == [200, 200]
    assert all(str(entry.effect_id) in text for text in texts)
    assert "SMTPServerDisconnected" in texts[1]
    assert not any("secret@example.com" in text for text in texts)


def test_an_operator_has_what_was_given_up_tried_again() -> None:
    sent.clear()
    entry = make_given_up()

    sign_in(is_superuser=True).post(URL, {"action": "retry", "_selected_action": [entry.pk]})

    entry.refresh_from_db()
    assert [effect.effect_id for effect in sent] == [entry.effect_id]
    assert (entry.attempts, entry.payload, entry.given_up_at) == (1, {}, None)


def test_operators_may_retry_as_superusers_do() -> None:
    sent.clear()
    entry = make_given_up()

    answer = sign_in(is_superuser=False).post(
        URL, {"action": "retry", "_selected_action": [entry.pk]}
    )

    entry.refresh_from_db()
    assert (answer.status_code, entry.given_up_at) == (302, None)
