"""That lists hold just what matches, in order: against all places looked at one by one."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from rest_framework.test import APIClient

from places.models import Place
from places.opening.types import OpeningHours, every_day
from tests.builders.places import make_place, multiply_places
from tests.builders.reports import make_doubt
from tests.places.search.asking import URL, walk

pytestmark = pytest.mark.django_db

LATITUDE, LONGITUDE = 37.5563, 126.9236
HERE = f"{LATITUDE},{LONGITUDE}"
BOX = (126.90, 37.54, 126.95, 37.57)
AFTERNOON = "2026-03-04T15:00:00+09:00"
DAYS = OpeningHours(week=every_day(((600, 1320),))).to_json()
NIGHTS = OpeningHours(week=every_day(((1200, 1500),))).to_json()
WISHES: tuple[dict[str, str], ...] = (
    {},
    {"mood": "quiet"},
    {"mood": "quiet,artsy"},
    {"category": "cafe"},
    {"category": "cafe,museum"},
    {"category": "museum", "mood": "quiet"},
    {"category": "cafe,museum", "mood": "artsy,quiet"},
    {"open_at": AFTERNOON},
    {"open_at": AFTERNOON, "mood": "quiet"},
    {"mood": "hidden"},
)


@pytest.fixture
def places() -> list[Place]:
    """Return 120 places within five kilometres, a few of them gone, closed or of doubted hours."""
    draw = random.Random(20261122)
    for number in range(120):
        moods = {mood: {"confidence": 0.7} for mood in ("quiet", "artsy") if draw.random() < 0.4}
        hours = draw.choice((None, DAYS, NIGHTS))
        place = make_place(
            name=f"{number}",
            latitude=LATITUDE + draw.uniform(-0.04, 0.04),
            longitude=LONGITUDE + draw.uniform(-0.05, 0.05),
            category=draw.choice(("cafe", "museum", "park")),
            popularity=draw.random(),
            mood_scores=moods,
            is_active=number % 15 != 0,
            hours=hours,
            hours_provenance="prior" if hours is None else "stated",
        )
        if number % 7 == 0:
            make_doubt(place=place, fact="hours")
    return list(Place.objects.all())


def matches(place: Place, wish: dict[str, str]) -> bool:
    doubted = int(place.name) % 7 == 0
    return (
        place.is_active
        and ("category" not in wish or place.category in wish["category"].split(","))
        and set(wish.get("mood", "").split(",")) - {""} <= set(place.mood_scores)
        and ("open_at" not in wish or (place.hours == DAYS and not doubted))
    )


def metres(place: Place) -> float:
    """Return how far a place is, on the sphere."""
    here, there = math.radians(LATITUDE), math.radians(place.location.y)
    turn = math.radians(place.location.x - LONGITUDE)
    across = math.sin((there - here) / 2) ** 2
    return (
        2
        * 6_371_008.8
        * math.asin(math.sqrt(across + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2))
    )


def fame(place: Place) -> float:
    return -place.popularity


def names_of(places: list[Place], wish: dict[str, str], order: Any) -> list[str]:
    return [place.name for place in sorted(places, key=order) if matches(place, wish)]


def test_near_a_position_all_that_match_come_the_nearest_first(places: list[Place]) -> None:
    within = [one for one in places if metres(one) <= 3_000]

    found = {str(wish): walk(near=HERE, radius=3_000, limit=7, **wish) for wish in WISHES}

    assert found == {str(wish): names_of(within, wish, metres) for wish in WISHES}


def test_in_a_box_all_that_match_come_the_best_known_first(places: list[Place]) -> None:
    west, south, east, north = BOX
    within = [
        one for one in places if west <= one.location.x <= east and south <= one.location.y <= north
    ]
    box = ",".join(map(str, BOX))

    found = {str(wish): walk(bbox=box, limit=7, **wish) for wish in WISHES}

    assert found == {str(wish): names_of(within, wish, fame) for wish in WISHES}


def test_anywhere_all_that_match_come_the_best_known_first(places: list[Place]) -> None:
    found = {str(wish): walk(limit=25, **wish) for wish in WISHES}

    assert found == {str(wish): names_of(places, wish, fame) for wish in WISHES}


def test_facets_count_what_the_pages_hold_and_leave_the_page_as_it_is(places: list[Place]) -> None:
    asked: dict[str, Any] = {"near": HERE, "radius": 3_000, "mood": "quiet", "limit": 5}
    second = APIClient().get(URL, asked).json()["next"]
    names = walk(**asked)

    body = APIClient().get(f"{second}&facets=category,mood").json()

    assert [one["name"] for one in body["results"]] == names[5:10]
    assert body["facets"]["of"] == len(names)
    assert sum(one["count"] for one in body["facets"]["category"]) == len(names)
    assert {one["name"]: one["count"] for one in body["facets"]["mood"]}["quiet"] == len(names)


def test_a_frequent_word_is_found_beyond_the_thousands_that_stand_nearer() -> None:
    named = {"ko": "구름", "en": "Cloud"}
    make_place(name="나무", names={"ko": "나무", "en": "Tree"})
    made = {"public_id": "gen_random_uuid()"}
    multiply_places(made, count=4_000)
    make_place(name="구름 먼집", names={**named, "ko": "구름 먼집"}, latitude=37.5600)
    make_place(name="구름 더먼집", names={**named, "ko": "구름 더먼집"}, latitude=37.5610)

    names = walk(q="구름", near=HERE, radius=1_000)

    assert names == ["구름 먼집", "구름 더먼집"]
