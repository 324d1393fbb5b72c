import unicodedata

from engine.query.folding import READ_CHARACTERS, fold
from engine.query.types import Span


def test_hyphens_inside_words_are_blanks() -> None:
    assert fold("Pop-up 6-hour 2-5pm").text == "pop up 6 hour 2-5pm"


def test_decomposed_hangul_is_traced_to_where_it_stood() -> None:
    folded = fold(unicodedata.normalize("NFD", "홍대 카페"))

    assert folded.text == "홍대 카페"
    assert folded.span(0, 2) == Span(0, 5)


def test_no_more_than_the_limit_is_read() -> None:
    assert len(fold("가" * (READ_CHARACTERS + 1)).text) == READ_CHARACTERS


def test_offsets_lead_into_the_text_and_back() -> None:
    folded = fold("  ＡＢ  c")

    assert folded.positions(2, 4) == (0, 2)
    assert folded.span(0, 2) == Span(2, 4)
