"""Reads of accounts."""

from collections.abc import Sequence
from uuid import UUID

from users.models import User
from users.types import Role

ANALYSTS = "analyst"


def find_active_user(*, public_id: UUID) -> User | None:
    """Return the user who may act under this id. One query."""
    return User.objects.filter(public_id=public_id, is_active=True).first()


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
