"""That the brief of a place says what the place says, whoever wrote it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import Point as Geometry
from django.db import connection, transaction

from places.candidate_rows import projected
from places.models import FactConfidence, Place, PlaceBrief
from places.near_rows import find_near
from places.opening.types import OpeningHours, every_day
from places.stored_hours import NO_HOURS
from tests.builders.places import make_place
from tests.builders.reports import make_doubt
from tests.places.candidates import (
    HONGDAE,
    TEN_TO_TEN,
    find,
    make_constraints,
    names,
    stated,
    vector,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
FAR = Geometry(127.9, 37.5563, srid=4326)


def brief_of(place: Place) -> Any:
    """Return the only place near enough as it was sent, its name taken off."""
    near = find_near(constraints=make_constraints(), excluded=(), included=(place.public_id,))
    return {name: near.rows[name].tolist()[0] for name in near.rows.dtype.names or ()}


def differing() -> list[int]:
    """Return the places whose brief is missing, left over, or says anything else than they do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(p.id, b.place_id) FROM places_place p"
            " FULL JOIN places_placebrief b ON b.place_id = p.id"
            " WHERE (b.packed, b.is_active, b.category, b.city, b.valid_from, b.valid_until, b.encoder)"
            " IS DISTINCT FROM (places_packed(p), p.is_active, p.category, p.city_id, p.valid_from,"
            " p.valid_until, p.encoder) OR b.vector IS DISTINCT FROM p.embedding::halfvec"
            " OR b.spot <-> point(ST_X(p.planar), ST_Y(p.planar)) > 0"
            " OR b.moods IS DISTINCT FROM places_mood_confidences(p.mood_scores)"
        )
        return [pk for (pk,) in cursor.fetchall()]


def test_a_brief_says_what_its_place_says() -> None:
    place = make_place(
        category="museum",
        latitude=HONGDAE.latitude,
        longitude=HONGDAE.longitude,
        popularity=0.3,
        quality=0.7,
        freshness=0.1,
        cost_low=1,
        cost_high=12_345,
        stay_min=75,
        chain="어디나",
        **stated(OpeningHours(week=TEN_TO_TEN)),
    )

    brief = brief_of(place)

    key = brief.pop("hours")
    assert (len(key), key != NO_HOURS) == (16, True)
    x, y = brief.pop("x"), brief.pop("y")
    assert (x, y) == pytest.approx(projected(HONGDAE), abs=0.001)
    assert brief == {
        "pk": place.pk,
        "public_id": place.public_id.bytes,
        "popularity": 0.3,
        "quality": 0.7,
        "freshness": 0.1,
        "cost_high": 12_345,
        "stay_min": 75,
        "category": b"museum          ",
        "currency": b"KRW",
        "has_hours": True,
        "is_of_chain": True,
        "is_doubted": False,
    }


def test_what_is_not_known_of_hours_is_said_by_an_empty_name() -> None:
    brief = brief_of(make_place())

    assert (brief["hours"], brief["has_hours"]) == (NO_HOURS, False)


def test_places_written_by_one_statement_have_their_briefs() -> None:
    first = make_place(mood_scores={"quiet": {"confidence": 0.7, "evidence": "library"}})
    own = ("id", "public_id", "name_search", "planar", "embedding", "mood_scores")
    columns = ", ".join(
        str(one.column) for one in Place._meta.concrete_fields if one.column not in own
    )
    vectors = ["[" + ",".join([text] * 256) + "]" for text in ("0.25", "-0.5")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO places_place (public_id, embedding, mood_scores, {columns})"
            f" SELECT gen_random_uuid(), new.vector::vector, new.moods::jsonb, {columns}"
            " FROM places_place, (VALUES (%s, '{}'), (%s, %s), (NULL, '{}')) AS new(vector, moods)",
            [*vectors, '{"lively": {"confidence": 0.5, "evidence": "market"}}'],
        )

    assert differing() == []
    briefs = PlaceBrief.objects.exclude(place_id=first.pk).order_by("place_id")
    assert [brief.moods for brief in briefs] == [{}, {"lively": 0.5}, {}]


