"""Reads of devices and of how people want to be reached."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from notifications.models import ChannelPreference, Device, Recipient
from notifications.types import Channel, NotificationKind, Preferences, QuietHours


def list_devices(*, user_id: int) -> Sequence[Device]:
    """Return somebody's devices, the one seen last first. One query."""
    return list(Device.objects.filter(user_id=user_id).order_by("-last_seen_at", "-id"))


def get_preferences(*, user_id: int, time_zone: str) -> Preferences:
    """
    Return how somebody wants to be reached. Two queries.

    `time_zone` is the account's, for who has said nothing here yet.
    """
    recipient = Recipient.objects.filter(user_id=user_id).first()
    off = frozenset(
        (NotificationKind(kind), Channel(channel))
        for kind, channel in ChannelPreference.objects.filter(
            user_id=user_id, is_on=False
        ).values_list("kind", "channel")
    )
    if recipient is None:
        return Preferences(zone=ZoneInfo(time_zone), off=off)
    return Preferences(
        zone=ZoneInfo(recipient.time_zone),
        has_push_consent=recipient.has_push_consent,
        quiet_hours=_quiet_hours(recipient),
        off=off,
    )


def _quiet_hours(recipient: Recipient) -> QuietHours | None:
    if recipient.quiet_from is None or recipient.quiet_until is None:
        return None
    return QuietHours(recipient.quiet_from, recipient.quiet_until)
