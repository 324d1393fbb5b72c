"""Leaving: confirmed, at once, for good, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from uuid_utils.compat import uuid7

from common.models import OutboxEntry
from common.relaying import Relay
from tests.builders.users import PASSWORD, make_client, make_session, make_user
from users.models import DataExport, ExportStatus, Leaving, TokenFamily, User
from users.services.exporting_data import DataExports
from users.services.leaving import AccountLeaving, Erasing, PasswordWrong

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/users/me"
EXPORT_URL = f"{URL}/export"


@pytest.fixture(autouse=True)
def private_folder(settings: Settings, tmp_path: Path) -> Path:
    files = "django.core.files.storage.FileSystemStorage"
    private = {"BACKEND": files, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path


def leave(user: User) -> Any:
    return make_client(user=user).delete(URL, {"password": PASSWORD})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "users/password-wrong"),
        ({"password": "wrong"}, 422, "users/password-wrong"),
        ({"password": ""}, 400, "malformed"),
        ({"password": PASSWORD, "why": "bored"}, 400, "malformed"),
    ],
)
def test_nothing_goes_without_the_password(body: dict[str, str], status: int, code: str) -> None:
    user = make_user(email="a@example.com")

    answer = make_client(user=user).delete(URL, body)

    user.refresh_from_db()
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (user.email, user.is_active) == ("a@example.com", True)
    assert not Leaving.objects.exists()


def test_the_account_says_nothing_of_anybody_any_more() -> None:
    user = make_user(
        email="a@example.com", locale="en", time_budget_min=90, mobility_mode="walk", is_staff=True
    )

    answer = leave(user)

    gone = User.objects.get(pk=user.pk)
    assert (answer.status_code, answer.content) == (204, b"")
    assert gone.email.endswith("@erased.invalid")
    assert str(user.public_id) not in gone.email
    assert (gone.is_active, gone.is_staff, gone.has_usable_password()) == (False, False, False)
    assert (gone.locale, gone.time_budget_min, gone.mobility_mode) == ("ko", None, "")
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["a@example.com"], "Your account is deleted")
    ]


def test_every_session_ends() -> None:
    user = make_user()
    clients = [make_client(user=user) for _ in range(2)]

    leave(user)

    assert [client.get(f"{URL}/sessions").status_code for client in clients] == [401, 401]
    assert not TokenFamily.objects.filter(user=user).exists()


def test_others_keep_what_is_theirs() -> None:
    other = make_user(email="b@example.com", time_budget_min=60)
    client = make_client(user=other)
    client.post(EXPORT_URL)

    leave(make_user())

    other.refresh_from_db()
    assert (other.email, other.is_active, other.time_budget_min) == ("b@example.com", True, 60)
    assert client.get(EXPORT_URL).json()["status"] == "ready"


def test_the_same_address_may_sign_up_again() -> None:
    leave(make_user(email="a@example.com"))

    again = make_user(email="a@example.com")

    assert leave(again).status_code == 204
    assert Leaving.objects.count() == 2


def test_the_copies_go_with_their_files(private_folder: Path) -> None:
    user = make_user()
    client = make_client(user=user)
    client.post(EXPORT_URL)
    link = client.get(EXPORT_URL).json()["download_url"]
    before = len(list(private_folder.rglob("*.zip")))

    leave(user)

    assert before == 1
    assert list(private_folder.rglob("*.zip")) == []
    assert not DataExport.objects.exists()
    assert make_client().get(link).status_code == 404


def test_a_copy_that_is_built_meanwhile_is_dropped(private_folder: Path) -> None:
    user = make_user()
    leave(user)
    late = DataExport.objects.create(user=user, requested_at=timezone.now())

    DataExports().build(export_id=late.pk, clock=timezone.now)

    assert list(private_folder.rglob("*.zip")) == []
    late.refresh_from_db()
    assert late.status == ExportStatus.REQUESTED


def test_what_was_under_way_is_erased_a_while_later() -> None:
    user = make_user()
    leave(user)
    make_session(user=user)
    (waiting,) = OutboxEntry.objects.waiting()

    Relay(clock=lambda: timezone.now() + timedelta(minutes=14)).relay()
    too_early = TokenFamily.objects.filter(user=user).count()
    Relay(clock=lambda: timezone.now() + timedelta(minutes=16)).relay()

    assert waiting.payload == {"user_id": user.pk}
    assert too_early == 1
    assert not TokenFamily.objects.filter(user=user).exists()


def test_mails_that_still_wait_are_not_sent() -> None:
    user = make_user(email="a@example.com")
    OutboxEntry.objects.create(
        kind="common.mail",
        payload={"to": "a@example.com", "subject": "s", "text": "t"},
        about_user_id=user.pk,
        available_at=timezone.now() + timedelta(hours=1),
    )

    leave(user)

    assert not OutboxEntry.objects.filter(about_user_id=user.pk).exists()


def test_leaving_is_counted_without_a_name() -> None:
    user = make_user()
    make_session(user=user)

    leave(user)

    leaving = Leaving.objects.get()
    assert leaving.erased == {"users.TokenFamily": 2}
    assert leaving.finished_at is not None
    assert leaving.finished_at >= leaving.left_at


def test_an_account_without_a_password_confirms_by_signing_in_again() -> None:
    user = make_user()
    user.set_unusable_password()
    user.save()
    old = make_session(user=user, now=timezone.now() - timedelta(minutes=11))

    refused = make_client(session=old).delete(URL, {})
    left = make_client(user=user).delete(URL, {})

    assert (refused.status_code, refused.json()["code"]) == (403, "users/sign-in-again")
    assert left.status_code == 204


def test_leaving_many_times_at_once_is_leaving_once() -> None:
    user = make_user()
    clients = [make_client(user=user) for _ in range(5)]

    def ask(client: Any) -> int:
        try:
            status: int = client.delete(URL, {"password": PASSWORD}).status_code
        finally:
            connection.close()
        return status

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(ask, clients))

    assert statuses.count(204) >= 1
    assert set(statuses) <= {204, 401}
    assert Leaving.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_password_that_changed_meanwhile_confirms_nothing() -> None:
    stale = make_user()
    User.objects.filter(pk=stale.pk).update(password="another")

    with pytest.raises(PasswordWrong):
        AccountLeaving().leave(
            user=stale, session_id=uuid7(), password=PASSWORD, now=timezone.now()
        )

    assert not Leaving.objects.exists()


def test_nobody_is_erased_who_has_not_left() -> None:
    user = make_user()
    make_session(user=user)

    assert Erasing().erase(user_id=user.pk, now=timezone.now())

    assert TokenFamily.objects.filter(user=user).count() == 1


def test_much_is_erased_in_batches_that_go_on_where_they_were() -> None:
    user = make_user()
    leave(user)
    for _ in range(5):
        make_session(user=user)
    clock_s = iter([0.0, 1.0, 21.0])
    rushed = Erasing(monotonic_s=lambda: next(clock_s), batch=2)

    is_done = rushed.erase(user_id=user.pk, now=timezone.now())
    left = TokenFamily.objects.filter(user=user).count()
    Erasing(batch=2).erase(user_id=user.pk, now=timezone.now())

    assert (is_done, left) == (False, 1)
    assert TokenFamily.objects.filter(user=user).count() == 0
    assert Leaving.objects.get().erased == {"users.TokenFamily": 6}
