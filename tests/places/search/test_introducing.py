"""What a place's detail says of it in one line: through the API, in both languages."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.builders.places import make_area, make_place
from tests.places.search.asking import URL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district() -> None:
    make_area(slug="yongsan-gu", kind="district", name_ko="용산구", name_en="Yongsan-gu")


def introduction(description: str, language: str, *, category: str = "restaurant") -> str:
    place = make_place(description=description, district="용산구", category=category)
    body = APIClient().get(f"{URL}/{place.public_id}", headers={"Accept-Language": language}).json()
    return str(body["description"])


@pytest.mark.parametrize(
    ("category", "stored", "ko", "en"),
    [
        ("restaurant", "용산구 식당", "용산구 식당", "Restaurant in Yongsan-gu"),
        (
            "restaurant",
            "용산구 식당 · 음식 mexican;South_American · 야외 좌석",
            "용산구 식당 · 멕시코 음식, 남미 음식 · 야외 좌석",
            "Restaurant in Yongsan-gu · Mexican, South American · outdoor seating",
        ),
        (
            "restaurant",
            "용산구 식당 · 음식 Dak_Gangjeong_(Sweet_and_Sour), coffee;coffee_shop;",
            "용산구 식당 · Dak Gangjeong (Sweet and Sour), 커피",
            "Restaurant in Yongsan-gu · Dak Gangjeong (Sweet and Sour), coffee",
        ),
        (
            "restaurant",
            "용산구 식당 · 대표 메뉴 칼국수 8,000원",
            "용산구 식당 · 대표 메뉴 칼국수 8,000원",
            "Restaurant in Yongsan-gu · menu: 칼국수 8,000원",
        ),
        (
            "market",
            "용산구 시장 · 점포 1,200곳 · 취급 품목 농산물, 신발, 안경원",
            "용산구 시장 · 점포 1,200곳 · 취급 품목 농산물, 신발, 안경원",
            "Market in Yongsan-gu · 1,200 stalls · sells produce, shoes, 안경원",
        ),
        (
            "heritage",
            "용산구 문화유산 · 사적 · 지정 유산 2점 · 서울시 야경명소",
            "용산구 문화유산 · 사적 · 지정 유산 2점 · 서울시 야경명소",
            "Heritage site in Yongsan-gu · Historic Site · 2 designated heritage items · on Seoul's list of night views",
        ),
        ("park", "용산구 공원 · 넓이 1,234만㎡", "용산구 공원 · 넓이 1,234만㎡", "Park in Yongsan-gu · 12,340,000 m²"),
    ],
)  # fmt: skip
def test_facts_are_told_in_the_callers_language(
    category: str, stored: str, ko: str, en: str
) -> None:
    assert introduction(stored, "ko", category=category) == ko
    assert introduction(stored, "en", category=category) == en


@pytest.mark.parametrize("written", ["", "A pub since 1499 · 음식 czech", "종로구 식당"])
def test_what_was_written_otherwise_stays(written: str) -> None:
    assert introduction(written, "en") == written


def test_a_district_of_no_gazetteer_is_romanised() -> None:
    place = make_place(description="마포구 카페", district="마포구")

    body = APIClient().get(f"{URL}/{place.public_id}", headers={"Accept-Language": "en"}).json()

    assert body["description"] == "Cafe in Mapogu"
