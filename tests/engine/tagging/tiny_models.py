"""Models of a few numbers, made where a test needs one."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

WORDS = ("[PAD]", "[UNK]", "quiet", "cafe", "loud", "club")
LABELS = ("quiet", "cafe", "")
# One row for each word, one column for each label.
SAYS = np.array(
    [[-3, -3, -9], [-3, -3, -9], [3, -3, -9], [-3, 3, -9], [-3, -3, 9], [-3, -3, 9]], np.float32
)


def text_model(folder: Path, *, table: np.ndarray = SAYS, sidecar: str | None = None) -> Path:
    """Write a model that takes for each label what the strongest word says, and return its path."""
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["tokens"]),
            helper.make_node("ReduceMax", ["tokens"], ["made"], axes=[1], keepdims=0),
        ],
        "texts",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "length"])],
        [helper.make_tensor_value_info("made", TensorProto.FLOAT, ["texts", table.shape[1]])],
        [numpy_helper.from_array(table, "table")],
    )
    words = {word: row for row, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return _write(folder, graph, sidecar or f"labels = {list(LABELS)}")


def image_model(folder: Path, *, sidecar: str | None = None, outputs: int = 2) -> Path:
    """Write a model whose outputs are the mean of red, then of green, and return its path."""
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", ["pixels"], ["means"], axes=[2, 3], keepdims=0),
            helper.make_node("Slice", ["means", "start", "end", "axis"], ["made"]),
        ],
        "pictures",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["pictures", 3, "h", "w"])],
        [helper.make_tensor_value_info("made", TensorProto.FLOAT, ["pictures", outputs])],
        [
            numpy_helper.from_array(np.array([number], np.int64), name)
            for name, number in (("start", 0), ("end", outputs), ("axis", 1))
        ],
    )
    usual = """
        labels = ["night", "nature"]
        activation = "none"
        size = [8, 6]
        mean = [0.0, 0.0, 0.0]
        std = [1.0, 1.0, 1.0]
    """
    return _write(folder, graph, usual if sidecar is None else sidecar)


def picture(colour: Sequence[int], *, size: tuple[int, int] = (20, 10), kind: str = "PNG") -> bytes:
    """Return a picture of one colour."""
    made = BytesIO()
    Image.new("RGB", size, tuple(colour)).save(made, kind)
    return made.getvalue()


def _write(folder: Path, graph: onnx.GraphProto, sidecar: str) -> Path:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "model.toml").write_text(sidecar, "utf-8")
    return folder / "model.onnx"
