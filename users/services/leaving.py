"""Leaving for good: what an account holds is erased by the list that every app fills."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Model, QuerySet

from common import outbox
from common.acting import acting_as_system
from common.errors import DomainError, Kind
from common.languages import Bilingual
from common.mailing import send_mail
from common.personal_data import (
    Anonymised,
    Erased,
    Person,
    PersonalRows,
    forgettings,
    list_personal_rows,
)
from users.models import Leaving, TokenFamily, User

ERASE_KIND: Final = "users.erase"
# What was under way when an account left (a request, a task) has ended by now, and is erased too.
AGAIN_AFTER: Final = timedelta(minutes=15)
# An account without a password proves who asks by having signed in just now.
FRESH_FOR: Final = timedelta(minutes=10)
BATCH: Final = 1_000
ROUND_S: Final = 20.0

LEFT_SUBJECT: Final = Bilingual(ko="탈퇴가 끝났어요", en="Your account is deleted")
LEFT_TEXT: Final = Bilingual(
    ko="계정과 데이터를 지웠어요. 그동안 동네를 이용해 주셔서 고마워요.",
    en="Your account and your data are deleted. Thank you for having been here.",
)


class PasswordWrong(DomainError):
    """The password that should confirm it is missing or not right."""

    kind = Kind.INVALID
    code = "users/password-wrong"
    detail = Bilingual(ko="비밀번호가 맞지 않아요.", en="The password is not right.")


class SignInAgain(DomainError):
    """The account has no password, and its session is too old to prove who asks."""

    kind = Kind.FORBIDDEN
    code = "users/sign-in-again"
    detail = Bilingual(
        ko="확인을 위해 다시 로그인한 뒤 10분 안에 시도해 주세요.",
        en="To confirm, sign in again and try within ten minutes.",
    )


@dataclass(frozen=True)
class AccountLeaving:
    """
    Erases accounts.

    At once, in one transaction: the account says nothing of anybody any more, all that is of a
    bounded size is gone, and every session has ended. What may be large follows in batches.
    """

    def leave(self, *, user: User, session_id: UUID, password: str | None, now: datetime) -> None:
        """
        Erase an account for good. Asked twice at once, the second finds it done.

        Raises:
            PasswordWrong: the account has a password, and this is not it.
            SignInAgain: it has none, and the session is older than FRESH_FOR.
        """
        self._confirm(user, session_id=session_id, password=password, now=now)
        person = Person(user_id=user.pk, public_id=user.public_id)
        with transaction.atomic(durable=True):
            locked = User.objects.select_for_update().get(pk=user.pk)
            if Leaving.objects.filter(user=locked).exists():
                return
            # Checking takes long, so the row was not locked: look again before writing.
            if locked.password != user.password:
                raise PasswordWrong(field="password")
            email, locale = locked.email, locked.locale
            forget_outside(person)
            leaving = Leaving(user=locked, left_at=now)
            for entry in list_personal_rows():
                leaving.count(entry.name, erase_at_once(entry, person, now=now))
            leaving.save(force_insert=True)
            outbox.record(kind=ERASE_KIND, payload={"user_id": user.pk})
            outbox.record(
                kind=ERASE_KIND, payload={"user_id": user.pk}, not_before=now + AGAIN_AFTER
            )
            send_mail(
                to=email,
                subject=LEFT_SUBJECT.in_language(locale),
                text=LEFT_TEXT.in_language(locale),
                about_user_id=None,
            )

    def _confirm(
        self, user: User, *, session_id: UUID, password: str | None, now: datetime
    ) -> None:
        if user.has_usable_password():
            if password is None or not user.check_password(password):
                raise PasswordWrong(field="password")
            return
        fresh = TokenFamily.objects.live(now=now).filter(
            user=user, public_id=session_id, created_at__gte=now - FRESH_FOR
        )
        if not fresh.exists():
            raise SignInAgain


@dataclass(frozen=True)
class Erasing:
    """
    Erases what leaving has left for later, and once more what was under way then.

    In batches, each a transaction: killed at any moment, it goes on where it was.
    """

    monotonic_s: Callable[[], float] = time.monotonic
    batch: int = BATCH

    def erase(self, *, user_id: int, now: datetime) -> bool:
        """Erase for ROUND_S at most; tell whether all is erased."""
        leaving = Leaving.objects.filter(user_id=user_id).select_related("user").first()
        if leaving is None:  # nobody is erased who has not left
            return True
        until_s = self.monotonic_s() + ROUND_S
        person = Person(user_id=user_id, public_id=leaving.user.public_id)
        forget_outside(person)
        for entry in list_personal_rows():
            if not isinstance(entry.erasure, Erased):
                if entry.model is not User:  # the account itself says nothing already
                    erase_at_once(entry, person, now=now)
                continue
            while self._erase_batch(entry, person):
                if self.monotonic_s() >= until_s:
                    return False
        Leaving.objects.filter(pk=leaving.pk, finished_at=None).update(finished_at=now)
        return True

    @transaction.atomic(durable=True)
    def _erase_batch(self, entry: PersonalRows, person: Person) -> int:
        leaving = Leaving.objects.select_for_update().get(pk=person.user_id)
        ids = list(entry.of(person).order_by("pk").values_list("pk", flat=True)[: self.batch])
        if entry.media:
            # Before their rows: a file without a row would be found by nobody.
            keys: QuerySet[Model] = QuerySet(entry.model).filter(pk__in=ids)
            for key in keys.values_list(entry.media, flat=True):
                if key:
                    storages[entry.storage].delete(key)
        _, deleted = QuerySet(entry.model).filter(pk__in=ids).delete()
        leaving.count(entry.name, deleted.get(entry.name, 0))
        leaving.save(update_fields=["erased"])
        return len(ids)


def erase_at_once(entry: PersonalRows, person: Person, *, now: datetime) -> int:
    """Do to the rows of a person what leaving does at once; return how many were deleted."""
    erasure = entry.erasure
    if isinstance(erasure, Anonymised):
        with acting_as_system():  # what becomes nobody's is no longer its owner's to write
            entry.of(person).update(**erasure.make_values(now=now))
    if isinstance(erasure, Erased) and erasure.is_at_once:
        _, deleted = entry.of(person).delete()
        return deleted.get(entry.name, 0)
    return 0


def forget_outside(person: Person) -> None:
    for forgetting in forgettings:
        forgetting.forget(person)
