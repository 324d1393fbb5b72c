"""Whatever is said, it is read without an error."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.query import label_of, load_gazetteer
from engine.query.parsing import QueryParser
from engine.query.types import Interpretation, Span, Understood


@cache
def parser() -> QueryParser:
    return QueryParser(gazetteer=load_gazetteer())


def read(sentence: str) -> Interpretation:
    return parser().parse(sentence=sentence)


def said(sentence: str) -> dict[str, Any]:
    """Return the labelled fields that `sentence` says anything of."""
    return {k: v for k, v in label_of(read(sentence)).items() if v not in (None, [])}


def spans_of(interpretation: Interpretation) -> list[Span]:
    fields = [getattr(interpretation, name) for name in interpretation.__slots__]
    understood = [
        one
        for value in fields
        for one in (value if isinstance(value, tuple) else (value,))
        if isinstance(one, Understood)
    ]
    return [span for one in understood for span in one.spans] + list(interpretation.ignored)


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
    assert found.time_budget_min is None or found.time_budget_min.value > 0
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
