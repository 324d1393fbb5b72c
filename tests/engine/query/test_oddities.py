import pytest

from benchmarks.query import load_gazetteer
from engine.query.parsing import QueryParser
from engine.query.types import Interpretation

PARSER = QueryParser(gazetteer=load_gazetteer())


def read(sentence: str) -> tuple[Interpretation, list[str]]:
    found = PARSER.parse(sentence=sentence)
    return found, [sentence[span.start : span.end] for span in found.ignored]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("홍대 -3시간", ["-3시간"]),
        ("Hongdae for minus 2 hours", ["minus 2 hours"]),
        ("홍대 -20000원", ["-20000원"]),
        ("홍대 25시", ["25시"]),
        ("홍대 12월 3일", ["12월 3일"]),
        ("홍대 3일 뒤", ["3일 뒤"]),
        ("글피 홍대", ["글피"]),
        ("Hongdae next week", ["next week"]),
        ("홍대입구역 9번 출구", ["9번 출구"]),
        ("Hongdae exit 3", ["exit 3"]),
        ("홍대 2만원 카페, 3만원 술집", ["3만원"]),
        ("홍대 2시간 카페, 1시간 산책", ["1시간"]),
        ("홍대 예산 3", ["3"]),
    ],
)
def test_a_number_that_no_field_takes_is_named_whole(sentence: str, words: list[str]) -> None:
    assert read(sentence)[1] == words


@pytest.mark.parametrize(
    ("sentence", "minutes"),
    [("½ hour coffee", 30), ("½시간 카페", 30), ("1½ hours", 90), ("2½시간 홍대", 150)],
)
def test_the_sign_of_a_half_stands_alone_or_behind_a_number(sentence: str, minutes: int) -> None:
    found = PARSER.parse(sentence=sentence).time_budget_min

    assert found is not None
    assert found.value == minutes


@pytest.mark.parametrize("sentence", ["0곳 카페", "0 stops", "카페 0개", "0 cafes"])
def test_none_of_something_is_no_count(sentence: str) -> None:
    found = PARSER.parse(sentence=sentence)

    assert (found.max_stops, found.category_counts) == (None, ())


def test_a_negative_number_sets_no_field() -> None:
    found, _ = read("홍대 -3시간 -20000원")

    assert (found.time_budget_min, found.budget) == (None, None)


def test_dashes_of_a_list_are_no_signs() -> None:
    found, ignored = read("- 홍대 - 3시간 - 2만원")

    assert found.time_budget_min is not None
    assert found.budget is not None
    assert (found.time_budget_min.value, found.budget.value, ignored) == (180, 20_000, [])


@pytest.mark.parametrize(("sentence", "minutes"), [("홍대 0분", 0), ("홍대 3000시간", 180_000)])
def test_a_length_out_of_all_bounds_is_read_so_that_it_can_be_refused(
    sentence: str, minutes: int
) -> None:
    found, ignored = read(sentence)

    assert found.time_budget_min is not None
    assert (found.time_budget_min.value, ignored) == (minutes, [])


def test_no_won_is_a_budget() -> None:
    found, _ = read("홍대 0원")

    assert found.budget is not None
    assert found.budget.value == 0
