import pytest

from benchmarks.query import load_gazetteer
from engine.query.parsing import QueryParser

PARSER = QueryParser(gazetteer=load_gazetteer())


def ignored(sentence: str) -> list[str]:
    return [sentence[s.start : s.end] for s in PARSER.parse(sentence=sentence).ignored]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("홍대랑 성수 둘 다 가고 싶어", ["성수", "둘 다"]),
        ("both Hongdae and Seongsu, 4 hours", ["both", "Seongsu"]),
        ("연남동에서 서울숲까지 산책", ["서울숲"]),
        ("책 읽기 좋은 카페 추천해줘", ["책 읽기"]),
        ("quiet cafe for reading a book", ["reading", "book"]),
        ("bike along the river in Yeouido", ["along the river"]),
        ("눈 오는 날 홍대", ["눈 오"]),
        ("a snowy day in Hongdae", ["snowy"]),
        ("토요일 일요일 홍대", ["일요일"]),
        ("친구랑 엄마랑 홍대", ["엄마"]),
        ("사람 많은 홍대", ["사람 많"]),
    ],
)
def test_what_no_field_holds_is_named(sentence: str, words: list[str]) -> None:
    assert ignored(sentence) == words


@pytest.mark.parametrize(
    "sentence",
    [
        "카페랑 공원 둘 다", "카페랑 술집 둘 다 싫어", "홍대 말고 합정 카페", "여자친구랑 데이트 성수",
        "서울 성수동 카페", "광장시장 갔다가 산책", "사람 많은 곳 말고 공원", "남편이랑 아이랑 공원",
        "연남동 코스 알려주실 수 있나요", "점심 먹을 만한 곳도 넣어줘", "성수 카페 추천 부탁드려요",
        "홍대에서 만나서 홍대에서 놀기", "could you please plan a nice trip around Hongdae",
        "can you put together a short itinerary with two cafes", "with lunch included", "book a table in Itaewon",
        "시끄러워도 되는 카페",
    ],
)  # fmt: skip
def test_what_a_field_holds_or_says_nothing_is_not_named(sentence: str) -> None:
    assert ignored(sentence) == []
