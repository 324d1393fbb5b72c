"""Whatever is said, it is read without an error."""

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.query import label_of
from tests.engine.query.reading import read, spans_of


@pytest.mark.parametrize(
    "sentence",
    [
        "", " \t\n", "\x00\x01", "9" * 5000, "만" * 5000, "١٢٣ ساعات", "\u202e홍대\u202c 카페",
        "\ud800", "ㅎㄷ ㅋㅍ", "👨‍👩‍👧‍👦" * 200, "25시간 99시 0원 -5시간", "'; DROP TABLE trips; --",
        "<script>alert(1)</script>", "ｈｏｎｇｄａｅ　３時間",
    ],
)  # fmt: skip
def test_strange_input_is_read_without_an_error(sentence: str) -> None:
    found = read(sentence)

    assert all(0 <= span.start < span.end <= len(sentence) for span in spans_of(found))


WORDS = st.sampled_from(
    ["홍대에서", "카페", "말고", "no", "bars", "or", "2시간", "만원", "둘이서", "총", ",", "at 6", "오후", "3시", "~",
     "friends", "kids", "in", "Seongsu", "조용한", "곳은", "싫고", "1.5", "0", "만", "each", "-", "시장", "부터", "to"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(WORDS, max_size=14).map(" ".join),
        st.lists(WORDS, max_size=9).map("".join),
    )
)
def test_any_sentence_is_read_and_its_spans_lie_inside_it(sentence: str) -> None:
    found = read(sentence)

    assert all(0 <= span.start < span.end <= len(sentence) for span in spans_of(found))
    assert found == read(sentence)
    assert found.time_budget_min is None or found.time_budget_min.value >= 0
    assert found.budget is None or found.budget.value >= 0


REQUESTS = st.sampled_from(
    [
        "홍대에서 3시간, 2만원으로 조용한 카페 위주",
        "친구 셋이랑 강남역에서 술 한잔",
        "3 hours around Hongdae under 20,000 won, quiet cafes please",
        "no bars, no clubs, somewhere cozy on Saturday afternoon",
    ]
)
FILLERS = st.sampled_from(
    [" 추천해줘", " 부탁해요!", " 🙏", " ㅎㅎ", " please", " thanks!", " 좀 알려줘", "!!!", "\n"]
)


@given(REQUESTS, st.lists(FILLERS, max_size=4))
def test_words_that_say_nothing_change_nothing(request_: str, fillers: list[str]) -> None:
    assert label_of(read(request_ + "".join(fillers))) == label_of(read(request_))


CLAUSES = st.permutations(
    [
        "홍대에서",
        "3시간",
        "2만원으로",
        "조용한 카페",
        "친구 셋이랑",
        "토요일 저녁",
        "걸어서",
        "술집은 빼고",
    ]
)
CLAUSES_EN = st.permutations(
    ["near Hongdae", "3 hours", "under 20,000 won", "quiet cafes", "with 3 friends", "saturday evening",
     "by subway", "no bars"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.one_of(CLAUSES, CLAUSES_EN))
def test_the_order_of_clauses_changes_nothing(clauses: list[str]) -> None:
    in_order = sorted(clauses)

    assert label_of(read(", ".join(clauses))) == label_of(read(", ".join(in_order)))


SENTENCES = st.sampled_from(
    [
        "홍대에서 3시간, 2만원으로 조용한 카페 위주",
        "친구 셋이랑 강남역에서 술 한잔 하고 디저트까지 총 12만원",
        "카페 말고 공원이랑 전시, 내일 오후 2시부터 5시까지",
        "3 hours around Hongdae under 20,000 won, quiet cafes please",
        "no bars, no clubs, somewhere cozy on Saturday 3-5pm, 20k each for 3 of us",
    ]
)
WRITTEN_OTHERWISE = st.sampled_from(
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(" ", "   "),
        lambda text: f" \n{text}\t ",
        lambda text: text.translate({ord("0") + i: chr(0xFF10 + i) for i in range(10)}),
        lambda text: text.replace(" ", "\u3000"),
        lambda text: text.upper(),
        lambda text: text.replace(" ", " \u200b"),
    ]
)


@given(SENTENCES, st.lists(WRITTEN_OTHERWISE, max_size=3))
def test_how_the_letters_are_encoded_changes_nothing(
    sentence: str, ways: list[Callable[[str], str]]
) -> None:
    written = sentence
    for way in ways:
        written = way(written)

    understood, expected = label_of(read(written)), label_of(read(sentence))

    understood.pop("area"), expected.pop("area")  # as written, so it is written otherwise
    assert understood == expected
    assert read(written).area_slugs == read(sentence).area_slugs


@pytest.mark.parametrize(
    ("sentence", "field", "words"),
    [
        ("홍대에서 두 시간 반, 인당 만오천원", "time_budget_min", ["두 시간 반"]),
        ("홍대에서 두 시간 반, 인당 만오천원", "budget", ["만오천원"]),
        ("세시부터 다섯시 반까지 성수쪽", "time_budget_min", ["세시", "다섯시 반"]),
        ("2만원에서 3만원 사이 카페", "budget", ["2만원", "3만원"]),
        ("3 hours, no, 4 hours in Mangwon", "time_budget_min", ["4 hours"]),
        ("둘이서 총 5만원", "budget", ["5만원", "총"]),
        ("안국역 근처 cofee", "categories", ["cofee"]),
    ],
)
def test_spans_hold_the_words_that_said_it(sentence: str, field: str, words: list[str]) -> None:
    said = getattr(read(sentence), field)
    one = said[0] if isinstance(said, tuple) else said

    assert [sentence[span.start : span.end] for span in one.spans] == words


ALIEN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2)


@given(SENTENCES, ALIEN)
def test_words_of_another_script_change_nothing_and_are_named(sentence: str, words: str) -> None:
    found = read(f"{sentence}. {words}")

    assert label_of(found) == label_of(read(sentence))
    assert found.ignored[-1].end == len(sentence) + 2 + len(words)


@pytest.mark.parametrize(
    "piece",
    ["카페 ", "카페말고", "no bars or ", "3시간 ", "만", "만원에서 ", "1~", "10-", "홍대", "조용한", "아니 ", "a ", "ㄱ", "3시부터 ",
     "총 ", "둘이서", "not ", "than ", "가나다라", "$1,", "12:", "오후 ", "rather a park than a "],
)  # fmt: skip
def test_work_grows_in_step_with_the_length(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (150, 600))

    # Four times the text may cost four times the steps and, for what looks about, some more.
    assert steps_of(long) <= 8 * steps_of(short) + 20_000


def steps_of(sentence: str) -> int:
    """Return how many calls reading `sentence` takes, a second time."""
    read(sentence)
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        read(sentence)
    finally:
        sys.setprofile(None)
    return calls