@pytest.mark.parametrize(
    "change",
    [
        {"category": "park"},
        {"is_active": False},
        {"location": FAR},
        {"currency": "CZK"},
        {"cost_high": 90_000},
        {"chain": "어디나"},
        {"popularity": 0.9},
        {"mood_scores": {"quiet": {"confidence": 0.6, "evidence": "tag"}}},
        {"embedding": vector(3), "encoder": "one/1"},
        {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 1, 2)},
        stated(OpeningHours(week=TEN_TO_TEN)),
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_changed_in_a_place_is_changed_in_its_brief(change: dict[str, Any]) -> None:
    place = make_place()
    before = PlaceBrief.objects.values_list().get(place_id=place.pk)

    Place.objects.filter(pk=place.pk).update(**change)

    assert differing() == []
    assert str(PlaceBrief.objects.values_list().get(place_id=place.pk)) != str(before)


def test_what_no_plan_is_judged_by_leaves_the_brief_alone() -> None:
    place = make_place()
    before = _version(place)

    Place.objects.filter(pk=place.pk).update(description="다른 말", facts={}, hours_text="매일")

    assert _version(place) == before


def test_a_place_that_goes_takes_its_brief_along() -> None:
    place = make_place()

    place.delete()

    assert PlaceBrief.objects.count() == 0
    assert find().places == ()


def test_an_edit_is_seen_by_the_next_question() -> None:
    place = make_place(name="카페", **stated(OpeningHours(week=TEN_TO_TEN)))
    (before,) = find().places

    Place.objects.filter(pk=place.pk).update(
        hours=OpeningHours(week=every_day(((600, 1200),))).to_json(),
        names={"ko": "새 이름", "en": "New name"},
    )
    (after,) = find().places
    Place.objects.filter(pk=place.pk).update(is_active=False)

    assert (before.candidate.name_ko, before.candidate.windows[0].closes) == ("카페", 480)
    assert (after.candidate.name_ko, after.candidate.windows[0].closes) == ("새 이름", 360)
    assert find().places == ()


def test_an_edit_that_is_taken_back_is_never_seen() -> None:
    make_place(name="카페")

    with transaction.atomic():
        Place.objects.update(category="bar", is_active=False)
        transaction.set_rollback(True)

    (place,) = find().places
    assert place.candidate.category == "cafe"
    assert differing() == []


def test_doubt_of_hours_is_kept_along_and_doubt_of_all_else_is_not() -> None:
    place = make_place(**stated(OpeningHours(week=TEN_TO_TEN)))
    price, hours = (make_doubt(place=place, fact=fact, now=NOW) for fact in ("price", "hours"))
    told = [brief_of(place)["is_doubted"]]

    price.delete()
    told.append(brief_of(place)["is_doubted"])
    FactConfidence.objects.update(is_doubted=False)
    told.append(brief_of(place)["is_doubted"])
    FactConfidence.objects.update(is_doubted=True)
    told.append(brief_of(place)["is_doubted"])
    Place.objects.update(popularity=0.9)
    told.append(brief_of(place)["is_doubted"])
    hours.delete()
    told.append(brief_of(place)["is_doubted"])

    assert told == [True, True, False, True, True, False]


def test_places_that_were_there_before_get_their_briefs_once() -> None:
    places = [make_place(name=f"카페{i}", embedding=vector(i)) for i in range(3)]
    PlaceBrief.objects.exclude(place_id=places[1].pk).delete()

    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute("SELECT places_fill_briefs(%s, %s)", [places[0].pk, places[2].pk])

    assert PlaceBrief.objects.count() == 3
    assert differing() == []


def test_a_place_that_is_gone_by_the_time_its_facts_are_asked_is_left_out() -> None:
    make_place(name="있는 곳")
    _leave_a_brief_behind()

    assert names(find()) == ["있는 곳"]


def test_likeness_is_that_of_the_vectors_within_half_precision() -> None:
    draw = np.random.default_rng(3)
    wish, meant = (draw.normal(size=256).astype(np.float32) for _ in range(2))
    wish, meant = wish / np.linalg.norm(wish), meant / np.linalg.norm(meant)
    place = make_place(embedding=meant, encoder="one/1")

    near = find_near(
        constraints=make_constraints(query_embedding=wish, encoder="one/1"),
        excluded=(),
        included=(place.public_id,),
    )

    assert 1 - near.rows["unlike"][0] == pytest.approx(float(wish @ meant), abs=5e-4)


@pytest.mark.django_db(transaction=True)
def test_edits_at_once_leave_the_brief_of_the_last_one() -> None:
    place = make_place()
    start = Barrier(4)

    def edit(popularity: float) -> None:
        start.wait(timeout=10)
        for step in range(5):
            Place.objects.filter(pk=place.pk).update(
                popularity=popularity, stay_min=30 + step, quality=popularity
            )
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(edit, [0.2, 0.4, 0.6, 0.8]))

    assert differing() == []
    (found,) = find().places
    place.refresh_from_db()
    assert found.candidate.popularity == place.popularity


def _version(place: Place) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM places_placebrief WHERE place_id = %s", [place.pk])
        return cursor.fetchone()


def _leave_a_brief_behind() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_placebrief SELECT 999999999, spot, city, category, is_active,"
            " valid_from, valid_until, moods, encoder, vector,"
            " overlay(packed PLACING int8send(999999999) FROM 1), has_doubted_hours"
            " FROM places_placebrief LIMIT 1"
        )
