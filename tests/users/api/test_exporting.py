"""A copy of one's data: asked for, built, downloaded once it is there, and gone a day later."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.builders.users import make_client, make_user
from users.models import DataExport, ExportStatus
from users.services.exporting_data import DataExports
from users.tasks import sweep_exports

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/users/me/export"


@pytest.fixture(autouse=True)
def private_folder(settings: Settings, tmp_path: Path) -> Path:
    files = "django.core.files.storage.FileSystemStorage"
    private = {"BACKEND": files, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path


def download(client: APIClient) -> dict[str, Any]:
    """Ask for a copy, fetch it by its link without being signed in, and return its files."""
    assert client.post(URL).status_code == 202
    answer = make_client().get(client.get(URL).json()["download_url"])
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return {
        name: json.loads(text) if name.endswith(".json") else text for name, text in texts.items()
    }


def test_a_copy_is_built_in_the_background_and_announced() -> None:
    user = make_user(email="a@example.com", locale="en")
    client = make_client(user=user)
    nothing_yet = client.get(URL)

    asked = client.post(URL)

    state = client.get(URL).json()
    assert (nothing_yet.status_code, nothing_yet.json()["status"]) == (200, "none")
    assert (asked.status_code, asked.json()["status"]) == (202, "requested")
    assert asked.json()["download_url"] is None
    assert (state["id"], state["status"]) == (asked.json()["id"], "ready")
    assert state["size_bytes"] > 500
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["a@example.com"], "The copy of your data is ready")
    assert "exports/" not in sent.body


def test_the_file_comes_as_an_attachment_that_nobody_keeps() -> None:
    client = make_client(user=make_user())
    client.post(URL)

    answer = make_client().get(client.get(URL).json()["download_url"])

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="dongne-')
    assert answer["Cache-Control"] == "no-store"
    assert answer.streaming
    answer.close()


def test_the_copy_holds_what_is_kept_and_says_what_it_is() -> None:
    user = make_user(email="mine@example.com", time_budget_min=90)

    files = download(make_client(user=user))

    (account,) = files["account.json"]["rows"]
    assert account["email"] == "mine@example.com"
    assert account["public_id"] == str(user.public_id)
    assert account["time_budget_min"] == 90
    assert "password" not in account
    assert [session["method"] for session in files["sessions.json"]["rows"]] == ["password"]
    assert "내 데이터" in files["README.txt"]
    assert "What Dongne keeps about you" in files["README.txt"]
    assert {name for name in files if f"- {name}:" in files["README.txt"]} == set(files) - {
        "README.txt"
    }


def test_the_link_is_worth_nothing_when_changed() -> None:
    client = make_client(user=make_user())
    client.post(URL)
    link = client.get(URL).json()["download_url"]

    answers = [
        make_client().get(forged)
        for forged in (link[:-4], f"{link}a", "/api/v1/users/exports/a:b:c")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_the_copy_of_another_is_not_shown() -> None:
    make_client(user=make_user()).post(URL)

    assert make_client(user=make_user()).get(URL).json() == {
        "id": None,
        "status": "none",
        "requested_at": None,
        "finished_at": None,
        "expires_at": None,
        "size_bytes": 0,
        "download_url": None,
    }


def test_a_copy_is_gone_after_a_day_even_if_nobody_sweeps(private_folder: Path) -> None:
    client = make_client(user=make_user())
    client.post(URL)
    link = client.get(URL).json()["download_url"]
    DataExport.objects.update(
        requested_at=timezone.now() - timedelta(hours=25),
        finished_at=timezone.now() - timedelta(hours=25),
        expires_at=timezone.now(),
    )

    state, answer = client.get(URL).json(), make_client().get(link)
    before = [path.name for path in private_folder.rglob("*.zip")]
    sweep_exports()

    assert (state["status"], state["download_url"]) == ("none", None)
    assert (answer.status_code, answer.json()["code"]) == (404, "users/export-not-found")
    assert len(before) == 1
    assert list(private_folder.rglob("*.zip")) == []
    assert DataExport.objects.get().file_key == ""


def test_a_fourth_copy_within_a_day_is_refused() -> None:
    client = make_client(user=make_user())

    answers = [client.post(URL) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert answers[3].json()["code"] == "users/too-many-exports"
    assert 86_000 < int(answers[3]["Retry-After"]) <= 86_400
    assert DataExport.objects.count() == 3


def test_while_one_is_being_built_it_is_the_answer() -> None:
    user = make_user()
    building = DataExport.objects.create(user=user, requested_at=timezone.now())

    answer = make_client(user=user).post(URL)

    assert answer.json()["id"] == str(building.public_id)
    assert DataExport.objects.count() == 1


def test_a_copy_asked_for_twice_under_one_key_is_one() -> None:
    client = make_client(user=make_user())

    answers = [client.post(URL, headers={"Idempotency-Key": "one"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert DataExport.objects.get().status == ExportStatus.READY


def test_what_was_never_built_is_given_up() -> None:
    now = timezone.now()
    DataExport.objects.create(user=make_user(), requested_at=now - timedelta(minutes=61))
    DataExport.objects.create(user=make_user(), requested_at=now - timedelta(minutes=59))

    DataExports().sweep(now=now)

    assert list(DataExport.objects.order_by("pk").values_list("status", flat=True)) == [
        "failed",
        "requested",
    ]


def test_a_copy_that_cannot_be_stored_has_failed(private_folder: Path) -> None:
    user = make_user()
    export = DataExport.objects.create(user=user, requested_at=timezone.now())
    (private_folder / "exports").write_text("no folder")

    with pytest.raises(FileExistsError):
        DataExports().build(export_id=export.pk, clock=timezone.now)

    assert make_client(user=user).get(URL).json()["status"] == "failed"
    assert mail.outbox == []
