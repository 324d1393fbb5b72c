from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from engine.embedding.encoding import DIMENSIONS
from engine.embedding.onnx import OnnxEncoder, UnusableModel, load_onnx_encoder
from engine.embedding.types import label_of

WORDS = ("[PAD]", "[UNK]", "quiet", "cafe", "loud", "club")


def write_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(
        WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))


def write_model(
    folder: Path, *, dimensions: int, pooled: bool = False, wants: str = "input_ids", seed: int = 0
) -> np.ndarray:
    """Write a model that looks each token up in a table, and return the table."""
    table = np.random.default_rng(seed).standard_normal((len(WORDS), dimensions)).astype(np.float32)
    nodes = [helper.make_node("Gather", ["table", wants], ["tokens"])]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["tokens"], ["made"], axes=[1], keepdims=0))
    shape: list[str | int | None]
    shape = ["texts", dimensions] if pooled else ["texts", "length", dimensions]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(wants, TensorProto.INT64, ["texts", "length"])],
        [helper.make_tensor_value_info("made" if pooled else "tokens", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    write_tokenizer(folder)
    return table


def load(folder: Path) -> OnnxEncoder:
    return load_onnx_encoder(folder / "model.onnx")


def unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


def test_a_text_is_the_mean_of_its_tokens_whatever_it_is_padded_to(tmp_path: Path) -> None:
    table = write_model(tmp_path, dimensions=8)

    rows = load(tmp_path).encode(["quiet cafe", "quiet cafe loud club loud club", "club"])

    assert rows.shape == (3, DIMENSIONS)
    assert rows.dtype == np.float32
    assert rows[0, :8] == pytest.approx(unit(table[2] + table[3]), abs=1e-6)
    assert rows[2, :8] == pytest.approx(unit(table[5]), abs=1e-6)
    assert not rows[:, 8:].any()


def test_a_model_that_pools_by_itself_is_taken_as_it_is(tmp_path: Path) -> None:
    table = write_model(tmp_path, dimensions=8, pooled=True)

    (row,) = load(tmp_path).encode(["quiet cafe"])

    assert row[:8] == pytest.approx(unit(np.maximum(table[2], table[3])), abs=1e-6)


def test_longer_vectors_are_projected_and_keep_their_cosines(tmp_path: Path) -> None:
    table = write_model(tmp_path, dimensions=2 * DIMENSIONS)
    texts = [f"{one} {other}" for one in WORDS[2:] for other in WORDS[2:]]

    rows = load(tmp_path).encode(texts)

    whole = [unit(table[WORDS.index(a)] + table[WORDS.index(b)]) for a, b in map(str.split, texts)]
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.abs(rows @ rows.T - np.array(whole) @ np.array(whole).T).max() < 0.15


def test_an_empty_text_is_a_unit_vector_too(tmp_path: Path) -> None:
    write_model(tmp_path, dimensions=8)

    rows = load(tmp_path).encode(["", "cafe"])

    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0)
    assert load(tmp_path).encode([]).shape == (0, DIMENSIONS)


def test_its_version_follows_weights_that_lie_beside_it(tmp_path: Path) -> None:
    write_model(tmp_path, dimensions=8)
    weights = tmp_path / "model.onnx_data"
    weights.write_bytes(b"before")
    before = load(tmp_path).version

    weights.write_bytes(b"after")

    assert load(tmp_path).version != before


def test_its_label_names_the_file_and_follows_its_content(tmp_path: Path) -> None:
    write_model(tmp_path, dimensions=8)
    first, again = label_of(load(tmp_path)), label_of(load(tmp_path))

    write_model(tmp_path, dimensions=8, seed=1)

    assert first == again
    assert first.startswith("onnx:model/")
    assert label_of(load(tmp_path)) != first


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match=r"no file .*model\.onnx"):
        load(tmp_path)


def test_a_missing_tokenizer_is_named(tmp_path: Path) -> None:
    write_model(tmp_path, dimensions=8)
    (tmp_path / "tokenizer.json").unlink()

    with pytest.raises(UnusableModel, match=r"no file .*tokenizer\.json"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("broken", "said"),
    [("model.onnx", "is no ONNX model"), ("tokenizer.json", "is no tokenizer")],
)
def test_a_broken_file_is_named(tmp_path: Path, broken: str, said: str) -> None:
    write_model(tmp_path, dimensions=8)
    (tmp_path / broken).write_bytes(b"\x00broken")

    with pytest.raises(UnusableModel, match=said):
        load(tmp_path)


def test_a_model_that_wants_what_no_text_has_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path, dimensions=8, wants="pixel_values")

    with pytest.raises(UnusableModel, match="wants pixel_values"):
        load(tmp_path)


def test_a_model_of_something_else_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path, dimensions=8)
    graph = helper.make_graph(
        [helper.make_node("Shape", ["input_ids"], ["made"])],
        "counts",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "length"])],
        [helper.make_tensor_value_info("made", TensorProto.INT64, [2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(tmp_path / "model.onnx"))

    with pytest.raises(UnusableModel, match="neither a vector for each text"):
        load(tmp_path)
