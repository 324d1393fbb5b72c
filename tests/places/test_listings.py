"""That the listing of a place says what the place says, whoever wrote it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Point as Geometry
from django.db import connection, transaction

from engine.catalogue import MOODS
from places.listing_models import MOOD_BITS
from places.models import FactConfidence, Place, PlaceListing
from places.opening.types import OpeningHours
from tests.builders.places import make_place, multiply_places
from tests.builders.reports import make_doubt
from tests.places.candidates import TEN_TO_TEN, stated

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
FAR = Geometry(127.9, 37.5563, srid=4326)
QUIET = {"quiet": {"confidence": 0.6, "evidence": "tag"}}


def differing() -> list[int]:
    """Return the places whose listing is missing, left over, or says anything else than they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(p.id, l.place_id) FROM places_place p"
            " FULL JOIN places_placelisting l ON l.place_id = p.id"
            " LEFT JOIN places_placebrief b ON b.place_id = p.id"
            " WHERE (l.city, l.category, l.is_active, l.popularity, l.moods, l.names, l.name_search,"
            " l.has_doubted_hours, coalesce(l.hours, decode(repeat('00', 16), 'hex')))"
            " IS DISTINCT FROM (p.city_id, p.category, p.is_active, p.popularity,"
            " places_mood_bits(p.mood_scores), p.names, p.name_search, b.has_doubted_hours,"
            # As the brief has it packed, behind two identities and six numbers.
            " substr(b.packed, 73, 16))"
            " OR l.spot <-> point(ST_X(p.planar), ST_Y(p.planar)) > 0"
            " OR l.letters <> ' ' || array_to_string(place_name_words(p.name_search), ' ')"
        )
        return [pk for (pk,) in cursor.fetchall()]


def test_a_listing_says_what_its_place_says() -> None:
    place = make_place(
        names={"ko": "달빛·다방", "en": "Moon (Cafe)"},
        mood_scores={"quiet": {"confidence": 0.6}, "artsy": {"confidence": 0.7}},
        popularity=0.25,
        category="museum",
        **stated(OpeningHours(week=TEN_TO_TEN)),
    )

    listing = PlaceListing.objects.defer("spot").get()

    assert (listing.place_id, listing.city, listing.category) == (place.pk, "seoul", "museum")
    assert listing.moods == MOOD_BITS["quiet"] + MOOD_BITS["artsy"]
    assert listing.name_search == "달빛·다방 moon (cafe)"
    assert listing.letters == unicodedata.normalize("NFD", " 달빛 다방 moon cafe")
    assert (listing.popularity, len(bytes(listing.hours or b""))) == (0.25, 16)
    assert differing() == []


def test_the_database_knows_the_moods_that_a_search_asks_for() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT places_mood_bits(jsonb_build_object(mood, 1)) FROM unnest(%s::text[]) AS mood",
            [list(MOODS)],
        )
        bits = [bit for (bit,) in cursor.fetchall()]

    assert bits == list(MOOD_BITS.values())


@pytest.mark.parametrize(
    "change",
    [
        {"category": "park"},
        {"is_active": False},
        {"location": FAR},
        {"popularity": 0.9},
        {"mood_scores": QUIET},
        {"names": {"ko": "다른 이름", "en": "Another"}},
        stated(OpeningHours(week=TEN_TO_TEN)),
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_changed_in_a_place_is_changed_in_its_listing(change: dict[str, Any]) -> None:
    place = make_place()
    before = _version(place)

    Place.objects.filter(pk=place.pk).update(**change)

    assert differing() == []
    assert _version(place) != before


def test_what_no_list_is_chosen_by_leaves_the_listing_alone() -> None:
    place = make_place()
    before = _version(place)

    Place.objects.filter(pk=place.pk).update(description="다른 말", facts={}, quality=0.9)

    assert _version(place) == before


def test_places_written_by_one_statement_are_all_listed_and_go_with_them() -> None:
    make_place()
    multiply_places({"public_id": "gen_random_uuid()"}, count=30)
    listed = PlaceListing.objects.count()
    told = differing()

    Place.objects.all().delete()

    assert (listed, told) == (31, [])
    assert PlaceListing.objects.count() == 0


def test_an_edit_that_is_taken_back_is_in_no_listing() -> None:
    make_place()

    with transaction.atomic():
        Place.objects.update(category="bar")
        transaction.set_rollback(True)

    assert PlaceListing.objects.values_list("category", flat=True).get() == "cafe"


def test_doubt_of_hours_is_kept_along_and_doubt_of_all_else_is_not() -> None:
    place = make_place(**stated(OpeningHours(week=TEN_TO_TEN)))
    price, hours = (make_doubt(place=place, fact=fact, now=NOW) for fact in ("price", "hours"))
    told = [_is_doubted()]
    for step in (
        price.delete,
        lambda: FactConfidence.objects.update(is_doubted=False),
        lambda: FactConfidence.objects.update(is_doubted=True),
        lambda: Place.objects.update(popularity=0.9),
        hours.delete,
    ):
        step()
        told.append(_is_doubted())

    assert told == [True, True, False, True, True, False]


def test_places_that_were_there_before_get_their_listings_once() -> None:
    places = [make_place(name=f"카페{i}") for i in range(3)]
    PlaceListing.objects.exclude(place_id=places[1].pk).delete()

    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute("SELECT places_fill_listings(%s, %s)", [places[0].pk, places[2].pk])

    assert PlaceListing.objects.count() == 3
    assert differing() == []


def _is_doubted() -> bool:
    return PlaceListing.objects.values_list("has_doubted_hours", flat=True).get()


def _version(place: Place) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM places_placelisting WHERE place_id = %s", [place.pk])
        return cursor.fetchone()
