"""When somebody may be reached, also on the days when clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.services.quieting import end_of_quiet, may_send_at
from notifications.types import Channel, NotificationKind, Preferences, QuietHours

SEOUL, BERLIN, NEW_YORK = (
    ZoneInfo("Asia/Seoul"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
)
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour of daylight saving
APIA = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
NIGHT = QuietHours(time(21), time(8))
PUSH, INBOX, NUDGE = Channel.PUSH, Channel.INBOX, NotificationKind.NUDGE


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def agreed(zone: ZoneInfo = SEOUL, quiet: QuietHours | None = NIGHT) -> Preferences:
    return Preferences(zone=zone, has_push_consent=True, quiet_hours=quiet)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-20T20:59:59", "2026-11-20T20:59:59"),
        ("2026-11-20T21:00:00", "2026-11-21T08:00:00"),
        ("2026-11-20T23:59:59", "2026-11-21T08:00:00"),
        ("2026-11-21T00:00:00", "2026-11-21T08:00:00"),
        ("2026-11-21T07:59:59.999999", "2026-11-21T08:00:00"),
        ("2026-11-21T08:00:00", "2026-11-21T08:00:00"),
    ],
)
def test_a_push_waits_for_the_end_of_the_night(local: str, expected: str) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=SEOUL)

    sent_at = may_send_at(moment=moment, kind=NUDGE, channel=PUSH, preferences=agreed())

    assert sent_at == datetime.fromisoformat(expected).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("zone", "quiet", "moment", "expected"),
    [
        # Clocks go from 02:00 to 03:00 (01:00 UTC): a night that ends in the gap ends with it.
        (BERLIN, QuietHours(time(22), time(2, 30)), "2026-03-29T00:30", "2026-03-29T01:00"),
        # The night is an hour shorter: 08:00 is 06:00 UTC, not 07:00.
        (BERLIN, NIGHT, "2026-03-28T20:30", "2026-03-29T06:00"),
        # Quiet hours inside the gap are no hours at all.
        (BERLIN, QuietHours(time(2), time(3)), "2026-03-29T00:59", "2026-03-29T00:59"),
        (BERLIN, QuietHours(time(2), time(3)), "2026-03-29T01:00", "2026-03-29T01:00"),
        # 02:00 to 03:00 comes twice (00:00 and 01:00 UTC): both are quiet.
        (BERLIN, QuietHours(time(2), time(3)), "2026-10-25T00:00", "2026-10-25T02:00"),
        (BERLIN, QuietHours(time(22), time(2, 30)), "2026-10-25T00:45", "2026-10-25T00:45"),
        (BERLIN, QuietHours(time(22), time(2, 30)), "2026-10-25T01:00", "2026-10-25T01:30"),
        # The night is an hour longer.
        (BERLIN, NIGHT, "2026-10-24T20:00", "2026-10-25T07:00"),
        (NEW_YORK, NIGHT, "2026-11-01T03:00", "2026-11-01T13:00"),
        (LORD_HOWE, QuietHours(time(22), time(2, 15)), "2026-10-03T15:15", "2026-10-03T15:30"),
        # The night of 29 December ends on the 31st, the next day there was.
        (APIA, NIGHT, "2011-12-30T08:00", "2011-12-30T18:00"),
    ],
)  # fmt: skip
def test_clocks_that_change_are_followed(
    zone: ZoneInfo, quiet: QuietHours, moment: str, expected: str
) -> None:
    assert end_of_quiet(moment=utc(moment), quiet_hours=quiet, zone=zone) == utc(expected)


def test_the_zone_is_the_persons_not_the_servers() -> None:
    moment = utc("2026-11-20T12:00")  # 21:00 in Seoul, 13:00 in Berlin

    in_seoul = may_send_at(moment=moment, kind=NUDGE, channel=PUSH, preferences=agreed(SEOUL))
    in_berlin = may_send_at(moment=moment, kind=NUDGE, channel=PUSH, preferences=agreed(BERLIN))

    assert (in_seoul, in_berlin) == (utc("2026-11-20T23:00"), moment)


def test_without_consent_nothing_is_ever_pushed() -> None:
    preferences = Preferences(zone=SEOUL, quiet_hours=None)

    assert may_send_at(moment=utc("2026-11-20T03:00"), kind=NUDGE, channel=PUSH, preferences=preferences) is None  # fmt: skip


def test_what_is_switched_off_is_not_sent_and_the_rest_is() -> None:
    moment = utc("2026-11-20T03:00")
    preferences = Preferences(
        zone=SEOUL, has_push_consent=True, quiet_hours=None, off=frozenset({(NUDGE, PUSH)})
    )

    def sent(kind: NotificationKind, channel: Channel) -> datetime | None:
        return may_send_at(moment=moment, kind=kind, channel=channel, preferences=preferences)

    assert sent(NUDGE, PUSH) is None
    assert sent(NotificationKind.TRIP, PUSH) == sent(NUDGE, INBOX) == moment


def test_the_inbox_takes_what_comes_at_night_and_without_consent() -> None:
    moment = utc("2026-11-20T15:00")

    kept = may_send_at(
        moment=moment, kind=NUDGE, channel=INBOX, preferences=Preferences(zone=SEOUL)
    )

    assert kept == moment


@pytest.mark.parametrize(
    "day", ["2026-03-29", "2026-10-25", "2026-11-01", "2026-10-04", "2026-04-05"]
)
@pytest.mark.parametrize("zone", [SEOUL, BERLIN, NEW_YORK, LORD_HOWE], ids=str)
@pytest.mark.parametrize(
    "quiet",
    [NIGHT, QuietHours(time(23), time(22)), QuietHours(time(1, 45), time(2, 15))],
    ids=str,
)
def test_nothing_is_ever_sent_in_quiet_hours_nor_later_than_a_day(
    quiet: QuietHours, zone: ZoneInfo, day: str
) -> None:
    for hour in range(-24, 24, 3):
        moment = utc(f"{day}T00:07:30") + timedelta(hours=hour)

        sent_at = end_of_quiet(moment=moment, quiet_hours=quiet, zone=zone)

        assert not quiet.covers(sent_at.astimezone(zone).time())
        assert timedelta() <= sent_at - moment <= timedelta(hours=25)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        end_of_quiet(moment=datetime(2026, 3, 29, 2, 30), quiet_hours=NIGHT, zone=BERLIN)  # noqa: DTZ001 - on purpose


def test_quiet_hours_last_less_than_a_day() -> None:
    with pytest.raises(ValueError, match="less than a day"):
        QuietHours(time(8), time(8))
