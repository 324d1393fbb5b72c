"""
Erasure and export, searched for canaries: a word in every field of everything that is kept of one person.

A person does all that leaves something behind; then the word is written into every text of every row
that the list of `common/personal_data.py` calls theirs. Whoever adds a model adds its making here.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from common.models import OutboxEntry
from common.personal_data import Erased, Kept, Person, PersonalRows, list_personal_rows
from common.relaying import Relay
from tests.builders.neighbourhoods import make_neighbourhood
from tests.builders.quizzes import QUIET, make_answers
from tests.builders.reports import make_report
from tests.builders.users import PASSWORD
from tests.common.canaries import captured_logs, find_in_database, find_in_files, find_in_redis
from tests.trips.api.asking import SENTENCE, ask
from users.models import Provider, User
from users.services.consent_texts import list_current_texts

pytestmark = pytest.mark.django_db(transaction=True)

# No letters of hexadecimal numbers, and no word of any language here; short, for short fields.
MINE, ANOTHERS = "zq7xk", "wj9vy"
EXPORT_URL = "/api/v1/users/me/export"


@pytest.fixture(autouse=True)
def private_folder(settings: Settings, tmp_path: Path) -> Path:
    files = "django.core.files.storage.FileSystemStorage"
    private = {"BACKEND": files, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path


def live(word: str) -> tuple[User, APIClient]:
    """Sign somebody up and have them do everything that leaves a trace."""
    email = f"{word}@example.com"
    client = APIClient(headers={"user-agent": f"Phone {word}", "accept-language": "ko"})
    client.post("/api/v1/auth/signup", {"email": email, "password": PASSWORD})
    signed_in = client.post(
        "/api/v1/auth/token", {"email": email, "password": PASSWORD, "device_name": f"{word} 폰"}
    )
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access']}")
    client.post("/api/v1/auth/token", {"email": email, "password": f"wrong {word}"})
    client.post("/api/v1/auth/password/reset", {"email": email})
    # No row names what was not understood; a position is told with more digits than it is kept.
    asked = ask(client, q=f"{SENTENCE} {word}", lat="37.556321987", lon="126.923598761")
    assert asked.json()["cards"], asked.content
    client.post(EXPORT_URL, headers={"Idempotency-Key": word})
    say_who_one_is(client, word)
    user = User.objects.get(email=email)
    for make in MADE.values():
        make(user, word)
    for entry in list_personal_rows():
        if not isinstance(entry.erasure, Kept):
            mark(entry, person_of(user), word)
    return user, client


def say_who_one_is(client: APIClient, word: str) -> None:
    """Answer, edit, agree and register all that a profile has."""
    (push,) = (text.version for text in list_current_texts() if text.kind == "push")
    consent = {"kind": "push", "granted": True, "text_version": push}
    device = {"platform": "ios", "push_token": f"{word}{'0' * 60}", "locale": "ko"}
    answers = [
        client.post("/api/v1/users/me/onboarding", make_answers(**QUIET)),
        client.post("/api/v1/users/me/taste", {"name": "park", "direction": "more"}),
        client.post("/api/v1/users/me/consents", consent),
        client.post("/api/v1/devices", device),
        client.patch(
            "/api/v1/notifications/preferences",
            {"kinds": {"nudge": {"push": False}}, "quiet_hours": None},
            headers={"if-match": "*"},
        ),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 300] == []


def person_of(user: User) -> Person:
    return Person(user_id=user.pk, public_id=user.public_id)


def make_operator_session(user: User, _word: str) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=True)
    Client().force_login(user)


def make_waiting_mail(user: User, word: str) -> None:
    OutboxEntry.objects.create(
        kind="common.mail",
        payload={"to": user.email, "subject": word, "text": word},
        about_user_id=user.pk,
        available_at=timezone.now() + timedelta(days=1),
    )


# What the requests above leave no row of, by the label of its model.
MADE: Mapping[str, Callable[[User, str], object]] = {
    "common.OutboxEntry": make_waiting_mail,
    "places.PlaceReport": lambda user, word: make_report(user=user, note=word),
    "users.Identity": lambda user, word: user.identities.create(
        provider=Provider.GOOGLE,
        subject=word,
        created_at=timezone.now(),
        last_used_at=timezone.now(),
    ),
    "sessions.Session": make_operator_session,
    "users.User_groups": lambda user, word: user.groups.add(
        Group.objects.get_or_create(name="analyst")[0]
    ),
    "users.User_user_permissions": lambda user, word: user.user_permissions.add(
        Permission.objects.earliest("pk")
    ),
}


def mark(entry: PersonalRows, person: Person, word: str) -> None:
    """Write a word into every text of the rows of a person, as far as their constraints let it."""
    rows = entry.of(person)
    assert rows.exists(), f"{entry.name}: nobody has any; enter how one is made in MADE"
    for row in rows:
        for name, value in texts_of(entry.model, word):
            try:
                with transaction.atomic():
                    models.QuerySet(entry.model).filter(pk=row.pk).update(**{name: value})
            except DatabaseError:
                continue


def texts_of(model: type[models.Model], word: str) -> Iterator[tuple[str, object]]:
    # By which rows, files and people are found; a session that cannot be read is nobody's, and
    # the record of a place never tells of who reported it.
    leave = {
        *("email", "password", "caller", "context_hash", "file_key", "session_data"),
        *("record_source", "record_ref"),
    }
    for field in model._meta.concrete_fields:
        if field.primary_key or field.choices or field.name in leave:
            continue
        if isinstance(field, models.JSONField):
            yield field.name, {word: [word]}
        elif isinstance(field, models.CharField | models.TextField):
            yield field.name, word
        elif isinstance(field, models.BinaryField):
            yield field.name, word.encode()


def erased() -> list[PersonalRows]:
    return [entry for entry in list_personal_rows() if isinstance(entry.erasure, Erased)]


def test_who_left_is_found_nowhere(private_folder: Path) -> None:
    make_neighbourhood()
    with captured_logs() as logs:
        user, client = live(MINE)
        trips = [str(trip) for trip in user.trips.values_list("public_id", flat=True)]
        live(ANOTHERS)
        before = find_in_database(MINE)
        cached_before = [key for trip in trips for key in find_in_redis(trip)]
        files_before = list(private_folder.rglob("*.zip"))

        answer = client.delete("/api/v1/users/me", {"password": PASSWORD})
        Relay(clock=lambda: timezone.now() + timedelta(minutes=16)).relay()

    assert answer.status_code == 204, answer.content
    assert {"users_user", "trips_trip", "trips_tripnode", "common_outbox"} <= set(before)
    assert (len(cached_before) > 0, len(files_before)) == (True, 2)
    assert find_in_database(MINE) == {}
    assert [entry.name for entry in erased() if entry.of(person_of(user)).exists()] == []
    assert find_in_redis(MINE) == []
    assert [key for trip in trips for key in find_in_redis(trip)] == []
    assert find_in_files(MINE, private_folder) == []
    assert len(list(private_folder.rglob("*.zip"))) == 1
    assert '"event": "request"' in logs.getvalue()
    assert MINE not in logs.getvalue().lower()
    assert "37.5563219" not in logs.getvalue()
    assert find_in_database(ANOTHERS).keys() == before.keys()


def test_a_copy_holds_everything_of_oneself_and_nothing_of_another(private_folder: Path) -> None:
    make_neighbourhood()
    _, client = live(MINE)
    live(ANOTHERS)

    client.post(EXPORT_URL)

    link = client.get(EXPORT_URL).json()["download_url"]
    with zipfile.ZipFile(io.BytesIO(APIClient().get(link).getvalue())) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    shown = {entry.file: entry for entry in list_personal_rows() if entry.file}
    assert set(files) == {"README.txt", *(f"{name}.json" for name in shown)}
    assert [name for name, text in files.items() if ANOTHERS in text] == []
    assert {name for name in shown if MINE in files[f"{name}.json"]} == {
        name for name, entry in shown.items() if shows_texts(entry)
    }


def shows_texts(entry: PersonalRows) -> bool:
    return not isinstance(entry.erasure, Kept) and any(
        name in entry.exported for name, _ in texts_of(entry.model, MINE)
    )
