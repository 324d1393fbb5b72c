"""Reads of cities and areas."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from engine.types import Mode, Point
from places import selectors
from places.opening.types import every_day
from tests.builders.places import make_area, make_city, make_place

pytestmark = pytest.mark.django_db

SEOUL = ZoneInfo("Asia/Seoul")
HONGDAE = Point(37.5563, 126.9236)
SATURDAY_2PM = datetime(2026, 11, 21, 14, tzinfo=SEOUL)
TEN_TO_TEN = every_day(((600, 1320),))


def test_the_nearest_area_with_enough_places_is_named() -> None:
    make_area(slug="here", latitude=37.5563, longitude=126.9236)
    make_area(slug="poor", latitude=37.5700, longitude=126.9236)
    make_area(slug="rich", latitude=37.5900, longitude=126.9236, name_ko="부자동")
    make_area(slug="gu", latitude=37.5800, longitude=126.9236, kind="district")
    for i in range(10):
        make_place(name=f"카페{i}", latitude=37.5900)
    for i in range(2):
        make_place(name=f"미술관{i}", latitude=37.5901, category="gallery")

    nearest = selectors.find_area_with_places(city="seoul", position=HONGDAE, mode=Mode.WALK)

    assert nearest is not None
    assert (nearest.slug, nearest.name_ko, nearest.places) == ("rich", "부자동", 12)
    assert nearest.distance_m == pytest.approx(3747, abs=2)


def test_an_area_of_food_alone_is_not_enough() -> None:
    make_area(slug="food", latitude=37.5900, longitude=126.9236)
    for i in range(20):
        make_place(name=f"카페{i}", latitude=37.5900)

    assert selectors.find_area_with_places(city="seoul", position=HONGDAE, mode=Mode.WALK) is None


def test_lists_cities_with_what_rules_their_places() -> None:
    make_city(data_version="v7")

    (city,) = selectors.list_cities()

    assert (city.slug, city.country, city.currency, city.zone) == ("seoul", "KR", "KRW", SEOUL)
    assert city.bounds == (37.42, 126.76, 37.71, 127.19)
    assert selectors.get_data_version() == "seoul:v7"


def test_finds_the_city_whose_outline_contains_a_point() -> None:
    make_city()

    assert selectors.find_city_at(position=HONGDAE) == "seoul"
    assert selectors.find_city_at(position=Point(35.1, 129.0)) is None


def test_the_nearest_city_rules_a_point_outside_all() -> None:
    box = Polygon.from_bbox((128.8, 35.0, 129.3, 35.4))
    make_city()
    make_city(slug="busan", outline=MultiPolygon(box, srid=4326), bounds=box)
    cities = selectors.list_cities()

    assert selectors.nearest_city(cities=cities, position=HONGDAE).slug == "seoul"
    assert selectors.nearest_city(cities=cities, position=Point(35.0, 130.0)).slug == "busan"


def test_without_a_city_there_is_no_nearest_one() -> None:
    with pytest.raises(selectors.NoCityLoaded):
        selectors.nearest_city(cities=(), position=HONGDAE)


def test_lists_areas_for_the_gazetteer() -> None:
    make_area(aliases=["홍대입구", "Hongik"], kind="neighbourhood")

    (area,) = selectors.list_areas()

    assert area.names == ("홍대", "Hongdae", "홍대입구", "Hongik")
    assert (area.slug, area.city, area.kind, area.radius_m) == (
        "hongdae",
        "seoul",
        "neighbourhood",
        700.0,
    )
    assert area.centre == HONGDAE


def test_finds_the_place_that_a_landmark_is_named_after() -> None:
    make_area(slug="market", name_ko="광장시장", name_en="Gwangjang Market", kind="landmark")
    market = make_place(name="광장시장", category="market", latitude=37.5573)
    make_place(name="광장시장 빈대떡", category="restaurant")
    make_place(name="광장시장", category="market", latitude=37.60)
    (area,) = selectors.list_areas()

    assert selectors.find_place_called(area=area) == market.public_id


def test_no_place_is_called_what_only_another_one_is() -> None:
    make_area(slug="market", name_ko="광장시장", name_en="Gwangjang Market", kind="landmark")
    make_place(name="광장시장 빈대떡", category="restaurant")
    (area,) = selectors.list_areas()

    assert selectors.find_place_called(area=area) is None
