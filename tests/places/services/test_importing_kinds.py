"""What a record is taken to be when it is imported."""

import json
from pathlib import Path
from typing import Any

import pytest

from places.models import Place
from places.services.importing import CityImport, ImportReport
from places.types import SourceReport
from tests.builders import open_data
from tests.places.services.conftest import NOW

pytestmark = pytest.mark.django_db


def run(folder: Path, *, is_dry_run: bool = False) -> ImportReport:
    return CityImport().run(folder=folder, city="seoul", now=NOW, is_dry_run=is_dry_run)


def source(report: ImportReport, slug: str) -> SourceReport:
    return next(found for found in report.sources if found.source == slug)


def test_the_ground_where_a_house_stands_again_is_the_house(folder: Path) -> None:
    culture = {
        "번호": "1", "주제분류": "기타", "문화시설명": "달빛각", "자치구": "마포구",
        "주소": "서울특별시 마포구 와우산로 1", "위도": "37.5563", "경도": "126.9236",
    }  # fmt: skip
    open_data.write_cp949(folder, "culture_venues.csv", open_data.CULTURE_COLUMNS, [culture])
    open_data.write_heritage(folder, [open_data.heritage("달빛각터", "기념물")])

    run(folder)

    place = Place.objects.get()
    assert (place.name, place.sources.count(), place.stay_min) == ("달빛각", 2, 25)


def test_a_market_costs_as_food_only_where_one_can_eat(folder: Path) -> None:
    row = {"소재지도로명주소": "서울특별시 마포구 월드컵로 1", "위도": "37.556", "경도": "126.91"}
    rows = [
        row | {"시장명": "달빛시장", "취급품목": "농산물+음식점"},
        row | {"시장명": "별빛상가", "취급품목": "의류+원단", "위도": "37.560"},
    ]
    open_data.write_cp949(folder, "markets_standard.csv", open_data.MARKET_COLUMNS, rows)

    run(folder)

    food, goods = Place.objects.order_by("name")
    assert (food.source_class, food.cost_low, food.cost_high) == ("food_market", 8000, 12000)
    assert (goods.source_class, goods.cost_low, goods.cost_high) == ("goods_market", 0, 10000)
    assert "취급 품목 의류, 원단" in goods.description


def test_a_shop_of_an_old_directory_that_calls_itself_a_market_is_none(folder: Path) -> None:
    old: dict[str, Any] = {"landuse": "retail", "source": "http://kr.open.gugi.yahoo.com"}
    open_data.write_osm(
        folder,
        [
            open_data.feature(node=1, name="달빛벼룩시장", **old),
            open_data.feature(node=2, name="별빛시장", **(old | {"name:ja": "星市場"})),
        ],
    )

    report = run(folder)

    assert list(Place.objects.values_list("name", flat=True)) == ["별빛시장"]
    assert source(report, "osm").refused_by_reason() == {"only in an old directory": 1}


@pytest.mark.parametrize(
    ("amenity", "cuisine", "category"),
    [
        ("restaurant", "pizza;ice_cream", "restaurant"),
        ("restaurant", "czech, crepe", "restaurant"),
        ("restaurant", "crepe", "dessert"),
        ("fast_food", "donut;ice_cream", "dessert"),
        ("cafe", "cake;ice_cream", "dessert"),
        ("cafe", "coffee_shop;cake", "cafe"),
        ("cafe", "cake;breakfast;sandwich", "cafe"),
        ("restaurant", "coffee_shop", "cafe"),
    ],
)
def test_what_serves_more_than_sweets_is_no_dessert(
    folder: Path, amenity: str, cuisine: str, category: str
) -> None:
    shop = open_data.feature(node=1, amenity=amenity, name="달빛", cuisine=cuisine)
    open_data.write_osm(folder, [shop])

    run(folder)

    assert Place.objects.get().category == category


def test_a_course_is_walked_as_long_as_its_list_says(folder: Path) -> None:
    points = [{"course_name": "달빛길", "course_category_nm": "숲길", "course_level": "1",
               "distance": "3km", "lead_time": "1시간 30분", "area_gu": "마포구", "relate_subway": "",
               "detail_course": "", "reg_date": 1402295746000, "cpi_name": "달빛마당",
               "x": "193000", "y": "451000"}]  # fmt: skip
    (folder / "walks_dudeurim.json").write_text(json.dumps({"DATA": points}), "utf-8")

    run(folder)

    place = Place.objects.get()
    assert (place.category, place.stay_min, place.stay_provenance) == ("park", 90, "stated")
    assert place.facts["stay"]["from"].startswith("seoul-walks:")
