import io
from itertools import combinations

import numpy as np
import pytest

from engine.embedding.encoding import (
    DIMENSIONS,
    Projection,
    UntrainedEncoder,
    concept_directions,
    default_encoder,
    make_encoder,
)
from engine.embedding.features import BUCKETS
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
def test_korean_and_english_of_one_meaning_come_close(korean: str, english: str) -> None:
    assert cosine(korean, english) > 0.5


def test_a_quiet_cafe_is_no_loud_club() -> None:
    assert cosine("조용한 카페", "시끄러운 클럽") < 0
    assert cosine("quiet cafe", "시끄러운 클럽") < 0


def test_an_opposite_mood_is_further_than_another_category() -> None:
    assert cosine("조용한 카페", "시끄러운 카페") < cosine("조용한 카페", "조용한 도서관")


@pytest.mark.parametrize("denied", ["시끄럽지 않은 카페", "a cafe that is not loud"])
def test_a_denied_opposite_comes_close(denied: str) -> None:
    assert cosine("조용한 카페", denied) > 0.6


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
    assert len(concepts) >= 250


def projection(**changes: object) -> Projection:
    random = np.random.default_rng(0)
    letters = random.standard_normal((BUCKETS, DIMENSIONS)).astype(np.float32)
    weights = dict.fromkeys(read_lexicon().concepts, 1.0)
    return Projection(**({"weights": weights, "letters": letters} | changes))  # type: ignore[arg-type] # any field


def test_a_projection_is_read_back_as_it_was_but_for_rounding_to_bytes() -> None:
    written = projection()

    read = Projection.from_bytes(written.to_bytes())

    assert list(read.weights) == list(written.weights)
    step = np.abs(written.letters).max(axis=1, keepdims=True) / 127
    assert (np.abs(read.letters - written.letters) <= step / 2 + 1e-6).all()


def of_other_buckets() -> bytes:
    return projection(letters=np.ones((3, DIMENSIONS), dtype=np.float32)).to_bytes()


def without_letters() -> bytes:
    file = io.BytesIO()
    np.savez(file, names=np.array(["quiet"]))
    return file.getvalue()


def cut_short() -> bytes:
    return without_letters()[:-30]


@pytest.mark.parametrize(
    "data", [b"", b"no file", of_other_buckets(), without_letters(), cut_short()]
)
def test_a_file_that_is_no_projection_is_refused(data: bytes) -> None:
    with pytest.raises(UntrainedEncoder):
        Projection.from_bytes(data)


def test_unrelated_concepts_stand_at_right_angles_and_related_ones_do_not() -> None:
    lexicon = read_lexicon()
    rows = dict(zip(lexicon.concepts, concept_directions(lexicon), strict=True))

    assert rows["library"] @ rows["beach"] == pytest.approx(0.0, abs=1e-6)
    assert rows["kalguksu"] @ rows["noodles"] > 0.3
    assert rows["quiet"] @ rows["loud"] < -0.5


def test_a_new_concept_leaves_the_directions_of_the_others_where_they_are() -> None:
    lexicon = read_lexicon()
    known = [name for name in lexicon.concepts if name != "beach"]

    before = dict(zip(lexicon.concepts, concept_directions(lexicon), strict=True))
    after = dict(zip(lexicon.concepts, concept_directions(lexicon, known=known), strict=True))

    assert after["library"] @ after["cinema"] == pytest.approx(0.0, abs=1e-6)
    assert after["quiet"].tolist() == before["quiet"].tolist()


def test_a_concept_without_a_learned_weight_weighs_what_is_usual() -> None:
    lexicon = read_lexicon()
    weights = dict.fromkeys(list(lexicon.concepts)[:-1], 0.7)

    encoder = make_encoder(lexicon=lexicon, projection=projection(weights=weights), version="test")

    assert np.linalg.norm(encoder.concepts, axis=1) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("plain", "accented"), [("kavarna slavia", "Kavárna Slavia"), ("u fleku", "U Fleků")]
)
def test_accents_of_latin_letters_say_nothing(plain: str, accented: str) -> None:
    assert cosine(plain, accented) == pytest.approx(1.0)


def test_a_dish_is_near_its_kitchen_and_nearer_itself() -> None:
    assert (
        cosine("칼국수", "knife-cut noodles") > cosine("칼국수", "국수") > cosine("칼국수", "피자")
    )


def test_a_longer_word_hides_the_meaning_of_its_part() -> None:
    lexicon = read_lexicon()

    crossing, _ = lexicon.match("구산사거리")
    street, _ = lexicon.match("걷고 싶은 거리")

    assert crossing == []
    assert [match.word for match in street] == ["거리"]
