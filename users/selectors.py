"""Reads of accounts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from common.acting import acting_as_system
from users.models import DataExport, TokenFamily, User
from users.statements import ConsentKind, TasteChange, UserConsent
from users.types import Role, Standing

ANALYSTS = "analyst"


def find_user_of_session(*, public_id: UUID, session_id: UUID) -> User | None:
    """
    Return the user who may act in this session: neither it nor their account has been ended.

    One query, asked for the system: it finds out for whom the rest is asked. The session's time is
    not asked: its access tokens end with it.
    """
    # Every signed-in request asks: the query is composed once, and the row made a model by hand.
    with acting_as_system(), connection.cursor() as cursor:
        cursor.execute(_user_of_session_query(), [session_id, public_id])
        row = cursor.fetchone()
    return None if row is None else _made(row)


def list_standings(*, user_ids: Iterable[int]) -> Mapping[int, Standing]:
    """Return how settled accounts are, by id; the caller acts for the system. One query."""
    rows = User.objects.filter(pk__in=set(user_ids)).values_list(
        "pk", "created_at", "email_confirmed_at", "is_active"
    )
    return {
        pk: Standing(created_at, confirmed_at is not None, is_active)
        for pk, created_at, confirmed_at, is_active in rows
    }


def find_last_consent(*, user: User, kind: ConsentKind) -> UserConsent | None:
    """Return what a user said last about one consent. One query."""
    return UserConsent.objects.filter(user=user, kind=kind).order_by("-id").first()


def list_current_consents(*, user: User) -> Sequence[UserConsent]:
    """Return what holds: the last thing said of each kind, by kind. One query."""
    said = UserConsent.objects.filter(user=user)
    return list(said.order_by("kind", "-id").distinct("kind"))


def list_consents(*, user: User, limit: int) -> Sequence[UserConsent]:
    """Return what a user said about consents, the newest first. One query."""
    return list(UserConsent.objects.filter(user=user).order_by("-id")[:limit])


def has_taste_changes(*, user: User) -> bool:
    """Tell whether an edit of the taste can be undone. One query."""
    return TasteChange.objects.filter(user=user).exists()


def _made(row: Sequence[Any]) -> User:
    """Return the user of a row of `_user_columns`, JSON and vectors read."""
    values = list(row)
    for index, convert in _converted_columns():
        values[index] = convert(values[index], None, connection)
    return User.from_db(connection.alias, _user_columns(), values)


@cache
def _user_columns() -> list[str]:
    return [field.attname for field in User._meta.concrete_fields]


@cache
def _converted_columns() -> list[tuple[int, Callable[..., Any]]]:
    return [
        (index, convert)
        for index, field in enumerate(User._meta.concrete_fields)
        for convert in field.get_db_converters(connection)
    ]


@cache
def _user_of_session_query() -> str:
    name = connection.ops.quote_name
    user, family = name(User._meta.db_table), name(TokenFamily._meta.db_table)
    columns = ", ".join(f"{user}.{name(str(field.column))}" for field in User._meta.concrete_fields)
    return (
        f"SELECT {columns} FROM {family} JOIN {user} ON {user}.id = {family}.user_id"  # noqa: S608 - own names
        f" WHERE {family}.public_id = %s AND {family}.ended_at IS NULL"
        f" AND {user}.public_id = %s AND {user}.is_active"
    )


def is_session_live(*, session_id: UUID, now: datetime) -> bool:
    """Tell whether a session may still act. One query."""
    return bool(list_live_sessions(session_ids=[session_id], now=now))


def list_live_sessions(*, session_ids: Iterable[UUID], now: datetime) -> frozenset[UUID]:
    """
    Return those of the sessions that may still act: neither ended, nor expired, nor their users banned.

    One query however many they are and whosever, so that a process asks once a second for all its
    open sockets.
    """
    live = TokenFamily.objects.live(now=now).filter(
        public_id__in=list(session_ids), user__is_active=True
    )
    with acting_as_system():
        return frozenset(live.values_list("public_id", flat=True))


def list_sessions(*, user: User, now: datetime) -> Sequence[TokenFamily]:
    """Return where a user is signed in, the one used last first. One query."""
    return list(TokenFamily.objects.of_user(user).live(now=now).order_by("-last_used_at", "-id"))


def find_newest_export(*, user: User, now: datetime) -> DataExport | None:
    """Return the copy that a user asked for last, unless its time is over. One query."""
    export = DataExport.objects.filter(user=user).order_by("-requested_at").first()
    is_over = export is not None and export.expires_at is not None and export.expires_at <= now
    return None if is_over else export


def find_user_by_email(*, email: str) -> User | None:
    """
    Return the account of an address in any case of letters, active or not. One query.

    For whoever says that it is theirs, and has yet to prove it: it is asked for the system.
    """
    with acting_as_system():
        return User.objects.filter(email=email.lower()).first()


def list_roles(*, user: User) -> Sequence[Role]:
    """Return the roles of a user, `user` first. One query."""
    return [role for role in Role if has_role(user=user, role=role)]


def has_role(*, user: User, role: Role) -> bool:
    """Tell whether a user has a role. One query for analysts, none for the others."""
    if role is Role.ANALYST:
        return user.groups.filter(name=ANALYSTS).exists()
    return role is Role.USER or user.is_staff
