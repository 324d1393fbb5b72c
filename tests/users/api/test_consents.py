"""Consents, from outside and down to the database."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections

from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from notifications import selectors as notifications
from tests.builders.users import make_client, make_user
from users.models import User
from users.services.consent_texts import list_current_texts
from users.statements import UserConsent

CONSENTS, TEXTS = "/api/v1/users/me/consents", "/api/v1/consents/texts"
VERSION = {text.kind.value: text.version for text in list_current_texts()}


def body(kind: str, *, granted: bool = True, **changes: Any) -> dict[str, Any]:
    return {"kind": kind, "granted": granted, "text_version": VERSION[kind]} | changes


@pytest.mark.django_db
def test_anybody_may_read_what_is_agreed_to_in_both_languages() -> None:
    korean = make_client().get(TEXTS).json()
    english = make_client(language="en").get(TEXTS).json()

    assert [text["kind"] for text in korean] == ["location", "push", "marketing"]
    assert all("동의" in text["text"] for text in korean)
    assert all(text["text"].startswith("I agree that") or text["text"].startswith("I agree to") for text in english)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "flag"), [("push", "push_opt_in"), ("location", "location_opt_in")])  # fmt: skip
def test_a_consent_sets_its_flag_and_taking_it_back_clears_it(kind: str, flag: str) -> None:
    client = make_client(user=make_user())

    granted = client.post(CONSENTS, body(kind))
    given = client.get("/api/v1/users/me").json()
    client.post(CONSENTS, body(kind, granted=False))
    taken = client.get("/api/v1/users/me").json()

    assert granted.status_code == 201
    assert [name for name in ("push_opt_in", "location_opt_in") if given[name]] == [flag]
    assert taken[flag] is False


@pytest.mark.django_db
def test_all_that_was_said_stays_and_the_newest_holds() -> None:
    client = make_client(user=make_user())
    client.post(CONSENTS, body("marketing"))
    client.post(CONSENTS, body("push"))
    client.post(CONSENTS, body("marketing", granted=False))

    shown = client.get(CONSENTS).json()

    def told(rows: list[dict[str, Any]]) -> list[tuple[str, bool]]:
        return [(row["kind"], row["granted"]) for row in rows]

    assert told(shown["current"]) == [("marketing", False), ("push", True)]
    assert told(shown["history"]) == [("marketing", False), ("push", True), ("marketing", True)]
    assert shown["history"][0]["text_version"] == VERSION["marketing"]


@pytest.mark.django_db
def test_saying_the_same_again_is_no_second_consent() -> None:
    client = make_client(user=make_user())
    first = client.post(CONSENTS, body("push"))

    second = client.post(CONSENTS, body("push"))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert UserConsent.objects.count() == 1


@pytest.mark.django_db
def test_an_outdated_text_is_refused_with_the_one_of_today() -> None:
    client = make_client(user=make_user())

    response = client.post(CONSENTS, body("push", text_version="2020-01-1"))

    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "users/consent-text-outdated")
    assert problem["current_version"] == VERSION["push"]
    assert problem["errors"][0]["field"] == "text_version"
    assert not UserConsent.objects.exists()
    assert User.objects.get().push_opt_in is False


@pytest.mark.django_db
def test_push_consent_reaches_notifications() -> None:
    user = make_user(time_zone="Europe/Prague")
    client = make_client(user=user)

    client.post(CONSENTS, body("push"))
    given = notifications.get_preferences(user_id=user.pk, time_zone="UTC")
    client.post(CONSENTS, body("push", granted=False))
    taken = notifications.get_preferences(user_id=user.pk, time_zone="UTC")

    assert (given.has_push_consent, given.zone.key) == (True, "Europe/Prague")
    assert taken.has_push_consent is False


REFUSED: list[tuple[Any, str]] = [
    ({}, "kind"),
    (body("push") | {"kind": "cookies"}, "kind"),
    (body("push") | {"granted": "yes"}, "granted"),
    (body("push") | {"granted": 1}, "granted"),
    (body("push") | {"granted": None}, "granted"),
    (body("push", text_version=1), "text_version"),
    (body("push", text_version="x" * 17), "text_version"),
    (body("push", user="someone"), "user"),
    (body("push", at="2020-01-01T00:00:00Z"), "at"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "field"), REFUSED)
def test_what_is_no_consent_is_refused_by_field(said: Any, field: str) -> None:
    response = make_client(user=make_user()).post(CONSENTS, said)

    assert response.status_code == 400
    assert field in [error["field"] for error in response.json()["errors"]]
    assert not UserConsent.objects.exists()


CHANGES = (
    "UPDATE users_userconsent SET is_granted = NOT is_granted",
    "DELETE FROM users_userconsent",
    "TRUNCATE users_userconsent",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", CHANGES)
def test_the_app_may_not_change_a_consent(statement: str) -> None:
    make_client(user=make_user()).post(CONSENTS, body("push"))

    with (
        pytest.raises(ProgrammingError, match="permission denied for table users_userconsent"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert UserConsent.objects.get().is_granted is True


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_of_the_table_changes_a_consent() -> None:
    make_client(user=make_user()).post(CONSENTS, body("push"))

    with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
        for statement in CHANGES:
            with pytest.raises(IntegrityError, match="it is append-only"):
                cursor.execute(statement)

    assert UserConsent.objects.get().is_granted is True


@pytest.mark.django_db(transaction=True)
def test_of_eight_consents_at_once_one_is_recorded() -> None:
    user = make_user()
    clients = [make_client(user=user) for _ in range(8)]

    def agree(index: int) -> int:
        status: int = clients[index].post(CONSENTS, body("push")).status_code
        connections.close_all()
        return status

    with ThreadPoolExecutor(max_workers=8) as threads:
        statuses = list(threads.map(agree, range(8)))

    assert sorted(statuses) == [200] * 7 + [201]
    assert (UserConsent.objects.count(), User.objects.get().push_opt_in) == (1, True)


@pytest.mark.django_db
def test_nobody_agrees_to_nothing() -> None:
    assert make_client().get(CONSENTS).status_code == 401
    assert make_client().post(CONSENTS, body("push")).status_code == 401
