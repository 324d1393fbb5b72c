import pytest

from benchmarks.query import label_of, load_gazetteer
from engine.query.parsing import QueryParser

PARSER = QueryParser(gazetteer=load_gazetteer())


@pytest.mark.parametrize(
    ("sentence", "categories"),
    [
        ("미술관 옆 카페", ["cafe"]),
        ("a cafe near a park", ["cafe"]),
        ("공원 근처", ["park"]),
        ("시장에서 칼국수랑 호떡", ["market"]),
        ("시장 구경하고 예쁜 카페", ["cafe", "market"]),
        ("경복궁 갔다가 점심", ["heritage", "restaurant"]),
        ("visit Gyeongbokgung, then lunch", ["heritage", "restaurant"]),
        ("경복궁 근처 카페", ["cafe"]),
        ("만원으로 여의도 점심", ["restaurant"]),
        ("디저트 맛집", ["dessert"]),
    ],
)
def test_says_what_one_wants_to_go_to(sentence: str, categories: list[str]) -> None:
    assert label_of(PARSER.parse(sentence=sentence))["categories"] == categories


@pytest.mark.parametrize("sentence", ["고기 못 먹어", "해산물 알레르기 있어", "no meat please"])
def test_a_dish_that_is_refused_refuses_no_restaurant_and_is_named(sentence: str) -> None:
    found = PARSER.parse(sentence=sentence)

    assert (found.categories, found.avoid, len(found.ignored)) == ((), (), 1)
