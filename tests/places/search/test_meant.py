"""What is found by what a text means: of a kind that few places are of, and of one that many are of."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from places.search import selectors
from places.search.meant import COMPARED_HIGH
from places.search.types import PlaceSearch
from places.services.encoding import Encodings
from tests.builders.places import make_place, multiply_places

pytestmark = pytest.mark.django_db

SMALL_GALLERY = PlaceSearch(text="작은 갤러리")  # says more than its kind, and no place's name
ALONG_THE_INDEX = "ORDER BY b.vector <=>"
ONE_BY_ONE = "ORDER BY alike DESC"


def make_galleries() -> None:
    """Make three galleries, the second of which says what is asked for, and a café that says it too."""
    make_place(name="가나다", category="gallery", popularity=0.9)
    make_place(name="작은방 전시", category="gallery", popularity=0.1)
    make_place(name="하늘", category="gallery", popularity=0.5)
    make_place(name="작은 잔", category="cafe")
    assert sum(Encodings().fill(city="seoul")) == 4


def ask(search: PlaceSearch) -> tuple[list[str], list[bool]]:
    """Return the names found, and whether the index was gone along, and places compared one by one."""
    with CaptureQueriesContext(connection) as asked:
        page = selectors.search_places(search=search)
    sent = "\n".join(query["sql"] for query in asked.captured_queries)
    return (
        [place.names["ko"] for place in page.places],
        [ALONG_THE_INDEX in sent, ONE_BY_ONE in sent],
    )


def test_of_a_kind_that_few_places_are_of_all_are_compared() -> None:
    make_galleries()

    names, ways = ask(SMALL_GALLERY)

    assert sorted(names) == ["가나다", "작은방 전시", "하늘"]
    assert names[0] == "작은방 전시"
    assert ways == [False, True]


def test_where_the_index_falls_short_the_best_known_of_the_kind_are_compared_too() -> None:
    make_galleries()
    others = {
        "public_id": "gen_random_uuid()",
        "popularity": "0.01",
        "category": "'gallery'",
        "embedding": "NULL",
        "encoder": "''",
    }
    multiply_places(others, count=COMPARED_HIGH // 4 + 1)

    names, ways = ask(SMALL_GALLERY)

    assert sorted(names) == [
        "가나다",
        "작은방 전시",
        "하늘",
    ]  # each once; the others mean nothing yet
    assert ways == [True, True]
