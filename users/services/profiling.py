"""Changing one's own profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import available_timezones

from django.db import transaction

from common.conditions import Condition, state_of
from notifications.services.reaching import Recipients
from users.models import User
from users.services.tasting import STATED, StatedTaste, Tasting

EDITABLE: Final = (
    "locale", "time_zone", "time_budget_min", "budget_band", "mobility_mode", "privacy_level",
)  # fmt: skip
# Names that mean another zone on every machine, or none.
_NO_PLACE: Final = frozenset({"localtime", "Factory"})


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    """Return the names of the IANA zones."""
    return frozenset(available_timezones()) - _NO_PLACE


def profile_state(user: User, /) -> str:
    """Name the state of a profile: what an edit, the quiz, a consent or a change of taste changes."""
    return state_of(
        str(user.public_id),
        user.email,
        *(getattr(user, name) for name in EDITABLE),
        user.preferences,
        user.push_opt_in,
        user.location_opt_in,
        str(user.onboarded_at),
    )


@dataclass(frozen=True)
class Profiles:
    """Edits profiles."""

    tasting: Tasting = field(default_factory=Tasting)
    recipients: Recipients = field(default_factory=Recipients)

    @transaction.atomic(durable=True)
    def edit(
        self,
        *,
        user_id: int,
        changes: Mapping[str, Any],
        strengths: Mapping[str, float | None],
        condition: Condition,
        now: datetime,
    ) -> User:
        """
        Change the fields EDITABLE that `changes` names, and the strengths of the moods and categories
        in `strengths`; whatever is not named stays.

        Raises:
            StateChanged: the profile is not as the caller saw it.
        """
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        condition.check(profile_state(user))
        for name in changes:
            setattr(user, name, changes[name])
        before = StatedTaste.of(user)
        after = before.with_strengths(strengths)
        if after != before:
            self.tasting.remember(user=user, before=before, now=now)
            self.tasting.state(user, after)
        user.save(update_fields=[*changes, *STATED, "updated_at"])
        if "time_zone" in changes:
            self.recipients.follow_zone(user_id=user.pk, time_zone=user.time_zone, now=now)
        return user
