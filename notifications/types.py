"""What the layers of notifications pass to one another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class NotificationKind(StrEnum):
    """What a notification is about; a person switches each on and off."""

    NUDGE = "nudge"
    TRIP = "trip"
    MISSION = "mission"
    PARTY = "party"


class Channel(StrEnum):
    """How a notification comes: to a device, or into the inbox of the app."""

    PUSH = "push"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of the day to another, past midnight where the second is the earlier."""

    starts: time
    ends: time  # the first moment that is not quiet any more

    def __post_init__(self) -> None:
        if self.starts == self.ends:
            raise ValueError("quiet hours must last less than a day")

    def covers(self, at: time) -> bool:
        """Tell whether a wall clock that shows `at` shows a quiet hour."""
        if self.starts < self.ends:
            return self.starts <= at < self.ends
        return at >= self.starts or at < self.ends


# Those at which Korean law asks for a consent of its own before anything is advertised.
DEFAULT_QUIET_HOURS: Final = QuietHours(time(21), time(8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How somebody wants to be reached."""

    zone: ZoneInfo
    has_push_consent: bool = False
    quiet_hours: QuietHours | None = DEFAULT_QUIET_HOURS
    off: frozenset[tuple[NotificationKind, Channel]] = frozenset()

    def is_on(self, kind: NotificationKind, channel: Channel) -> bool:
        return (kind, channel) not in self.off

    def by_kind(self) -> Mapping[str, Mapping[str, bool]]:
        """Return each switch as the API shows it."""
        return {
            kind.value: {channel.value: self.is_on(kind, channel) for channel in Channel}
            for kind in NotificationKind
        }
