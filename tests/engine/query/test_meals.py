import pytest

from benchmarks.query import load_gazetteer
from engine.query.parsing import QueryParser

PARSER = QueryParser(gazetteer=load_gazetteer())


@pytest.mark.parametrize(
    ("sentence", "meals"),
    [
        ("점심시간에 강남 산책 1시간", ["lunch"]),
        ("일요일 점심에 광장시장", ["lunch"]),
        ("점심 포함 4시간", ["lunch"]),
        ("저녁 포함 5시간", ["dinner"]),
        ("카페, 저녁, 술집", ["dinner"]),
        ("브런치 먹고 산책", ["lunch"]),
        ("아침 먹고 산책, 점심도", ["breakfast", "lunch"]),
        ("lunch break near Gangnam Station, 40 min", ["lunch"]),
        ("4 hours including lunch and dinner", ["lunch", "dinner"]),
    ],
)
def test_a_meal_is_named_even_where_it_tells_the_time(sentence: str, meals: list[str]) -> None:
    assert [meal.value for meal in PARSER.parse(sentence=sentence).meals] == meals


@pytest.mark.parametrize(
    "sentence",
    [
        "점심 이후 성수 카페", "점심쯤 출발 홍대", "점심에 출발해서 4시간", "점심 먹은 후 전시",
        "점심 말고 카페", "저녁 8시 홍대", "저녁에 홍대 산책", "저녁 먹기 전에 카페", "아침에 산책",
        "브런치 카페", "after lunch in Hongdae", "before the dinner", "no dinner, just bars",
        "in the evening",
    ],
)  # fmt: skip
def test_a_word_that_only_says_when_is_no_meal(sentence: str) -> None:
    assert PARSER.parse(sentence=sentence).meals == ()


def test_a_meal_tells_its_words() -> None:
    (meal,) = PARSER.parse(sentence="홍대에서 점심 포함 4시간").meals

    assert [(span.start, span.end) for span in meal.spans] == [(5, 7)]
