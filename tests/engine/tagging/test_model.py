import io
from typing import Any

import numpy as np
import pytest

from engine.embedding.features import BUCKETS
from engine.embedding.lexicon import read_lexicon
from engine.tagging.finding import mentions_of
from engine.tagging.gathering import Part, gather
from engine.tagging.model import Featuring, LinearModel, UntrainedTagger
from engine.tagging.training import BATCH, Lesson, TooFewLessons, train
from engine.tagging.types import Document
from engine.tagging.vocabulary import vocabulary

LESSONS = [
    Lesson(document=Document(names=(f"{word} {number}",)), category=category)
    for number in range(BATCH // 2)
    for word, category in (("행복문고", "bookstore"), ("으뜸체육관", "activity"))
]


def small_model() -> LinearModel:
    weights = np.zeros((1 + BUCKETS, 2), dtype=np.float32)
    weights[0] = (1.0, -0.5)
    return LinearModel(("quiet", "cafe"), ("nature",), weights, np.array([0.25, -1.0], np.float32))


def file_with(**changed: np.ndarray) -> bytes:
    with np.load(io.BytesIO(small_model().to_bytes())) as file:
        arrays = {name: file[name] for name in file.files}
    made = io.BytesIO()
    everything: dict[str, Any] = {**arrays, **changed}
    np.savez(made, **everything)
    return made.getvalue()


def test_a_model_is_the_same_from_its_file() -> None:
    model = small_model()

    again = LinearModel.from_bytes(model.to_bytes(), name="tagger.npz")

    assert (again.tags, again.concepts) == (model.tags, model.concepts)
    assert again.weights == pytest.approx(model.weights, abs=0.01)
    assert again.bias == pytest.approx(model.bias)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "tagger.npz is no trained tagger"),
        (b"PK\x03\x04broken", "tagger.npz is no trained tagger"),
        (file_with(format=np.array(99)), "tagger.npz is of format 99"),
        (file_with(bias=np.array([np.nan, 0.0], np.float32)), "tagger.npz has a weight that is no number"),
        (file_with(scales=np.array([np.inf, 1.0], np.float32)), "tagger.npz has a weight that is no"),
        (file_with(bias=np.zeros(3, np.float32)), "tagger.npz has weights of"),
        (file_with(weights=np.zeros((7, 2), np.int8)), r"tagger.npz has weights of \(7, 2\)"),
        (small_model().to_bytes()[:-40], "tagger.npz is no trained tagger"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(UntrainedTagger, match=said), np.errstate(invalid="ignore"):
        LinearModel.from_bytes(data, name="tagger.npz")


def test_words_that_name_a_mood_are_not_seen() -> None:
    lexicon = read_lexicon()
    featuring = Featuring.of(lexicon=lexicon, concepts=tuple(lexicon.concepts))

    def seen(text: str) -> list[int]:
        mentions = mentions_of(text, vocabulary=vocabulary())
        return list(featuring.features([(Part(text, "described"), mentions)]).rows)

    assert seen("조용한 카페") == seen("       카페".replace("       ", "한 "))
    assert seen("카페") != seen("서점")


def test_a_concept_that_a_model_does_not_know_is_left_out() -> None:
    lexicon = read_lexicon()
    featuring = Featuring.of(lexicon=lexicon, concepts=("cafe",))
    gathered = gather(Document(names=("museum cafe",)), vocabulary=vocabulary())

    rows = featuring.features(gathered.parts).rows

    assert 0 in rows
    assert rows.max() < 1 + BUCKETS


def test_training_tells_apart_what_records_state_and_gives_the_same_twice() -> None:
    lexicon, words = read_lexicon(), vocabulary()

    model = train(lessons=LESSONS, lexicon=lexicon, vocabulary=words, epochs=8)
    again = train(lessons=LESSONS, lexicon=lexicon, vocabulary=words, epochs=8)

    featuring = Featuring.of(lexicon=lexicon, concepts=model.concepts)
    gathered = gather(Document(names=("으뜸체육관 본점",)), vocabulary=words)
    scores = model.scores(featuring.features(gathered.parts))
    assert scores["activity"] > scores["bookstore"]
    assert model.to_bytes() == again.to_bytes()


def test_too_few_lessons_are_refused() -> None:
    with pytest.raises(TooFewLessons, match=f"3 texts; at least {BATCH}"):
        train(lessons=LESSONS[:3], lexicon=read_lexicon(), vocabulary=vocabulary())
