"""Closing an account, and opening it again."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from analytics.services.auditing import Auditing
from common.errors import DomainError, Kind
from common.languages import Bilingual
from users.models import EndReason, User
from users.services.ending_sessions import SessionEnd


class BanRefused(DomainError):
    """Nobody closes their own account here, and only a superuser a superuser's."""

    kind = Kind.FORBIDDEN
    code = "users/ban-refused"
    detail = Bilingual(
        ko="이 계정은 여닫을 수 없어요.", en="This account is not yours to close or open."
    )


@dataclass(frozen=True)
class Bans:
    """Bans people, and writes down who did. A ban counts from the next request on."""

    sessions: SessionEnd = field(default_factory=SessionEnd)
    auditing: Auditing = field(default_factory=Auditing)

    @transaction.atomic(durable=True)
    def ban(self, *, actor: User, user_id: int, now: datetime) -> None:
        """
        Close an account and end its sessions, so that opening it again revives none.

        Raises:
            BanRefused: it is the actor's own, or a superuser's and the actor is none.
        """
        user = self._lock(actor, user_id)
        if user.is_active:
            self._set(actor, user, is_active=False, now=now)
            self.sessions.end_all(user=user, reason=EndReason.BANNED, now=now)

    @transaction.atomic(durable=True)
    def unban(self, *, actor: User, user_id: int, now: datetime) -> None:
        """
        Open an account again.

        Raises:
            BanRefused: as for `ban`; or the person has left, and there is nobody to open it for.
        """
        user = self._lock(actor, user_id)
        if user.anonymised_at is not None:
            raise BanRefused(f"{user} has left.")
        if not user.is_active:
            self._set(actor, user, is_active=True, now=now)

    def _lock(self, actor: User, user_id: int) -> User:
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if user.pk == actor.pk or (user.is_superuser and not actor.is_superuser):
            raise BanRefused(f"{user} is not for {actor} to close or open.")
        return user

    def _set(self, actor: User, user: User, *, is_active: bool, now: datetime) -> None:
        user.is_active = is_active
        user.save(update_fields=["is_active", "updated_at"])
        self.auditing.record(
            actor=actor,
            action="user.unbanned" if is_active else "user.banned",
            target=user,
            before={"is_active": not is_active},
            after={"is_active": is_active},
            at=now,
        )
