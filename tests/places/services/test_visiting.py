"""Counting visits: once each, in the hours of the place's own clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from common.acting import acting_as_system
from places.models import CountedVisit, KindCongestion, Place, PlaceCongestionDaily
from places.services.folding_visits import VisitFolding
from places.services.visiting import CountVisits
from places.visits.types import Counted, Visit
from tests.builders.places import make_city, make_place

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def count(*visits: Visit, now: datetime = NOW) -> Counted:
    return CountVisits().count(visits=visits, now=now)


def visit(place: Place, arrived: str, left: str | None = None, **fields: Any) -> Visit:
    defaults = {"operation_id": f"{arrived} {left}"}
    return Visit(
        place_id=place.pk,
        arrived_at=at(arrived),
        left_at=None if left is None else at(left),
        **(defaults | fields),
    )


def hours() -> dict[date, dict[int, int]]:
    return {
        day.date: {hour: many for hour, many in enumerate(day.hour_profile) if many}
        for day in PlaceCongestionDaily.objects.order_by("date")
    }


def visitors() -> list[int]:
    return list(
        PlaceCongestionDaily.objects.order_by("date").values_list("visitors_count", flat=True)
    )


@pytest.mark.django_db
def test_a_visit_counts_in_every_hour_that_it_touches() -> None:
    place = make_place()

    count(
        visit(place, "2026-11-20T13:50:00+09:00", "2026-11-20T15:10:00+09:00"),
        visit(place, "2026-11-20T14:00:00+09:00", "2026-11-20T15:00:00+09:00"),
    )

    assert hours() == {date(2026, 11, 20): {13: 1, 14: 2, 15: 1}}
    day = PlaceCongestionDaily.objects.get()
    assert (day.visitors_count, day.stays_count, day.stays_min) == (2, 2, 140)


@pytest.mark.django_db
def test_where_nobody_saw_it_end_the_usual_stay_is_taken() -> None:
    place = make_place(stay_min=50)

    count(visit(place, "2026-11-20T13:30:00+09:00"))

    assert hours() == {date(2026, 11, 20): {13: 1, 14: 1}}
    assert PlaceCongestionDaily.objects.get().stays_count == 0


@pytest.mark.django_db
def test_a_visit_over_midnight_has_its_visitor_on_the_first_day() -> None:
    place = make_place()

    count(visit(place, "2026-11-19T14:30:00+00:00", "2026-11-19T16:00:00+00:00"))

    assert hours() == {date(2026, 11, 19): {23: 1}, date(2026, 11, 20): {0: 1}}
    assert visitors() == [1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arrived", "left", "touched"),
    [
        # The clock goes from 02:00 to 03:00.
        ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", {1: 1, 3: 1}),
        # It shows 02:30 twice: one visitor in that hour.
        ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", {2: 1}),
    ],
)
def test_hours_are_those_of_the_places_clock_when_it_is_changed(
    arrived: str, left: str, touched: dict[int, int]
) -> None:
    prague = make_city(slug="prague", time_zone="Europe/Prague", country="CZ", currency="CZK")
    place = make_place(city=prague, time_zone="Europe/Prague", currency="CZK")

    count(visit(place, arrived, left), now=at(left))

    assert list(hours().values()) == [touched]


@pytest.mark.django_db
def test_a_visit_counts_once_however_often_it_is_handed_down() -> None:
    place, other = make_place(), make_place(name="다른 곳")
    one = visit(place, "2026-11-20T13:00:00+09:00", operation_id="node 1")

    first = count(one, one)
    again = count(one, visit(other, "2026-11-20T13:00:00+09:00", operation_id="node 1"))

    assert (first.counted, first.repeated) == (1, 1)
    assert (again.counted, again.repeated) == (1, 1)
    assert visitors() == [1, 1]


@pytest.mark.django_db
def test_what_is_kept_of_a_visit_names_neither_it_nor_anybody() -> None:
    place = make_place()

    count(visit(place, "2026-11-20T13:00:00+09:00", operation_id="trip-node-77"))

    (kept,) = CountedVisit.objects.values()
    assert kept == {"key": kept["key"], "date": date(2026, 11, 20)}
    assert "77" not in kept["key"] or len(kept["key"]) == 64


@pytest.mark.django_db
def test_impossible_visits_are_refused_and_the_others_count() -> None:
    place = make_place()
    noon = "2026-11-20T12:00:00+09:00"

    done = count(
        Visit(place_id=0, arrived_at=at(noon), left_at=None, operation_id="a"),
        visit(place, "2026-11-20T12:00:00"),
        visit(place, noon, "2026-11-20T11:59:00+09:00"),
        visit(place, noon, "2026-11-21T04:01:00+09:00"),
        visit(place, (NOW + timedelta(minutes=6)).isoformat()),
        visit(place, (NOW - timedelta(days=401)).isoformat()),
        visit(place, noon),
    )

    assert list(done.refused.values()) == [
        "place_unknown", "naive_time", "ends_before_it_begins", "too_long", "in_the_future",
        "too_old",
    ]  # fmt: skip
    assert done.counted == 1
    assert visitors() == [1]


@pytest.mark.django_db
def test_a_day_is_complete_only_while_all_of_it_is() -> None:
    place = make_place()
    count(visit(place, "2026-11-20T12:00:00+09:00", is_complete=True))
    count(visit(place, "2026-11-19T12:00:00+09:00", is_complete=True))

    count(visit(place, "2026-11-20T13:00:00+09:00"))

    said = PlaceCongestionDaily.objects.order_by("date").values_list("is_complete", flat=True)
    assert list(said) == [True, False]


@pytest.mark.django_db(transaction=True)
def test_of_visits_counted_and_folded_at_once_none_is_lost_or_doubled() -> None:
    places = [make_place(name=f"{number}") for number in range(3)]
    visits = [
        visit(place, "2026-11-20T13:00:00+09:00", operation_id=f"{number}")
        for place in places
        for number in range(20)
    ]

    def hand_down(turn: int) -> int:
        try:
            with acting_as_system():
                return count(*visits[turn:], *visits[:turn]).counted
        finally:
            connections.close_all()

    def fold(_: int) -> None:
        try:
            VisitFolding().fold(now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counted = list(pool.map(hand_down, [0, 15, 30, 45]))
        list(pool.map(fold, range(4)))

    assert sum(counted) == 60
    assert visitors() == [20, 20, 20]
    assert KindCongestion.objects.get().visits == 60
