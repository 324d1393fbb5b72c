"""Which index answers which search: as the server plans the very statements that are sent."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.geo import BoundingBox, Position
from places.search import selectors
from places.search.spelt import (
    Fit,
    Sought,
    is_initials,
    read_text,
    seek,
    seek_initials,
    seek_inside,
)
from places.search.tiles import make_tile
from places.search.types import PlaceSearch
from tests.builders.places import make_place, multiply_places
from tests.database.owning import analyse, reindex

pytestmark = pytest.mark.django_db

HERE = Position(lat=37.5563, lon=126.9236)
AROUND = (BoundingBox(west=126.85, south=37.52, east=126.95, north=37.6),)


def plan_of(sql: str, *, without: str) -> str:
    analyse("places_place")
    reindex("places_placelisting")
    analyse("places_placelisting")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
        cursor.execute(f"SET LOCAL enable_{without} = off")
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())


def plan_of_search(search: PlaceSearch, *, without: str = "indexscan", at: int = -1) -> str:
    with CaptureQueriesContext(connection) as asked:
        selectors.search_places(search=search)
    return plan_of(asked.captured_queries[at]["sql"], without=without)


def make_a_town() -> None:
    """Make places of which one in ten is heard of, and one in fifty famous; four in five are cafés, one in ten has a mood."""
    made = {
        "public_id": "gen_random_uuid()",
        "names": "jsonb_build_object('ko', md5(n::text), 'en', md5((-n)::text))",
        "popularity": "CASE 0 WHEN n %% 50 THEN 0.7 WHEN n %% 25 THEN 0.5 WHEN n %% 10 THEN 0.42 ELSE 0.3 END",
        "mood_scores": "CASE n %% 10 WHEN 0 THEN '{\"quiet\": {}}' WHEN 1 THEN '{\"artsy\": {}}' ELSE '{}' END::jsonb",
        "category": "CASE n %% 5 WHEN 0 THEN 'restaurant' ELSE 'cafe' END",
        "location": "ST_SetSRID(ST_MakePoint(126.8 + n %% 49 / 250.0, 37.5 + n %% 53 / 500.0), 4326)",
    }
    make_place()
    multiply_places(made, count=2000)


def sought_for(text: str) -> list[Sought]:
    if is_initials(text):
        return list(seek_initials(text))
    read = read_text(text)
    inside = seek_inside(read, ["어린이공원"])
    return [inside, *(seek(read, fit) for fit in Fit if fit is not Fit.INSIDE)]


@pytest.mark.parametrize(
    "text", ["경복궁", "gyeongbokgung palace", "궁", "가", "ㅂㄱㄱ", "ㅂㄱ", "ㄱ"]
)
def test_a_name_is_sought_on_an_index_however_short_it_is(text: str) -> None:
    make_place()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sought in sought_for(text):
            cursor.execute(
                "EXPLAIN SELECT place_id FROM places_placelisting p WHERE"
                " place_words(p.names, p.popularity) @@ %s::tsquery",
                [sought.in_band("0")],
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Bitmap Index Scan on listing_words" in plan
            assert "Index Cond" in plan


def test_words_are_sought_on_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_nameword SELECT md5(n::text) FROM generate_series(1, 3000) AS n"
        )
    analyse("places_nameword")

    with CaptureQueriesContext(connection) as asked:
        selectors.search_places(search=PlaceSearch(text="gyeongbokgong palace"))
    mending = [query["sql"] for query in asked.captured_queries if "nameword" in query["sql"]]
    plans = "\n".join(plan_of(sql, without="indexscan") for sql in mending)

    assert len(mending) == 3  # inside, misspelt, written together
    assert "Bitmap Index Scan on name_word_trigram" in plans
    assert "Seq Scan" not in plans


BANDS = ("listing_band0_spot", "listing_band1_spot", "listing_band2_spot")


def test_a_box_looks_at_the_best_known_before_all_others() -> None:
    make_a_town()

    plan = plan_of_search(PlaceSearch(boxes=AROUND))

    assert [index for index in BANDS if index in plan] == list(BANDS)


def test_a_box_that_the_best_known_fill_does_not_look_at_others() -> None:
    make_a_town()
    with CaptureQueriesContext(connection) as asked:
        page = selectors.search_places(search=PlaceSearch(boxes=AROUND, limit=5))
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert [place.popularity for place in page.places] == [0.7] * 5
    assert "(never executed)" in plan


@pytest.mark.parametrize(
    ("search", "index"),
    [
        (PlaceSearch(near=HERE), "listing_spot"),
        (PlaceSearch(near=HERE, categories=("restaurant",)), "listing_category_spot"),
        (PlaceSearch(near=HERE, moods=("quiet",)), "listing_quiet_spot"),
    ],
)
def test_the_nearest_come_in_the_order_of_an_index(search: PlaceSearch, index: str) -> None:
    make_a_town()

    plan = plan_of_search(search, without="sort")

    assert f"using {index} on" in plan
    assert "Order By: (spot <->" in plan


@pytest.mark.parametrize(
    ("search", "index"),
    [
        (PlaceSearch(categories=("restaurant",)), "listing_category_known"),
        (PlaceSearch(moods=("quiet",)), "listing_quiet_known"),
        (PlaceSearch(), "listing_known"),
    ],
)
def test_the_best_known_come_in_the_order_of_an_index(search: PlaceSearch, index: str) -> None:
    make_a_town()

    assert f"using {index} on" in plan_of_search(search, without="sort")


def test_the_best_known_of_a_kind_with_a_mood_are_found_in_one_index_alone() -> None:
    make_a_town()
    reindex("places_placelisting")
    analyse("places_placelisting")
    with CaptureQueriesContext(connection) as asked:
        selectors.search_places(search=PlaceSearch(moods=("quiet",), categories=("restaurant",)))

    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "indexscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("EXPLAIN " + asked.captured_queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Only Scan using listing_quiet_known" in plan


def test_several_conditions_are_looked_at_within_a_circle_on_the_index_of_a_mood() -> None:
    make_a_town()

    plan = plan_of_search(PlaceSearch(near=HERE, moods=("quiet", "artsy")), at=-2)

    assert "Index Scan on listing_quiet_spot" in plan or "Index Scan on listing_artsy_spot" in plan
    assert "Index Cond: (spot <@" in plan


def test_a_tile_looks_at_the_best_known_before_all_others() -> None:
    make_a_town()
    with CaptureQueriesContext(connection) as asked:
        make_tile(z=12, x=3492, y=1586)

    plan = plan_of(asked.captured_queries[-1]["sql"], without="indexscan")

    assert [index for index in BANDS if index in plan] == list(BANDS)
