"""An operator sets the days of an event: its hours, the calendar and syncs follow."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from analytics.models import AuditEntry
from places.models import Place, PlaceSyncLog
from places.services.closing_events import PastEvents
from places.services.editing import PlaceEdits
from places.services.event_days import check_days
from tests.builders.places import make_place
from tests.builders.users import make_user
from tests.places.test_admin import post

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)  # already the 21st in Seoul
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
WEEK = [[[600, 1080]]] * 7
HOURS_GROUP = ["hours", "hours_as_of", "hours_provenance", "hours_source"]
DAYS = ["valid_from", "valid_until"]


def make_event(**fields: Any) -> Place:
    hours = {"v": 1, "week": WEEK, "closures": [["outside", "2026-11-01", "2026-11-20"]]}
    said: dict[str, Any] = {
        "hours": hours,
        "hours_provenance": "stated",
        "valid_from": FIRST,
        "valid_until": LAST,
    }
    return make_place(**(said | fields))


def edit(place: Place, **fields: Any) -> Place:
    for name, value in fields.items():
        setattr(place, name, value)
    PlaceEdits().save(place=place, changed=list(fields), now=NOW)
    return Place.objects.get(pk=place.pk)


def test_an_event_that_lasts_longer_is_open_on_its_new_days_and_no_sync_ends_it() -> None:
    after = edit(make_event(), valid_until=date(2026, 12, 24))

    log = PlaceSyncLog.objects.get()
    assert after.hours == {
        "v": 1, "week": WEEK, "closures": [["outside", "2026-11-01", "2026-12-24"]],
    }  # fmt: skip
    assert after.edited_fields == sorted([*HOURS_GROUP, "is_active", *DAYS])
    assert (after.hours_provenance, after.facts) == ("stated", {})
    assert log.diff["valid_until"] == ["2026-11-20", "2026-12-24"]
    assert set(log.diff) == {"valid_until", "hours"}


def test_one_that_the_calendar_closed_is_there_again_until_its_new_last_day() -> None:
    place = make_event()
    closed = PastEvents().close(now=NOW)
    place.refresh_from_db()

    again = edit(place, valid_until=date(2026, 11, 21))
    not_yet = PastEvents().close(now=datetime(2026, 11, 21, 14, 59, tzinfo=UTC))
    over = PastEvents().close(now=datetime(2026, 11, 21, 15, tzinfo=UTC))

    assert (closed, again.is_active, again.closed_at) == (1, True, None)
    assert (not_yet, over) == (0, 1)
    assert not Place.objects.get().is_active


def test_one_that_an_operator_closed_stays_closed() -> None:
    place = edit(make_event(), is_active=False)

    after = edit(place, valid_until=date(2026, 12, 24))

    assert not after.is_active


def test_what_becomes_an_event_has_days_in_its_hours_and_loses_them_again() -> None:
    place = make_place(hours=None)

    event = edit(place, valid_from=FIRST, valid_until=date(2026, 12, 24))
    always = edit(event, valid_from=None, valid_until=None)

    assert event.hours == {"v": 1, "closures": [["outside", "2026-11-01", "2026-12-24"]]}
    assert (event.hours_provenance, event.hours_source) == ("stated", "operator")
    assert (always.hours, always.hours_provenance, always.facts) == (None, "prior", {})


def test_hours_that_are_corrected_or_taken_back_keep_the_days() -> None:
    place = make_event()
    corrected = edit(place, hours={"v": 1, "week": [[[0, 1440]]] * 7})
    at_first = (corrected.hours, corrected.hours_source, corrected.hours_provenance)

    emptied = edit(corrected, hours=None)

    rule = ["outside", "2026-11-01", "2026-11-20"]
    held = {"v": 1, "week": [[[0, 1440]]] * 7, "closures": [rule]}
    assert at_first == (held, "operator", "stated")
    assert emptied.hours == {"v": 1, "closures": [rule]}
    assert (emptied.hours_source, emptied.hours_provenance) == ("operator", "stated")
    assert emptied.edited_fields == sorted([*HOURS_GROUP, *DAYS])


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (FIRST, None, "valid_until"),
        (None, LAST, "valid_from"),
        (LAST, FIRST, "valid_until"),
        (date(1026, 11, 1), date(1026, 11, 20), "valid_from"),
        (date(2026, 11, 1), date(2029, 11, 20), "valid_until"),
    ],
)
def test_days_that_cannot_be_are_refused_beside_their_field(
    first: date | None, last: date | None, field: str
) -> None:
    with pytest.raises(ValidationError) as failure:
        check_days(first, last)

    assert list(failure.value.message_dict) == [field]


def test_the_editor_changes_the_days_and_the_audit_log_says_so(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    place = make_event()

    refused = post(client, place, valid_until="2026-10-31")
    answer = post(client, place, valid_until="2026-12-24")

    entry = AuditEntry.objects.get(action="admin.changed")
    page = client.get(reverse("admin:places_place_change", args=[place.pk])).content.decode()
    assert "The last day lies before the first." in refused.content.decode()
    assert answer.status_code == 302
    assert Place.objects.get().valid_until == date(2026, 12, 24)
    assert (entry.before, entry.after) == (
        {"valid_until": "2026-11-20"}, {"valid_until": "2026-12-24"},
    )  # fmt: skip
    assert 'name="valid_from"' in page
