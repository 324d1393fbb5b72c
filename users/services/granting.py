"""Making somebody an operator or an analyst, and taking that back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.contrib.auth.models import Group
from django.db import transaction

from analytics.services.auditing import Auditing
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users import selectors
from users.models import User
from users.types import Role

GIVEN: Final = (Role.OPERATOR, Role.ANALYST)


class RoleRefused(DomainError):
    """Roles are given by superusers, to others than themselves, and to accounts that are open."""

    kind = Kind.FORBIDDEN
    code = "users/role-refused"
    detail = Bilingual(
        ko="이 역할은 바꿀 수 없어요.", en="This role is not yours to give or to take."
    )


@dataclass(frozen=True)
class Roles:
    """
    Gives and takes roles, and writes down who did.

    One that is taken counts at the next request, one that is given at the next refresh of a token.
    """

    auditing: Auditing = field(default_factory=Auditing)

    @transaction.atomic(durable=True)
    def grant(self, *, actor: User, user_id: int, role: Role, now: datetime) -> None:
        """
        Give a role; somebody who has it keeps it.

        Raises:
            RoleRefused: the actor may not, or the account is closed.
        """
        user = self._lock(actor, user_id, role)
        if not user.is_active:
            raise RoleRefused(f"{user} is closed.")
        self._set(actor, user, role, has_it=True, now=now)

    @transaction.atomic(durable=True)
    def revoke(self, *, actor: User, user_id: int, role: Role, now: datetime) -> None:
        """
        Take a role; somebody who does not have it goes without.

        Raises:
            RoleRefused: the actor may not.
        """
        self._set(actor, self._lock(actor, user_id, role), role, has_it=False, now=now)

    def _lock(self, actor: User, user_id: int, role: Role) -> User:
        if not (actor.is_superuser and actor.is_active) or role not in GIVEN:
            raise RoleRefused(f"{actor} gives nobody the role {role}.")
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if user.pk == actor.pk or user.is_superuser:
            raise RoleRefused(f"The roles of {user} stay as they are.")
        return user

    def _set(self, actor: User, user: User, role: Role, *, has_it: bool, now: datetime) -> None:
        before = selectors.list_roles(user=user)
        if (role in before) is has_it:
            return
        if role is Role.OPERATOR:
            user.is_staff = has_it
            user.save(update_fields=["is_staff", "updated_at"])
        elif has_it:
            user.groups.add(_analysts())
        else:
            user.groups.remove(_analysts())
        self.auditing.record(
            actor=actor,
            action="user.role_granted" if has_it else "user.role_revoked",
            target=user,
            before={"roles": list(before)},
            after={"roles": list(selectors.list_roles(user=user))},
            at=now,
        )


def _analysts() -> Group:
    group, _ = Group.objects.get_or_create(name=selectors.ANALYSTS)
    return group
