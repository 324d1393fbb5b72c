from engine.catalogue import CATEGORIES, COMPANIONS, MOODS
from engine.query.lexicon import LANGUAGES, ends_well, load_lexicon
from engine.query.readings import Word
from engine.types import Mode

LEXICON = load_lexicon()
WORDS = {reading for readings in LEXICON.words.values() for reading in readings}


def values_of(section: str) -> set[str]:
    return {word.value for word in WORDS if isinstance(word, Word) and word.section == section}


def test_names_every_value_of_the_catalogue_and_no_other() -> None:
    assert values_of("categories") == set(CATEGORIES)
    assert values_of("moods") == set(MOODS)
    assert values_of("companions") == set(COMPANIONS)
    assert values_of("modes") == {mode.value for mode in Mode}


def test_values_that_are_numbers_are_numbers() -> None:
    numbers = values_of("party") | values_of("durations") | values_of("budget")

    assert all(value.isdigit() for value in numbers)


def test_a_blank_in_a_korean_entry_may_be_left_out() -> None:
    assert LEXICON.words["보드게임 카페"] == LEXICON.words["보드게임카페"]


def test_a_place_named_in_several_words_keeps_the_qualities_of_each() -> None:
    assert Word("moods", "traditional") in LEXICON.words["한옥카페"]
    assert Word("indoor", "true") in LEXICON.words["실내동물원"]


def test_an_apostrophe_may_be_left_out() -> None:
    assert Word("negators_before") in LEXICON.words["dont want"]


def test_countable_english_words_have_a_plural() -> None:
    assert LEXICON.words["galleries"] == LEXICON.words["gallery"]


def test_a_latin_word_never_ends_inside_another() -> None:
    assert not ends_well("barber", 3)
    assert ends_well("bar에서", 3)


def test_reads_korean_and_english() -> None:
    assert LANGUAGES == ("ko", "en")
