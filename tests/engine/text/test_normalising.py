import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.text.normalising import (
    initial_consonants,
    match_key,
    normalise,
    similarity,
    trigrams,
)


def test_folds_case_width_and_white_space() -> None:
    assert normalise("  ＨＯＮＧ dae\u3000\n 3시간 ").text == "hong dae 3시간"


def test_composes_decomposed_hangul_and_keeps_its_span() -> None:
    source = "a " + unicodedata.normalize("NFD", "홍대") + "에서"

    normalised = normalise(source)

    assert normalised.text == "a 홍대에서"
    assert normalised.span(2, 4) == (2, 7)
    assert source[7:] == "에서"


def test_leaves_single_letters_as_they_are() -> None:
    assert normalise("ㅋㅋ ㅎㄷ").text == "ㅋㅋ ㅎㄷ"


def test_an_expanded_character_points_back_to_the_one_it_came_from() -> None:
    normalised = normalise("ﬁ ½")

    assert normalised.text == "fi 1⁄2"
    assert normalised.starts == (0, 0, 1, 2, 2, 2)
    assert normalised.span(0, 2) == (0, 1)


def test_drops_zero_width_characters() -> None:
    assert normalise("홍\u200b대").text == "홍대"


@given(st.text(max_size=80))
def test_spans_lie_in_the_source_and_never_go_back(source: str) -> None:
    normalised = normalise(source)

    assert list(normalised.starts) == sorted(normalised.starts)
    assert all(
        0 <= a < b <= len(source) for a, b in zip(normalised.starts, normalised.ends, strict=True)
    )
    assert len(normalised.text) == len(normalised.starts) == len(normalised.ends)


@pytest.mark.parametrize(
    ("left", "right"), [("DDP", "ddp"), ("홍대 입구", "홍대입구"), ("Hongik Univ.", "hongik univ")]
)
def test_spellings_of_one_name_share_a_key(left: str, right: str) -> None:
    assert match_key(left) == match_key(right)


def test_gives_initial_consonants() -> None:
    assert initial_consonants("홍대 3번 Exit") == "ㅎㄷ 3ㅂ Exit"


def test_takes_hangul_apart_before_cutting_trigrams() -> None:
    assert trigrams("홍") == {"  ㅎ", " ㅎㅗ", "ㅎㅗㅇ", "ㅗㅇ "}


def test_similarity_is_the_share_of_trigrams() -> None:
    assert similarity("홍대", "홍대") == 1.0
    assert similarity("홍데", "홍대") == pytest.approx(4 / 8)
    assert similarity("홍대", "잠실") == 0.0
    assert similarity("", "") == 0.0
