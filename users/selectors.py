"""Reads of accounts."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from django.db import connection

from users.models import User
from users.types import Role

ANALYSTS = "analyst"


def find_active_user(*, public_id: UUID) -> User | None:
    """Return the user who may act under this id. One query."""
    # Every signed-in request asks: the query is composed once, and the row made a model by hand.
    with connection.cursor() as cursor:
        cursor.execute(_active_user_query(), [public_id])
        row = cursor.fetchone()
    return None if row is None else User.from_db(connection.alias, _user_columns(), row)


@cache
def _user_columns() -> list[str]:
    return [field.attname for field in User._meta.concrete_fields]


@cache
def _active_user_query() -> str:
    columns = ", ".join(
        connection.ops.quote_name(str(field.column)) for field in User._meta.concrete_fields
    )
    table = connection.ops.quote_name(User._meta.db_table)
    return f"SELECT {columns} FROM {table} WHERE public_id = %s AND is_active"  # noqa: S608 - own names


def find_user_by_email(*, email: str) -> User | None:
    """Return the account of an address in any case of letters, active or not. One query."""
    return User.objects.filter(email=email.lower()).first()


def list_roles(*, user: User) -> Sequence[Role]:
    """Return the roles of a user, `user` first. One query."""
    roles = [Role.USER]
    if user.is_staff:
        roles.append(Role.OPERATOR)
    if user.groups.filter(name=ANALYSTS).exists():
        roles.append(Role.ANALYST)
    return roles
