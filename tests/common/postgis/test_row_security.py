"""
Rows of people, which their tables show to whom a transaction acts for: of every table, by SQL of one's own.

As the role of the app. Whoever adds a model of people's rows gives its table a policy by
`common.protection.RowSecurity` in a migration, and its making to `tests.builders.belongings`.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Model
from psycopg.errors import InsufficientPrivilege

from common.acting import NOBODY, Acting, Mode, acting, acting_as, acting_as_system
from common.personal_data import PersonalRows, list_personal_rows
from tests.builders.belongings import make_belonging
from tests.builders.users import make_user
from users.models import User

pytestmark = pytest.mark.django_db

ROW_SECURITY = """
SELECT relrowsecurity, relforcerowsecurity,
    ARRAY(SELECT polname || ' ' || polcmd::text FROM pg_policy
        WHERE polrelid = pg_class.oid AND polroles <> ARRAY['dongne_reader'::regrole::oid])
FROM pg_class WHERE oid = %s::regclass
"""
# One policy for all that is done to rows, beside what analysts read by the columns that are theirs.
GUARDED: Final = (True, True, ["acting *"])
OPEN: Final[tuple[bool, bool, list[str]]] = (False, False, [])
ALL = list_personal_rows()


@pytest.fixture(params=ALL, ids=lambda entry: entry.name)
def entry(request: pytest.FixtureRequest) -> PersonalRows:
    found: PersonalRows = request.param
    return found


@pytest.fixture(params=[one for one in ALL if not one.unguarded], ids=lambda entry: entry.name)
def guarded(request: pytest.FixtureRequest) -> PersonalRows:
    found: PersonalRows = request.param
    return found


class Table:
    """The table of a model, asked by SQL that names no owner."""

    def __init__(self, model: type[Model]) -> None:
        key: Any = model._meta.pk
        self.name = connection.ops.quote_name(model._meta.db_table)
        self.key = connection.ops.quote_name(key.column)

    def count(self, pk: object) -> int:
        ((count,),) = self._ask(f"SELECT count(*) FROM {self.name} WHERE {self.key} = %s", [pk])
        return int(count)

    def touch(self, pk: object) -> int:
        """Write to a row and then delete it; return how many rows that changed, where it is allowed."""
        touched = 0
        for what in (f"UPDATE {self.name} SET {self.key} = {self.key}", f"DELETE FROM {self.name}"):
            try:
                touched += self._change(f"{what} WHERE {self.key} = %s", [pk])
            except ProgrammingError as refusal:  # of what nobody changes
                if not isinstance(refusal.__cause__, InsufficientPrivilege):
                    raise
        return touched

    def copy(self, pk: object) -> str:
        """Return a row as JSON, to be inserted again."""
        ((row,),) = self._ask(
            f"SELECT to_json(one)::text FROM {self.name} one WHERE {self.key} = %s", [pk]
        )
        return str(row)

    def insert(self, row: str) -> None:
        self._change(
            f"INSERT INTO {self.name} SELECT (json_populate_record(NULL::{self.name}, %s)).*", [row]
        )

    def _ask(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _change(self, statement: str, values: Sequence[Any]) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)


def strangers() -> list[Acting]:
    """Return whoever is not the owner: another, one that is no longer there, nobody."""
    return [Acting(Mode.USER, make_user().pk), Acting(Mode.USER, 0), NOBODY]


def test_every_table_of_peoples_rows_guards_them_or_says_why_not(entry: PersonalRows) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROW_SECURITY, [connection.ops.quote_name(entry.model._meta.db_table)])
        found = cursor.fetchone()

    assert found == (OPEN if entry.unguarded else GUARDED), (
        f"{entry.name}: RowSecurity in a migration, or `unguarded` in its entry"
    )


def test_a_row_is_there_for_its_owner_and_whoever_sees_all(guarded: PersonalRows) -> None:
    owner, table = make_user(), Table(guarded.model)
    pk = make_belonging(name=guarded.name, user=owner).pk
    all_seeing = [Acting(Mode.OPERATOR), Acting(Mode.SYSTEM)]

    seen = []
    for who in [Acting(Mode.USER, owner.pk), *all_seeing]:
        with acting(who):
            seen.append(table.count(pk))

    assert seen == [1, 1, 1]


def test_a_row_is_not_there_for_anybody_else(guarded: PersonalRows) -> None:
    owner, table = make_user(), Table(guarded.model)
    pk = make_belonging(name=guarded.name, user=owner).pk

    seen, changed = [], []
    for who in strangers():
        with acting(who):
            seen.append(table.count(pk))
            changed.append(table.touch(pk))

    assert (seen, changed) == ([0, 0, 0], [0, 0, 0])
    with acting_as_system():
        assert table.count(pk) == 1


def test_no_row_is_inserted_for_anybody_else(guarded: PersonalRows) -> None:
    owner, table = make_user(), Table(guarded.model)
    row = table.copy(make_belonging(name=guarded.name, user=owner).pk)

    for who in strangers():
        with acting(who), pytest.raises(ProgrammingError, match="row-level security"):
            table.insert(row)


def test_no_row_is_handed_to_anybody_else(guarded: PersonalRows) -> None:
    owner, other, table = make_user(), make_user(), Table(guarded.model)
    row = table.copy(make_belonging(name=guarded.name, user=owner).pk)

    with acting_as(owner.pk), pytest.raises(ProgrammingError, match="row-level security"):
        table.insert(as_anothers(guarded, row, other))


def as_anothers(entry: PersonalRows, row: str, owner: User) -> str:
    """Return a row as another person's: by its own column, or by what it hangs on."""
    assert isinstance(entry.owner, str)
    name, _, is_below = entry.owner.partition("__")
    field: Any = entry.model._meta.pk if name == "pk" else entry.model._meta.get_field(name)
    key = owner.pk
    if is_below:
        key = make_belonging(name=field.related_model._meta.label, user=owner).pk
    return json.dumps({**json.loads(row), str(field.column): key})
