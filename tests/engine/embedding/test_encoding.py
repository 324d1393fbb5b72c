from itertools import combinations

import numpy as np
import pytest

from engine.embedding.encoding import DIMENSIONS, default_encoder
from engine.embedding.lexicon import read_lexicon


def cosine(first: str, second: str) -> float:
    rows = default_encoder().encode([first, second])
    return float(rows[0] @ rows[1])


def test_rows_are_unit_vectors_even_of_empty_and_unknown_texts() -> None:
    texts = ["조용한 카페", "", "   ", "🍜🍜", "quiet loud", "xyzzy", "가" * 5000]

    rows = default_encoder().encode(texts)

    assert rows.shape == (len(texts), DIMENSIONS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("조용한 카페", "a quiet cafe"),
        ("낭만적인 야경", "romantic night view"),
        ("전통 시장", "traditional market"),
        ("숨은 서점을", "hidden bookstores"),
    ],
)
def test_korean_and_english_of_one_meaning_are_one_text(korean: str, english: str) -> None:
    assert cosine(korean, english) > 0.85


def test_a_quiet_cafe_is_no_loud_club() -> None:
    assert cosine("조용한 카페", "시끄러운 클럽") < 0
    assert cosine("quiet cafe", "시끄러운 클럽") < 0


def test_an_opposite_mood_is_further_than_another_category() -> None:
    assert cosine("조용한 카페", "시끄러운 카페") < cosine("조용한 카페", "조용한 도서관")


@pytest.mark.parametrize("denied", ["시끄럽지 않은 카페", "a cafe that is not loud"])
def test_a_denied_opposite_comes_close(denied: str) -> None:
    assert cosine("조용한 카페", denied) > 0.7


def test_names_that_share_letters_are_closer_than_those_that_do_not() -> None:
    assert cosine("가온누리", "가온마루") > cosine("가온누리", "스타필드")


def test_one_syllable_words_match_only_as_whole_words() -> None:
    lexicon = read_lexicon()

    alone, _ = lexicon.match("산")
    with_particle, _ = lexicon.match("산에서")
    inside, _ = lexicon.match("부산물")

    assert len(alone) == len(with_particle) == 1
    assert inside == []


def test_every_word_belongs_to_one_concept() -> None:
    concepts = read_lexicon().concepts

    shared = [
        (one, other, set(concepts[one].ko) & set(concepts[other].ko))
        for one, other in combinations(concepts, 2)
        if set(concepts[one].ko) & set(concepts[other].ko)
        or set(concepts[one].en) & set(concepts[other].en)
    ]

    assert shared == []
    assert len(concepts) >= 150
