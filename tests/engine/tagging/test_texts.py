from pathlib import Path

import numpy as np
import pytest

from engine.tagging.loading import UnusableTagger, load_text_tagger
from engine.tagging.types import BY_MODEL, Document
from tests.engine.tagging.tiny_models import LABELS, SAYS, text_model


def test_a_model_tags_what_its_outputs_say(tmp_path: Path) -> None:
    tagger = load_text_tagger(text_model(tmp_path))

    quiet, club, nothing = tagger.read(
        [
            Document(names=("quiet",), description="cafe"),
            Document(names=("loud club",)),
            Document(names=()),
        ]
    )

    assert [guess.tag for guess in quiet.tags] == ["cafe", "quiet"]
    assert quiet.tags[0].confidence == pytest.approx(1 / (1 + np.exp(-3)), abs=1e-6)
    assert quiet.tags[0].evidence == BY_MODEL
    assert club.tags == ()
    assert nothing.tags == ()


def test_costs_and_stays_are_read_beside_it(tmp_path: Path) -> None:
    tagger = load_text_tagger(text_model(tmp_path))

    (reading,) = tagger.read([Document(names=("cafe",), description="입장료 3,000원, 1시간 소요")])

    assert reading.cost is not None
    assert reading.stay is not None
    assert (reading.cost.high, reading.stay.minutes_high) == (3000, 60)


def test_the_stated_category_is_not_guessed_again(tmp_path: Path) -> None:
    tagger = load_text_tagger(text_model(tmp_path))

    (reading,) = tagger.read([Document(names=("quiet cafe",), category="cafe")])

    assert [guess.tag for guess in reading.tags] == ["quiet"]


def test_outputs_may_be_shares_of_one(tmp_path: Path) -> None:
    sidecar = f'labels = {list(LABELS)}\nactivation = "softmax"'
    tagger = load_text_tagger(text_model(tmp_path, sidecar=sidecar))

    (reading,) = tagger.read([Document(names=("quiet",))])

    assert [guess.tag for guess in reading.tags] == ["quiet"]
    assert reading.tags[0].confidence == pytest.approx(1 / (1 + np.exp(-6) + np.exp(-12)), abs=1e-6)


def test_many_documents_are_read_in_order(tmp_path: Path) -> None:
    tagger = load_text_tagger(text_model(tmp_path))

    readings = tagger.read([Document(names=(("quiet", "cafe")[at % 2],)) for at in range(70)])

    said = [reading.tags[0].tag for reading in readings]
    assert said == [("quiet", "cafe")[at % 2] for at in range(70)]


def test_its_label_follows_its_files(tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    first.mkdir()
    other.mkdir()

    before = load_text_tagger(text_model(first))
    after = load_text_tagger(text_model(other, table=SAYS + 1))

    assert before.label.startswith("onnx:model/")
    assert before.label != after.label


@pytest.mark.parametrize(
    ("sidecar", "said"),
    [
        ("labels = ['quiet', 'cafe']", r"makes \(1, 3\), not \(1, 2\)"),
        ("labels = ['quiet', 'sunny', '']", "names 'sunny', which is no tag"),
        ("labels = ['quiet', 7, '']", "names 7, which is no tag"),
        ("labels = []", "has no list of labels"),
        ("labels = ['', '', '']", "has no list of labels"),
        ("label = 'quiet'", "has no list of labels"),
        ("labels = [", "is no TOML"),
        ("labels = ['quiet', 'cafe', '']\nactivation = 'tanh'", "activation 'tanh' is none of"),
    ],
)
def test_a_model_whose_labels_do_not_fit_is_refused(
    tmp_path: Path, sidecar: str, said: str
) -> None:
    path = text_model(tmp_path, sidecar=sidecar)

    with pytest.raises(UnusableTagger, match=said):
        load_text_tagger(path)


@pytest.mark.parametrize("missing", ["model.onnx", "model.toml", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    path = text_model(tmp_path)
    (tmp_path / missing).unlink()

    with pytest.raises(UnusableTagger, match=f"no file .*{missing}"):
        load_text_tagger(path)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_model_that_makes_no_numbers_is_refused(tmp_path: Path, number: float) -> None:
    path = text_model(tmp_path, table=np.full_like(SAYS, number))

    with pytest.raises(UnusableTagger, match="no numbers"):
        load_text_tagger(path)
