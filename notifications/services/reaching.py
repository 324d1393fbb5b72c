"""How somebody wants to be reached: what the account says of it, and what they choose here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.conditions import Condition, state_of
from notifications import selectors
from notifications.models import ChannelPreference, Recipient
from notifications.types import Channel, NotificationKind, Preferences, QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an edit changes; whatever it does not name stays."""

    switches: Mapping[tuple[NotificationKind, Channel], bool]
    sets_quiet_hours: bool = False
    quiet_hours: QuietHours | None = None  # None: none at all


def preferences_state(preferences: Preferences, /) -> str:
    """Name the state that an edit of the preferences is made in."""
    quiet = preferences.quiet_hours
    return state_of(
        preferences.by_kind(),
        None if quiet is None else [quiet.starts.isoformat(), quiet.ends.isoformat()],
        preferences.zone.key,
        preferences.has_push_consent,
    )


@dataclass(frozen=True)
class Recipients:
    """Keeps how people want to be reached."""

    @transaction.atomic
    def follow_consent(
        self, *, user_id: int, is_granted: bool, time_zone: str, now: datetime
    ) -> None:
        """Take over what an account says of push notifications, in the transaction it is said in."""
        recipient = lock_recipient(user_id=user_id, time_zone=time_zone, now=now)
        recipient.has_push_consent, recipient.updated_at = is_granted, now
        recipient.save(update_fields=["has_push_consent", "updated_at"])

    @transaction.atomic
    def follow_zone(self, *, user_id: int, time_zone: str, now: datetime) -> None:
        """Take over the zone of an account, in which its quiet hours are."""
        recipient = lock_recipient(user_id=user_id, time_zone=time_zone, now=now)
        recipient.time_zone, recipient.updated_at = time_zone, now
        recipient.save(update_fields=["time_zone", "updated_at"])

    @transaction.atomic(durable=True)
    def edit(
        self,
        *,
        user_id: int,
        time_zone: str,
        wanted: Wanted,
        condition: Condition,
        now: datetime,
    ) -> Preferences:
        """
        Change switches and quiet hours.

        Raises:
            StateChanged: they are not as the caller saw them.
        """
        recipient = lock_recipient(user_id=user_id, time_zone=time_zone, now=now)
        seen = selectors.get_preferences(user_id=user_id, time_zone=time_zone)
        condition.check(preferences_state(seen))
        if wanted.sets_quiet_hours:
            quiet = wanted.quiet_hours
            recipient.quiet_from = None if quiet is None else quiet.starts
            recipient.quiet_until = None if quiet is None else quiet.ends
        recipient.updated_at = now
        recipient.save(update_fields=["quiet_from", "quiet_until", "updated_at"])
        ChannelPreference.objects.bulk_create(
            [
                ChannelPreference(user_id=user_id, kind=kind, channel=channel, is_on=is_on)
                for (kind, channel), is_on in wanted.switches.items()
            ],
            update_conflicts=True,
            unique_fields=["user", "kind", "channel"],
            update_fields=["is_on"],
        )
        return selectors.get_preferences(user_id=user_id, time_zone=time_zone)


def lock_recipient(*, user_id: int, time_zone: str, now: datetime) -> Recipient:
    """Return somebody's row, made where there is none, locked until the transaction ends."""
    Recipient.objects.bulk_create(
        [Recipient(user_id=user_id, time_zone=time_zone, updated_at=now)], ignore_conflicts=True
    )
    return Recipient.objects.select_for_update(no_key=True).get(user_id=user_id)
