from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, ProgrammingError, connection, transaction

from analytics.models import AuditEntry
from analytics.services.auditing import Auditing
from common.acting import acting_as_operator, acting_as_system
from common.addresses import set_current_address
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from common.request_ids import set_request_id
from tests.builders.users import make_user
from users.models import User

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_who_did_what_to_what_and_when_and_from_where() -> None:
    actor, user = make_user(), make_user()
    set_current_address("203.0.113.7")
    set_request_id("request-7")

    with acting_as_operator(actor.pk):
        Auditing().record(actor=actor, action="user.banned", target=user, at=AT)
    set_current_address("")
    set_request_id("")

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.acted_as, entry.action) == (actor, "operator", "user.banned")
    assert (entry.object_type, entry.object_id) == ("users.user", str(user.public_id))
    assert (entry.address, entry.request_id, entry.at) == ("203.0.113.7", "request-7", AT)
    assert (entry.before, entry.after) == (None, None)


def test_of_a_change_only_what_differs_is_kept() -> None:
    user = make_user()

    Auditing().record(
        actor=user,
        action="user.changed",
        target=user,
        before={"locale": "ko", "is_active": True},
        after={"locale": "en", "is_active": True, "born": AT},
        at=AT,
    )

    entry = AuditEntry.objects.get()
    assert entry.before == {"locale": "ko"}
    assert entry.after == {"locale": "en", "born": "2026-11-21T12:00:00+00:00"}
    assert entry.acted_as == "user"


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("password", "argon2$abc", "[redacted]"),
        ("new_password", "x", "[redacted]"),
        ("push_token", "abc", "[redacted]"),
        ("token_hash", "abc", "[redacted]"),
        ("client_secret", ["a"], "[redacted]"),
        ("api_key", "abc", "[redacted]"),
        ("password", None, None),
        ("email", "kim.minji@example.com", "k…@example.com"),
        ("note", "ask kim@example.com, or lee@example.org", "ask k…@example.com, or l…@example.org"),
        ("nested", {"password": "x", "kept": [1, "a@b.example"]},
         {"password": "[redacted]", "kept": [1, "a…@b.example"]}),
        ("location", Point(126.9, 37.5), "POINT (126.9 37.5)"),
        ("fee", Decimal("1.50"), "1.50"),
        ("monkey", "banana", "banana"),
        ("said", "before\0after", "before\N{REPLACEMENT CHARACTER}after"),
    ],
)  # fmt: skip
def test_no_secret_and_no_address_in_full_is_kept(name: str, value: Any, kept: Any) -> None:
    Auditing().record(actor=None, action="test.said", target=None, after={name: value}, at=AT)

    assert AuditEntry.objects.get().after == {name: kept}


def test_rows_and_sets_of_rows_are_kept_as_their_ids() -> None:
    user = make_user()

    Auditing().record(
        actor=None,
        action="user.named",
        target=User,
        after={"one": user, "many": User.objects.all()},
        at=AT,
    )

    entry = AuditEntry.objects.get()
    assert (entry.object_type, entry.object_id) == ("users.user", "")
    assert entry.after == {"one": user.pk, "many": [user.pk]}


def test_the_service_itself_is_no_user() -> None:
    with acting_as_system():
        Auditing().record(actor=None, action="user.swept", target=None, at=AT)

    assert AuditEntry.objects.get().acted_as == "system"


def test_an_entry_stands_or_falls_with_what_it_tells() -> None:
    with transaction.atomic():
        Auditing().record(actor=None, action="user.swept", target=None, at=AT)
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("action", ["banned", "User.banned", "user.", "user banned"])
def test_an_action_names_its_object(action: str) -> None:
    with pytest.raises(IntegrityError, match="audit_action_is_dotted"), transaction.atomic():
        Auditing().record(actor=None, action=action, target=None, at=AT)


CHANGES = (
    "UPDATE audit_log SET action = 'user.loved'",
    "UPDATE audit_log SET action = 'user.loved' WHERE false",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_app_may_not_change_an_entry(statement: str) -> None:
    Auditing().record(actor=None, action="user.banned", target=None, at=AT)

    with (
        pytest.raises(ProgrammingError, match="permission denied for table audit_log"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEntry.objects.get().action == "user.banned"


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_of_the_table_changes_an_entry() -> None:
    Auditing().record(actor=None, action="user.banned", target=None, at=AT)

    with connected_as(DatabaseRole.OWNER), connection.cursor() as cursor:
        for statement in CHANGES:
            with pytest.raises(IntegrityError, match="it is append-only"):
                cursor.execute(statement)

    assert AuditEntry.objects.get().action == "user.banned"


def test_the_guard_stands_in_a_session_that_plays_a_replica_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'append_only'")
        enabled = set(cursor.fetchall())

    assert enabled == {("A",)}
