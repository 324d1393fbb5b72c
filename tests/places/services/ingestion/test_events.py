"""Events on their way from a source to the planner: there on their days, and on no other."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from places.models import Place, PlaceSyncLog, RawRecord
from places.opening.types import OpeningHours
from places.services.closing_events import PastEvents
from places.types import HoursText
from tests.builders.ingestion import ListedPlaces, ingest, prepare_city
from tests.builders.places import make_place
from tests.places.candidates import SATURDAY_2PM, find, names
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _city(folder: Path) -> None:
    prepare_city(folder, now=NOW)


def exhibition(*, first: date = TODAY, last: date = TODAY, **fields: Any) -> dict[str, Any]:
    usual = {"id": 1, "name": "달빛 특별전", "category": "gallery", "source_class": "전시"}
    return usual | {"valid_from": first, "valid_until": last} | fields


def test_an_event_is_a_candidate_on_its_days_alone() -> None:
    ingest(ListedPlaces([exhibition(last=TODAY + timedelta(days=1))]), now=NOW)

    days = [SATURDAY_2PM + timedelta(days=away) for away in (-1, 0, 1, 2)]

    assert [names(find(starts_at=day)) for day in days] == [
        [],
        ["달빛 특별전"],
        ["달빛 특별전"],
        [],
    ]


def test_a_plan_that_passes_midnight_knows_the_events_of_both_days() -> None:
    tonight = exhibition(hours=hours("24/7"), first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=1))  # fmt: skip
    ingest(ListedPlaces([tonight]), now=NOW)

    found = find(starts_at=SATURDAY_2PM.replace(hour=17), time_budget_min=15 * 60)

    assert names(found) == ["달빛 특별전"]
    (place,) = found.places
    assert all(window.opens >= 7 * 60 for window in place.candidate.windows)


def test_an_event_does_not_crowd_out_what_is_there_today() -> None:
    make_place(name="미술관", category="gallery", popularity=0.1, latitude=37.5580)
    events = [
        exhibition(id=n, name=f"내일의 전시 {n}호", first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=9), latitude=37.5563 + n / 10_000)
        for n in range(3)
    ]  # fmt: skip
    ingest(ListedPlaces(events), now=NOW)

    found = find(limit=1)

    assert names(found) == ["미술관"]
    assert not found.dropped.get("closed")  # nobody looked at them, so that they took no place


def test_an_event_and_its_house_stay_two_places() -> None:
    house = {"id": 9, "name": "달빛 특별전", "category": "gallery", "source_class": "gallery"}
    ingest(ListedPlaces([house], slug="houses"), now=NOW)
    ingest(ListedPlaces([exhibition()], slug="events"), now=NOW)

    found = Place.objects.order_by("valid_from")

    assert [(one.name, one.valid_from, one.valid_until) for one in found] == [
        ("달빛 특별전", TODAY, TODAY),
        ("달빛 특별전", None, None),
    ]
    assert len({one.site for one in found}) == 1  # a plan never has both


def test_stated_hours_hold_on_its_days() -> None:
    ingest(ListedPlaces([exhibition(hours=hours("10:00-18:00"))]), now=NOW)

    said = Place.objects.get().hours
    assert said is not None
    stored = OpeningHours.from_json(said)
    assert stored.has_times
    assert [closure.to_json() for closure in stored.closures] == [
        ["outside", "2026-11-21", "2026-11-21"]
    ]
    assert names(find(starts_at=SATURDAY_2PM)) == ["달빛 특별전"]
    assert names(find(starts_at=SATURDAY_2PM + timedelta(days=7))) == []


def hours(said: str) -> Any:
    return HoursText(osm=said)


def test_what_is_over_when_it_is_read_is_no_place() -> None:
    yesterday = TODAY - timedelta(days=1)

    job = ingest(ListedPlaces([exhibition(first=yesterday, last=yesterday)]), now=NOW)

    assert job.counts["received"]["new"] == 1
    assert not Place.objects.exists()


def test_an_event_closes_behind_its_last_day_where_it_is() -> None:
    ingest(ListedPlaces([exhibition()]), now=NOW)
    late = datetime.fromisoformat("2026-11-21T23:59:00+09:00")
    over = datetime.fromisoformat("2026-11-22T00:00:00+09:00")

    closed = [PastEvents().close(now=moment) for moment in (late, over, over)]

    place = Place.objects.get()
    assert closed == [0, 1, 0]
    assert (place.is_active, place.closed_at) == (False, over)
    assert PlaceSyncLog.objects.get(source="the calendar").diff == {"is_active": [True, False]}


def test_an_operator_may_keep_an_event_open() -> None:
    ingest(ListedPlaces([exhibition()]), now=NOW)
    Place.objects.update(edited_fields=["is_active"])

    assert PastEvents().close(now=NOW + timedelta(days=9)) == 0


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (TODAY, TODAY - timedelta(days=1), "ends before it begins"),
        (TODAY, None, "half a period"),
    ],
)
def test_a_period_that_is_none_is_refused(first: date, last: Any, reason: str) -> None:
    ingest(ListedPlaces([exhibition(first=first, last=last)]), now=NOW)

    assert RawRecord.objects.get(source="listed").refusal == reason


def test_the_detail_of_an_event_names_its_days() -> None:
    place = make_place(valid_from=TODAY, valid_until=TODAY + timedelta(days=1))
    plain = make_place(name="늘 있는 곳")

    answers = [APIClient().get(f"/api/v1/places/{one.public_id}").json() for one in (place, plain)]

    assert [answer["period"] for answer in answers] == [
        {"first_day": "2026-11-21", "last_day": "2026-11-22"},
        None,
    ]


def test_an_event_that_two_sources_name_lasts_as_long_as_either_says() -> None:
    longer = exhibition(first=TODAY + timedelta(days=-2), last=TODAY + timedelta(days=3))
    ingest(ListedPlaces([exhibition()], slug="one"), now=NOW)
    ingest(ListedPlaces([longer], slug="two"), now=NOW)

    place = Place.objects.get()

    assert (place.valid_from, place.valid_until) == (longer["valid_from"], longer["valid_until"])
