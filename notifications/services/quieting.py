"""Whether somebody may be reached, and when."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from notifications.types import Channel, NotificationKind, Preferences, QuietHours

_MINUTE: Final = timedelta(minutes=1)
# A zone may skip a day, or see an hour twice; quiet hours that never end are a bug.
_LONGEST: Final = 3 * 24 * 60


def may_send_at(
    *, moment: datetime, kind: NotificationKind, channel: Channel, preferences: Preferences
) -> datetime | None:
    """
    Return the first time from `moment` on at which somebody may be reached; None for never.

    Pushes ask for a consent and keep quiet hours; what waits in the inbox disturbs nobody.
    """
    if not preferences.is_on(kind, channel):
        return None
    if channel is Channel.INBOX:
        return moment
    if not preferences.has_push_consent:
        return None
    if preferences.quiet_hours is None:
        return moment
    return end_of_quiet(moment=moment, quiet_hours=preferences.quiet_hours, zone=preferences.zone)


def end_of_quiet(*, moment: datetime, quiet_hours: QuietHours, zone: ZoneInfo) -> datetime:
    """
    Return the first time from `moment` on at which the wall clock in `zone` shows no quiet hour.

    Time passes in UTC and the clock is read anew each minute, so that an hour which the clock skips
    or shows twice needs no rule of its own.

    Raises:
        ValueError: the moment has no zone.
    """
    if moment.utcoffset() is None:
        raise ValueError("the moment must have a time zone")
    at = moment.astimezone(UTC)
    for _ in range(_LONGEST):
        if not quiet_hours.covers(at.astimezone(zone).time()):
            return at
        at = at.replace(second=0, microsecond=0) + _MINUTE
    raise ValueError(f"quiet hours that never end: {quiet_hours}")
