import pytest

from engine.query.lexicon import load_lexicon
from engine.query.readings import Unit
from engine.query.typos import Typos, is_one_slip

TYPOS = Typos(load_lexicon())


def unknown(text: str) -> Unit:
    return Unit(0, len(text), text, (), 0.0)


@pytest.mark.parametrize(
    ("left", "right"),
    [("quiet", "queit"), ("museum", "musem"), ("museum", "museumm"), ("museum", "mugeum")],
)
def test_one_slip_is_a_letter_more_less_other_or_swapped(left: str, right: str) -> None:
    assert is_one_slip(left, right)


@pytest.mark.parametrize(
    ("left", "right"), [("museum", "museum"), ("museum", "musum x"), ("ab", "cd")]
)
def test_equal_or_farther_words_are_no_slip(left: str, right: str) -> None:
    assert not is_one_slip(left, right)


@pytest.mark.parametrize(
    ("said", "section", "value"),
    [
        ("resturant", "categories", "restaurant"),
        ("romatic", "moods", "romantic"),
        ("조용햔", "moods", "quiet"),
        ("cofee", "categories", "cafe"),
        ("restaraunt", "categories", "restaurant"),
        ("카폐", "categories", "cafe"),
        ("디져트", "categories", "dessert"),
    ],
)
def test_reads_a_slip_as_the_word_meant(said: str, section: str, value: str) -> None:
    unit = unknown(said)

    corrected = TYPOS.correct(unit)

    assert corrected
    assert unit.says(section, value)
    assert unit.confidence == 0.7


@pytest.mark.parametrize("said", ["shoes", "서정", "bargain", "zzzzzzzz"])
def test_leaves_short_and_strange_words(said: str) -> None:
    unit = unknown(said)

    corrected = TYPOS.correct(unit)

    assert not corrected
    assert unit.unknown
