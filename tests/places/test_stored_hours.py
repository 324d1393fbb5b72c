import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from structlog.testing import capture_logs

from places.models import Place
from places.opening.closures import WeekdayClosure
from places.opening.types import OpeningHours, every_day
from places.stored_hours import NO_HOURS, Shelf, list_hours
from tests.builders.places import make_place
from tests.places.candidates import TEN_TO_TEN, stated

pytestmark = pytest.mark.django_db

HOURS = OpeningHours(week=TEN_TO_TEN)
OTHER = OpeningHours(week=every_day(((600, 1200),)))


def key_of(place: Place) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hours::text FROM places_place WHERE id = %s", [place.pk])
        (text,) = cursor.fetchone()
    return hashlib.sha256(text.encode()).digest()[:16]


def test_equal_hours_are_one_object_and_read_once(django_assert_num_queries: Any) -> None:
    places = [make_place(name=name, **stated(HOURS)) for name in ("가", "나")]
    pks, keys, shelf = [p.pk for p in places], [key_of(p) for p in places], Shelf()

    with django_assert_num_queries(1):
        first, second = list_hours(pks=pks, keys=keys, shelf=shelf)
        again, _ = list_hours(pks=pks, keys=keys, shelf=shelf)

    assert first == HOURS
    assert first is second is again


def test_hours_edited_since_their_name_was_read_are_those_of_now() -> None:
    edited, other = (make_place(name=name, **stated(HOURS)) for name in ("가", "나"))
    keys, shelf = [key_of(edited), key_of(other)], Shelf()
    Place.objects.filter(pk=edited.pk).update(hours=OTHER.to_json())

    found = list_hours(pks=[edited.pk, other.pk], keys=keys, shelf=shelf)
    kept = list_hours(pks=[other.pk], keys=keys[1:], shelf=shelf)

    assert found == [OTHER, HOURS]
    assert kept == [HOURS]


def test_hours_said_in_other_words_are_one_object_without_the_words() -> None:
    said = [
        replace(HOURS, source_text=text, notes=(text,)) for text in ("10:00-22:00", "매일 10~22시")
    ]
    places = [make_place(name=hours.source_text, **stated(hours)) for hours in said]
    pks, keys, shelf = [p.pk for p in places], [key_of(p) for p in places], Shelf()

    first, second = list_hours(pks=pks, keys=keys, shelf=shelf)
    (later,) = list_hours(pks=pks[1:], keys=keys[1:], shelf=shelf)

    assert keys[0] != keys[1]
    assert first == HOURS
    assert first is second is later


def test_hours_that_differ_by_a_closing_day_are_told_apart() -> None:
    closed = replace(HOURS, closures=(WeekdayClosure(0),))
    places = [make_place(name=f"{i}", **stated(hours)) for i, hours in enumerate((HOURS, closed))]

    found = list_hours(pks=[p.pk for p in places], keys=[key_of(p) for p in places], shelf=Shelf())

    assert found == [HOURS, closed]


def test_nothing_is_asked_where_nothing_is_known(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert list_hours(pks=[1, 2], keys=[NO_HOURS, NO_HOURS], shelf=Shelf()) == [None, None]


def test_hours_that_cannot_be_read_are_logged_each_time_and_not_kept() -> None:
    place = make_place(hours={"v": 99}, hours_provenance="stated")
    shelf = Shelf()

    with capture_logs() as logs:
        found = [list_hours(pks=[place.pk], keys=[key_of(place)], shelf=shelf) for _ in range(2)]

    assert found == [[None], [None]]
    assert [entry["event"] for entry in logs] == ["place_hours_malformed"] * 2


def test_a_shelf_keeps_no_more_than_it_has_room_for() -> None:
    shelf = Shelf(high=2)

    for key in (b"a", b"b", b"c"):
        shelf.keep(key, HOURS)

    assert list(shelf.find([b"a", b"b", b"c"])) == [b"b", b"c"]
