"""Reports of visitors, from outside."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from places.api.viewsets import details
from places.models import CongestionProfile, FactConfidence, Place, PlaceReport
from places.opening.types import OpeningHours, every_day
from tests.builders.places import make_place
from tests.builders.reports import make_report, make_reporter
from tests.builders.users import PASSWORD, make_client, make_user
from users.models import User

OWN = "/api/v1/users/me/reports"


def address(place: Place) -> str:
    return f"/api/v1/places/{place.public_id}/reports"


def report(place: Place, *, user: User | None = None, **body: Any) -> Any:
    client = make_client(user=user or make_reporter())
    return client.post(address(place), {"kind": "wrong_hours"} | body)


def detail(place: Place, language: str = "ko") -> Any:
    client = APIClient(headers={"accept-language": language})
    return client.get(f"/api/v1/places/{place.public_id}").json()


def known_hours(**fields: Any) -> dict[str, Any]:
    hours = OpeningHours(week=every_day(((0, 1440),)))
    return {"hours": hours.to_json(), "hours_provenance": "stated", "hours_source": "osm"} | fields


@pytest.mark.django_db
def test_a_report_is_filed_listed_and_taken_back() -> None:
    place, user = make_place(), make_reporter()
    client = make_client(user=user)

    filed = client.post(address(place), {"kind": "closed_for_good", "note": " 간판이 \n 없어요 "})
    listed = client.get(OWN).json()
    taken_back = client.delete(f"{OWN}/{filed.json()['id']}")

    assert (filed.status_code, taken_back.status_code) == (201, 204)
    assert listed == {"next": None, "previous": None, "results": [filed.json()]}
    assert filed.json()["note"] == "간판이 없어요"
    assert filed.json()["place"] == {"id": str(place.public_id), "name": "조용한카페"}
    assert client.get(OWN).json()["results"][0]["status"] == "withdrawn"
    assert not FactConfidence.objects.exists()


@pytest.mark.django_db
def test_saying_it_again_renews_the_report() -> None:
    place, user = make_place(), make_reporter()
    first = report(place, user=user)

    again = report(place, user=user, note="월요일에도 쉬어요")
    other = report(place, user=user, kind="wrong_price")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["note"] == "월요일에도 쉬어요"
    assert PlaceReport.objects.count() == 2


@pytest.mark.django_db
def test_a_report_that_is_sent_again_under_its_key_is_filed_once() -> None:
    place, client = make_place(), make_client(user=make_reporter())
    body, key = {"kind": "wrong_price"}, {"idempotency-key": "report-1"}

    first = client.post(address(place), body, headers=key)
    again = client.post(address(place), body, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert PlaceReport.objects.count() == 1


@pytest.fixture
def _details_anew() -> Iterator[None]:
    """Let nothing be kept of what was told a minute ago, before and after."""
    details.cache_clear()
    yield
    details.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("_details_anew")
def test_how_full_a_place_is_tells_who_says_so() -> None:
    place = make_place(congestion_score=0.5)
    usual = detail(place)["congestion"]
    for day_class in ("weekday", "weekend"):
        CongestionProfile.objects.create(
            place=place,
            day_class=day_class,
            visits=47,
            factors=[0.5] * 24,
            waits=[3] * 24,
            computed_at=timezone.now(),
        )
    details.cache_clear()  # what it keeps for a minute

    by_visits = detail(place)["congestion"]

    assert (usual["basis"], usual["visits"], usual["wait_min"]) == ("usual", 0, None)
    assert (by_visits["basis"], by_visits["visits"], by_visits["wait_min"]) == ("visits", 40, 3)
    assert by_visits["level"] == pytest.approx(usual["level"] / 2, abs=0.02)


@pytest.mark.django_db
def test_two_independent_people_bring_hours_into_doubt() -> None:
    place = make_place(**known_hours())
    report(place)
    after_one = detail(place)

    report(place, kind="closed_now")

    after_two = detail(place, "en")
    assert (after_one["hours"]["status"], after_one["doubts"]) == ("known", [])
    assert after_two["hours"]["status"] == "doubted"
    (doubt,) = after_two["doubts"]
    assert (doubt["fact"], doubt["confidence"]) == ("hours", 0.6)
    assert doubt["warning"] == "Visitors found other opening hours."


@pytest.mark.django_db
def test_however_many_report_it_a_place_is_closed_by_no_visitor() -> None:
    place = make_place()

    for _ in range(5):
        report(place, kind="closed_for_good")

    shown = detail(place)
    place.refresh_from_db()
    assert (place.is_active, place.closed_at) == (True, None)
    assert [doubt["fact"] for doubt in shown["doubts"]] == ["existence"]


@pytest.mark.django_db
def test_fresh_accounts_cast_no_doubt() -> None:
    place = make_place()

    for _ in range(5):
        report(place, user=make_user(), kind="closed_for_good")

    assert detail(place)["doubts"] == []


@pytest.mark.django_db
def test_a_withdrawn_report_lifts_the_doubt() -> None:
    place, user = make_place(**known_hours()), make_reporter()
    report(place)
    mine = report(place, user=user).json()["id"]

    make_client(user=user).delete(f"{OWN}/{mine}")

    assert detail(place)["hours"]["status"] == "known"


@pytest.mark.django_db
def test_found_shut_when_it_should_be_shut_is_refused() -> None:
    morning = OpeningHours(week=every_day(((540, 600),)))
    place = make_place(**known_hours(hours=morning.to_json()))
    yesterday = timezone.now() - timedelta(days=1)
    noon, half_past_nine = (
        datetime.combine(yesterday.date(), datetime.min.time()).isoformat()[:11] + clock
        for clock in ("12:00:00+09:00", "09:30:00+09:00")
    )

    refused = report(place, kind="closed_now", seen_at=noon)
    taken = report(place, kind="closed_now", seen_at=half_past_nine)

    assert (refused.status_code, refused.json()["code"]) == (422, "places/closed-anyway")
    assert refused.json()["errors"][0]["field"] == "seen_at"
    assert taken.status_code == 201
    assert PlaceReport.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("ago", [timedelta(days=31), -timedelta(minutes=10)])
def test_what_was_seen_too_long_ago_or_not_yet_is_refused(ago: timedelta) -> None:
    place = make_place()

    refused = report(place, seen_at=(timezone.now() - ago).isoformat())

    assert (refused.status_code, refused.json()["code"]) == (422, "places/seen-out-of-bounds")
    assert not PlaceReport.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "haunted"}, "kind"),
        ({"kind": None}, "kind"),
        ({"seen_at": "2026-11-20T12:00:00"}, "seen_at"),
        ({"note": "x" * 501}, "note"),
        ({"note": 5}, "note"),
        ({"weight": 1}, "weight"),
    ],
)
def test_what_is_malformed_is_refused_by_its_field(body: dict[str, Any], field: str) -> None:
    refused = report(make_place(), **body)

    assert refused.status_code in {400, 422}
    assert refused.json()["errors"][0]["field"] == field
    assert not PlaceReport.objects.exists()


@pytest.mark.django_db
def test_places_that_are_not_there_and_reports_of_others_are_not_found() -> None:
    closed = make_place(is_active=False)
    of_other = make_report(user=make_reporter())
    client = make_client(user=make_reporter())

    on_closed = client.post(address(closed), {"kind": "other"})
    withdrawn = [client.delete(f"{OWN}/{one}") for one in (of_other.public_id, uuid7())]

    assert (on_closed.status_code, on_closed.json()["code"]) == (404, "places/place-not-found")
    assert [one.json()["code"] for one in withdrawn] == ["places/report-not-found"] * 2
    of_other.refresh_from_db()
    assert of_other.status == "open"


@pytest.mark.django_db
def test_who_leaves_is_nobody_and_what_they_reported_counts_on() -> None:
    place, user = make_place(**known_hours()), make_reporter()
    report(place)
    report(place, user=user, note="제 번호는 010-…")

    left = make_client(user=user).delete("/api/v1/users/me", {"password": PASSWORD})
    make_client(user=make_reporter()).post(address(place), {"kind": "other"})

    assert left.status_code == 204
    assert PlaceReport.objects.filter(note__contains="010").count() == 0
    assert PlaceReport.objects.filter(user=None).count() == 1
    assert detail(place)["hours"]["status"] == "doubted"


@pytest.mark.django_db(transaction=True)
def test_of_one_report_sent_eight_times_at_once_one_is_kept() -> None:
    place, user = make_place(), make_reporter()
    client = make_client(user=user)

    def send(_: int) -> int:
        try:
            return int(client.post(address(place), {"kind": "wrong_price"}).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))

    assert statuses == [200] * 7 + [201]
    assert PlaceReport.objects.count() == 1
    assert FactConfidence.objects.get().reporters == 1
