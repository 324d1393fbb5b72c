"""Agreeing to something, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from common.errors import DomainError, Kind
from common.languages import Bilingual
from notifications.services.reaching import Recipients
from users import selectors
from users.models import User
from users.services.consent_texts import ConsentText, all_texts
from users.statements import ConsentKind, UserConsent

_FLAGS: Final = {
    ConsentKind.PUSH: "push_opt_in",
    ConsentKind.LOCATION: "location_opt_in",
}


class ConsentTextOutdated(DomainError):
    """What was agreed to is not what is asked for today."""

    kind = Kind.CONFLICT
    code = "users/consent-text-outdated"
    detail = Bilingual(
        ko="동의 문구가 바뀌었어요. 지금 문구를 읽고 다시 동의해 주세요.",
        en="The text has changed: read the one of today, then agree to it.",
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A consent as it was recorded; `is_new` is False where the same was said last already."""

    consent: UserConsent
    is_new: bool


@dataclass(frozen=True)
class Consents:
    """Records consents. Nothing is ever changed or deleted: the newest of a kind holds."""

    texts: Mapping[ConsentKind, Sequence[ConsentText]] = field(default_factory=all_texts)
    recipients: Recipients = field(default_factory=Recipients)

    @transaction.atomic(durable=True)
    def say(
        self,
        *,
        user_id: int,
        kind: ConsentKind,
        is_granted: bool,
        text_version: str,
        now: datetime,
    ) -> Said:
        """
        Record that somebody agrees, or no longer does; the flags follow at once.

        One agrees to the text of today only; what was agreed to under an earlier one can be taken
        back by naming either.

        Raises:
            ConsentTextOutdated: there is a newer text, or never was one of this version.
        """
        self._check(kind, text_version, is_granted=is_granted)
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        last = selectors.find_last_consent(user=user, kind=kind)
        if last and (last.is_granted, last.text_version) == (is_granted, text_version):
            return Said(consent=last, is_new=False)
        consent = UserConsent.objects.create(
            user=user, kind=kind, is_granted=is_granted, text_version=text_version, given_at=now
        )
        if kind in _FLAGS:
            setattr(user, _FLAGS[kind], is_granted)
            user.save(update_fields=[_FLAGS[kind], "updated_at"])
        if kind is ConsentKind.PUSH:
            self.recipients.follow_consent(
                user_id=user.pk, is_granted=is_granted, time_zone=user.time_zone, now=now
            )
        return Said(consent=consent, is_new=True)

    def _check(self, kind: ConsentKind, version: str, *, is_granted: bool) -> None:
        versions = [text.version for text in self.texts[kind]]
        if version not in (versions[-1:] if is_granted else versions):
            raise ConsentTextOutdated(
                field="text_version", extras={"current_version": versions[-1]}
            )
