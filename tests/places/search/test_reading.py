"""What a text asks for that names no place: where, what kind, how it is there; through the API."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from places.services.encoding import Encodings
from tests.builders.places import make_area, make_city, make_place
from tests.places.search.asking import URL

pytestmark = pytest.mark.django_db

HONGDAE: Any = {"latitude": 37.5563, "longitude": 126.9236}
SEONGSU: Any = {"latitude": 37.5446, "longitude": 127.0559}
AT_HONGDAE = "37.5563,126.9236"
QUIET: Any = {"quiet": {"confidence": 0.9, "evidence": "library"}}


@pytest.fixture(autouse=True)
def town() -> None:
    """Two neighbourhoods, with one café more in the other and what is called like neither."""
    city = make_city(data_version=f"test-{uuid4()}")  # names are read anew for each version
    make_area(city=city, **HONGDAE)
    make_area(city=city, slug="seongsu", name_ko="성수동", name_en="Seongsu-dong", **SEONGSU)
    make_place(name="물결", popularity=0.5, **HONGDAE)
    make_place(name="모래", popularity=0.4, mood_scores=QUIET, **HONGDAE)
    make_place(name="노을", popularity=0.9, **SEONGSU)
    make_place(name="등불", popularity=0.3, category="bar", **SEONGSU)
    make_place(name="바닷바람 칼국수", popularity=0.2, category="restaurant", **SEONGSU)
    Encodings().run()


def find(text: str, **query: Any) -> list[str]:
    response = APIClient().get(URL, {"q": text, **query})
    assert response.status_code == 200, response.content
    return [place["name"] for place in response.json()["results"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("성수동 카페", ["노을"]),
        ("cafes in Seongsu-dong", ["노을"]),
        ("성수동 술집", ["등불"]),
        ("홍대 카페", ["물결", "모래"]),  # the best known first
        ("홍대 조용한 카페", ["모래", "물결"]),  # … of those that are known to be quiet
        ("홍대 술집", []),  # there is none, and one elsewhere is not meant
        ("서울 술집", ["등불"]),
        ("성수동", ["노을", "등불", "바닷바람 칼국수"]),
    ],
)
def test_a_text_says_where_and_what_kind(text: str, names: list[str]) -> None:
    assert find(text) == names


def test_a_kind_alone_is_that_kind_before_what_has_its_letters() -> None:
    make_place(name="바르다", names={"ko": "바르다", "en": "Barda"}, popularity=1.0)

    assert find("bar") == ["등불", "바르다"]


def test_a_place_that_is_called_like_a_kind_is_first() -> None:
    make_place(name="카페", category="restaurant", popularity=0.0)

    assert find("카페") == ["카페", "노을", "물결", "모래"]


def test_a_word_that_says_more_than_its_kind_is_no_mere_kind() -> None:
    make_place(name="국밥집", category="restaurant", popularity=1.0)
    Encodings().run()

    assert find("칼국수")[0] == "바닷바람 칼국수"


def test_what_is_said_beside_a_kind_leaves_that_kind() -> None:
    assert find("혼밥") == ["바닷바람 칼국수"]
    assert find("라멘") == []  # which is a dish, and no restaurant is known for it


def test_an_area_that_is_named_wins_over_the_position() -> None:
    response = APIClient().get(URL, {"q": "성수동 카페", "near": AT_HONGDAE})

    (place,) = response.json()["results"]
    assert place["name"] == "노을"
    assert place["distance_m"] == pytest.approx(11_740, abs=20)  # from the position all the same


def test_a_box_is_kept_to_whatever_the_text_names() -> None:
    around_hongdae = "126.91,37.54,126.94,37.57"

    assert find("성수동 카페", bbox=around_hongdae) == []
    assert find("홍대 카페", bbox=around_hongdae) == ["물결", "모래"]


def test_what_the_caller_asks_for_is_asked_for_beside_the_text() -> None:
    assert find("홍대 카페", mood="quiet") == ["모래"]
    assert find("성수동", category="bar") == ["등불"]
    assert find("성수동 카페", category="bar") == []


@pytest.mark.parametrize("text", ["고래물고기 성수동", "고래물고가 성수동"])  # with a slip
def test_the_name_beside_an_area_is_sought_there(text: str) -> None:
    make_place(name="고래물고기", category="bookstore", **SEONGSU)
    make_place(name="고래물고기", category="bookstore", popularity=1.0, **HONGDAE)
    make_place(name="성수동 물고기", category="bookstore", popularity=1.0, **HONGDAE)

    response = APIClient().get(URL, {"q": text})

    (found,) = response.json()["results"]
    assert (found["name"], found["position"]["lon"]) == ("고래물고기", SEONGSU["longitude"])


def test_a_slip_in_a_name_that_begins_with_an_area_is_mended() -> None:
    make_place(name="성수동 고래물고기 도서관", category="library", **HONGDAE)
    make_place(name="고래물거품", **SEONGSU)

    assert find("성수동 고래물거기 도서관")[0] == "성수동 고래물고기 도서관"


def test_a_place_called_like_an_area_is_asked_for_by_its_name() -> None:
    make_place(name="성수동", category="park", popularity=0.0, **HONGDAE)

    assert find("성수동") == ["성수동"]


def test_a_slip_in_a_name_is_mended_before_it_is_read_as_words() -> None:
    make_place(name="바닷소리", category="park", popularity=0.0, **HONGDAE)

    assert find("바닷소라")[0] == "바닷소리"
