from typing import Any

import pytest

from engine.catalogue import CATEGORIES, MOODS
from places.services.describing import describe

PLACE: dict[str, Any] = {
    "names": {"ko": "달빛", "en": "Dalbit"},
    "category": "restaurant",
    "source_class": "",
    "mood_scores": {},
    "description": "마포구 식당",
    "facts": {},
}


def about(**fields: Any) -> str:
    return describe(PLACE | fields).about


def test_a_place_is_its_names_and_what_it_is_in_both_languages() -> None:
    described = describe(PLACE)

    assert described.names == ("달빛", "Dalbit")
    assert described.text == "달빛 Dalbit 식당 restaurant 음식점 밥집 food eatery"


def test_where_it_lies_and_what_it_costs_are_left_out() -> None:
    said = about(description="마포구 식당 · 대표 메뉴 비빔밥 4,500원, 냉면(대) 12,000원")

    assert "비빔밥" in said
    assert "냉면" in said
    assert not {"마포구", "4,500원", "12,000원", "대표"} & set(said.split())


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"source_class": "한식_면류"}, "국수 Korean noodles"),
        ({"mood_scores": {"quiet": {"confidence": 0.7, "evidence": "library"}}}, "조용한 quiet"),
        ({"facts": {"cuisine": {"said": "vietnamese;Steak House"}}}, "쌀국수 Vietnamese pho"),
        ({"facts": {"cuisine": {"said": "vietnamese;Steak House"}}}, "스테이크 steakhouse"),
        ({"description": "중구 식당 · 야외 좌석"}, "테라스 야외 좌석 outdoor terrace"),
        ({"description": "중구 시장 · 점포 975곳 · 취급 품목 의류"}, "clothes fashion"),
    ],
)
def test_what_the_record_says_is_told_in_both_languages(fields: dict[str, Any], told: str) -> None:
    assert told in about(**fields)


def test_a_kitchen_without_words_is_told_as_the_record_has_it() -> None:
    assert about(facts={"cuisine": {"said": "fusion_cuisine"}}).endswith("fusion cuisine")


@pytest.mark.parametrize(("area", "is_large"), [("2", False), ("10", True), ("1,234", True)])
def test_only_a_large_park_is_said_to_be_large(area: str, *, is_large: bool) -> None:
    said = about(category="park", description=f"중구 공원 · 넓이 {area}만㎡")

    assert ("넓은 large" in said) is is_large
    assert "㎡" not in said


def test_every_category_and_mood_has_words_of_its_own() -> None:
    categories = {name: about(category=name) for name in CATEGORIES}
    moods = {name: about(mood_scores={name: {}}) for name in MOODS}

    assert min(len(said.split()) for said in categories.values()) >= 4
    assert len(set(moods.values())) == len(MOODS)
