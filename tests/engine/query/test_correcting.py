import pytest

from benchmarks.query import label_of, load_gazetteer
from engine.query.parsing import QueryParser

PARSER = QueryParser(gazetteer=load_gazetteer())


def said(sentence: str, field: str) -> object:
    return label_of(PARSER.parse(sentence=sentence))[field]


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("3시간 아니 4시간", "time_budget_min", 240),
        ("3만원 아니다 4만원", "budget", 40_000),
        ("토요일 아니 일요일", "day", "sunday"),
        ("홍대 아니다 성수", "area", "성수"),
        ("3 hours, no wait, 4 hours", "time_budget_min", 240),
        ("20k, actually make it 30k", "budget", 30_000),
        ("예산은 만원? 음 만이천원으로", "budget", 12_000),
        ("3 hours, no bars", "time_budget_min", 180),
    ],
)
def test_the_later_value_wins_where_the_earlier_is_taken_back(
    sentence: str, field: str, value: object
) -> None:
    assert said(sentence, field) == value


def test_a_correction_is_no_wish_of_its_own() -> None:
    assert said("2 hours, no wait, 3 hours around Mangwon", "avoid") == []


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("카페보다 공원", ["park"]),
        ("공연보다는 전시가 좋아", ["gallery"]),
        ("카페나 술집보단 공원", ["park"]),
        ("rather a park than a museum", ["park"]),
        ("we prefer parks over museums", ["park"]),
        ("more than 3 cafes", ["cafe"]),
        ("I'd rather go to a museum than a park", ["museum"]),
        ("I prefer cafes to bars", ["cafe"]),
        ("I'd rather go to a museum", ["museum"]),
        ("I prefer to visit museums", ["museum"]),
        ("better take me to a cafe", ["cafe"]),
        ("rather quiet, go to a cafe", ["cafe"]),
        ("2 more hours to a park", ["park"]),
        ("prefer transit to a gallery in hongdae", ["gallery"]),
    ],
)
def test_what_something_is_preferred_to_is_neither_wanted_nor_avoided(
    sentence: str, wanted: list[str]
) -> None:
    assert (said(sentence, "categories"), said(sentence, "avoid")) == (wanted, [])
