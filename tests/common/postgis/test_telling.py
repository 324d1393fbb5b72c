"""For whom a statement is asked, as PostgreSQL was told. Outside of a test's transaction: that matters."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import Thread

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from common.acting import (
    NOBODY,
    Acting,
    Mode,
    acting,
    acting_as,
    acting_as_operator,
    acting_as_system,
    current_acting,
)
from common.postgis.base import connected_as
from common.postgis.roles import DatabaseRole
from places.models import City
from tests.builders.places import make_city
from tests.builders.users import make_session
from users.models import TokenFamily

pytestmark = pytest.mark.django_db(transaction=True)

ASK = "SELECT current_setting('dongne.user_id', true), current_setting('dongne.acting', true)"


@pytest.fixture(autouse=True)
def _nobody() -> Iterator[None]:
    with acting(NOBODY):
        yield


def told() -> tuple[str, str]:
    """Return what the server was told; it says NULL before the first time, and '' after it."""
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        user_id, mode = cursor.fetchone()
    return user_id or "", mode or ""


def test_nobody_is_told_of_unless_somebody_asks() -> None:
    assert told() == ("", "")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (acting_as(7), ("7", "user")),
        (acting_as_operator(8), ("8", "operator")),
        (acting_as_operator(), ("", "operator")),
        (acting_as_system(), ("", "system")),
    ],
)
def test_each_statement_of_its_own_is_told_and_forgotten(
    block: AbstractContextManager[None], said: tuple[str, str]
) -> None:
    with block:
        assert [told(), told()] == [said, said]

    assert told() == ("", "")


def test_nothing_stays_on_the_connection() -> None:
    with acting_as(7):
        told()

    # Past everything of ours: what the next transaction of this connection finds.
    row = connection.connection.execute(ASK).fetchone()
    assert row == ("", "")


def test_rows_are_gone_with_the_transaction_that_showed_them() -> None:
    with acting_as_system():
        session = make_session()
    with acting_as(session.user_id):
        shown = TokenFamily.objects.count()
    with transaction.atomic(), acting_as(session.user_id):
        shown_in_one = TokenFamily.objects.count()

    # Past everything of ours: what whoever is given this connection next would see.
    row = connection.connection.execute("SELECT count(*) FROM users_tokenfamily").fetchone()
    assert (shown, shown_in_one, row) == (1, 1, (0,))


def test_a_transaction_is_told_at_its_start_and_again_when_it_changes() -> None:
    with transaction.atomic():
        before = told()
        with acting_as(7):
            inside = [told(), told()]
            with acting_as_system():
                deeper = told()
            back = told()
        after = told()

    assert (before, inside, deeper) == (("", ""), [("7", "user")] * 2, ("", "system"))
    assert (back, after, told()) == (("7", "user"), ("", ""), ("", ""))


def test_a_savepoint_that_is_rolled_back_takes_nothing_along() -> None:
    with transaction.atomic():
        with acting_as(7), suppress(ZeroDivisionError), transaction.atomic():
            with acting_as(8):
                told()
            1 / 0  # noqa: B018 - rolls back to where 7 had been told nothing yet
        with acting_as(8), transaction.atomic():
            assert told() == ("8", "user")
            transaction.set_rollback(True)
        with acting_as(8):
            assert told() == ("8", "user")


def test_a_failed_statement_leaves_the_next_one_told() -> None:
    with acting_as(7):
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("SELECT nothing")
        assert told() == ("7", "user")
        with transaction.atomic():
            with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            assert told() == ("7", "user")


def test_statements_keep_their_parameters_their_rows_and_their_counts() -> None:
    with acting_as(7), connection.cursor() as cursor:
        cursor.execute("SELECT %s, '100%%'", ["a;b"])
        assert cursor.fetchall() == [("a;b", "100%")]
        cursor.execute(sql.SQL("SELECT {}").format(sql.Literal(1)))
        assert cursor.fetchone() == (1,)
        make_city(slug="one")
        assert City.objects.filter(slug="one").update(name_en="One") == 1
        cursor.executemany("SELECT %s", [[1], [2]])


def test_many_are_written_and_streamed_for_somebody() -> None:
    make_city(slug="one")
    make_city(slug="two")

    with acting_as(7):
        streamed = sorted(city.slug for city in City.objects.iterator(chunk_size=1))
        with transaction.atomic():
            again = sorted(city.slug for city in City.objects.iterator(chunk_size=1))
            inside = told()

    assert streamed == again == ["one", "two"]
    assert inside == ("7", "user")


def test_who_debugs_sees_what_was_told_too() -> None:
    with acting_as(7), CaptureQueriesContext(connection) as captured, transaction.atomic():
        told()
        told()

    telling = Acting(Mode.USER, 7).statement
    assert [query["sql"] for query in captured] == ["BEGIN", f"{telling};\n{ASK}", ASK, "COMMIT"]


def test_a_statement_and_its_telling_are_one_message(tmp_path: Path) -> None:
    connection.ensure_connection()
    with (tmp_path / "trace").open("w+") as trace, acting_as(7):
        connection.connection.pgconn.trace(trace.fileno())
        told()
        connection.connection.pgconn.untrace()
        trace.seek(0)
        lines = [line.split("\t") for line in trace.read().splitlines()]

    # The columns: when, who (F: we), how many bytes, which message.
    assert [line[3] for line in lines if line[1:2] == ["F"]] == ["Query"]


def test_a_thread_starts_for_nobody() -> None:
    seen: list[Acting] = []

    with acting_as(7):
        thread = Thread(target=lambda: seen.append(current_acting()))
        thread.start()
        thread.join()

    assert seen == [NOBODY]


def test_the_app_asks_as_the_role_that_policies_bind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("dongne_app",)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("CREATE TABLE mine (id int)")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("DELETE FROM django_migrations")


def test_another_role_is_signed_in_as_and_left_again() -> None:
    def who() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            return str(cursor.fetchone()[0])

    with acting_as(7):
        with connected_as(DatabaseRole.OWNER):
            inside, said = who(), told()
        after = who()

    assert inside != "dongne_app"
    assert said == ("", "system")
    assert after == "dongne_app"


def test_no_other_role_goes_on_with_an_open_transaction() -> None:
    with (
        transaction.atomic(),
        pytest.raises(transaction.TransactionManagementError, match="A transaction is open"),
        connected_as(DatabaseRole.OWNER),
    ):
        pass
