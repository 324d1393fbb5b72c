import pytest

from places.services.screening import reason_to_refuse, refile
from tests.builders.drafts import make_draft


@pytest.mark.parametrize(
    ("name", "category", "reason"),
    [
        ("식당", "restaurant", "no name of its own"),
        ("커피숍", "cafe", "no name of its own"),
        ("Coffee House", "cafe", "no name of its own"),
        ("공대 구내식당", "restaurant", "canteen"),
        ("아코 스터디카페", "cafe", "study room"),
        ("별나라 PC방", "cafe", "PC room"),
        ("Media Cafe Star", "cafe", "PC room"),
        ("별나라 연습실", "cafe", "practice room"),
        ("달빛빌라 a동 202호", "cafe", "private address"),
        ("밥나눔운동본부", "restaurant", "charity or club house"),
        ("GS25달빛시장", "market", "convenience store"),
        ("벼룩시장", "market", "no name of its own"),
        ("중앙고등학교 본관", "heritage", "inside a school"),
        ("꿈나무 작은도서관", "library", "neighbourhood reading room"),
        ("청진옥", "restaurant", ""),
        ("고시칼국수", "restaurant", ""),
        ("카페 달", "cafe", ""),
        ("정독도서관", "library", ""),
    ],
)
def test_what_no_local_would_call_a_stop_is_refused(name: str, category: str, reason: str) -> None:
    draft = make_draft(name=name, category=category)

    assert reason_to_refuse(draft, markets=[]) == reason


@pytest.mark.parametrize(
    ("name", "category", "filed"),
    [
        ("골뱅이포차", "restaurant", "bar"),
        ("Anarchy Bros Cafe & Pub", "cafe", "bar"),
        ("도쿄빙수", "cafe", "dessert"),
        ("만화카페 섬", "cafe", "activity"),
        ("별빛 타로카페", "cafe", "activity"),
        ("Moon Fortune Reading Cafe", "cafe", "activity"),
        ("별빛 치킨호프", "restaurant", "bar"),
        ("달빛피자앤펍", "restaurant", "bar"),
        ("달빛치킨", "restaurant", "restaurant"),
        ("인사동찻집", "restaurant", "cafe"),
        ("호프 칼국수", "restaurant", "restaurant"),
        ("바다식당", "restaurant", "restaurant"),
        ("달포차이나", "restaurant", "restaurant"),
        ("달빛포차 강남점", "restaurant", "bar"),
        ("달빛포차강남점", "restaurant", "bar"),
        ("동주막창", "restaurant", "restaurant"),
        ("나비어묵", "restaurant", "restaurant"),
        ("달빛비어", "restaurant", "bar"),
    ],
)
def test_a_place_is_filed_by_what_its_name_says(name: str, category: str, filed: str) -> None:
    assert refile(make_draft(name=name, category=category)).category == filed


@pytest.mark.parametrize(
    ("name", "source_class", "filed"),
    [
        ("Moonrock Cafe", "restaurant", "restaurant"),
        ("달빛 카페", "restaurant", "cafe"),
        ("Moonrock Cafe", "fast_food", "cafe"),
    ],
)
def test_a_mapped_restaurant_stays_one_though_its_name_has_a_cafe(
    name: str, source_class: str, filed: str
) -> None:
    draft = make_draft(name=name, category="restaurant", source="osm", source_class=source_class)

    assert refile(draft).category == filed


def test_a_list_of_menu_prices_knows_its_food_but_not_its_pubs() -> None:
    pub = make_draft(name="달길포차", category="restaurant", source="good-price")
    bakery = make_draft(name="달빵집", category="restaurant", source="good-price")

    assert (refile(pub).category, refile(bakery).category) == ("bar", "restaurant")
