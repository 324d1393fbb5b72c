"""An ONNX sentence model as the encoder, for operators who have one: named by path, never fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.embedding.encoding import DIMENSIONS
from engine.embedding.types import VectorArray

TOKENIZER: Final = "tokenizer.json"

_BATCH: Final = 64
_TOKENS_HIGH: Final = 256
_SEED: Final = 20260102
_NAME_LENGTH: Final = 40


class UnusableModel(ValueError):
    """The model or its tokenizer cannot be read, or does not make sentence vectors."""


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """
    Mean-pooled vectors of a sentence model, brought to DIMENSIONS.

    A longer vector is projected by seeded orthogonal directions, which keeps cosines up to about
    0.04; a shorter one is filled up with zeros, which keeps them exactly.
    """

    session: Any  # onnxruntime.InferenceSession
    tokenizer: Any  # tokenizers.Tokenizer
    projection: VectorArray  # (dimensions of the model, DIMENSIONS)
    name: str
    version: str
    dimensions: int = DIMENSIONS

    def encode(self, texts: Sequence[str]) -> VectorArray:
        """
        Return (len(texts), DIMENSIONS) float32 rows of length 1.

        Raises:
            UnusableModel: the model makes vectors of another length than when it was loaded.
        """
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at in range(0, len(texts), _BATCH):
            made = _pooled(self.session, self.tokenizer, texts[at : at + _BATCH])
            if made.shape[1] != len(self.projection):
                raise UnusableModel(
                    f"{self.name} made vectors of {made.shape[1]}, not {len(self.projection)}"
                )
            rows[at : at + _BATCH] = made @ self.projection
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        rows[lengths[:, 0] <= 1e-6, 0] = 1.0  # says nothing, but is a unit vector
        return np.asarray(rows / np.where(lengths > 1e-6, lengths, 1.0), dtype=np.float32)


def load_onnx_encoder(path: Path) -> OnnxEncoder:
    """
    Return the encoder of the model at `path`, with the `tokenizer.json` that lies beside it.

    Raises:
        UnusableModel: a file is missing or broken, a package is not installed, or what the model
            makes of a text is no sentence vector.
    """
    session, tokenizer = open_text_model(path)
    length = _pooled(session, tokenizer, ["조용한 카페"]).shape[1]
    return OnnxEncoder(
        session=session,
        tokenizer=tokenizer,
        projection=_projection(length),
        name=name_of(path),
        version=checksum_of(path, path.with_name(TOKENIZER)),
    )


def open_text_model(path: Path) -> tuple[Any, Any]:
    """
    Return the session and the tokenizer of a model of texts.

    Raises:
        UnusableModel: a file is missing or broken, or a package is not installed.
    """
    tokens = path.with_name(TOKENIZER)
    for file in (path, tokens):
        if not file.is_file():
            raise UnusableModel(f"no file {file}: a model needs {TOKENIZER} beside it")
    tokenizers = optional_package("tokenizers")
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(tokens))
    except Exception as error:  # the package raises no narrower one
        raise UnusableModel(f"{tokens} is no tokenizer: {error}") from error
    tokenizer.enable_truncation(max_length=_TOKENS_HIGH)
    tokenizer.enable_padding()
    return open_session(path), tokenizer


def open_session(path: Path) -> Any:
    """
    Return the session of the model at `path`.

    Raises:
        UnusableModel: there is no such file, it is no model, or the package is not installed.
    """
    if not path.is_file():
        raise UnusableModel(f"no file {path}")
    runtime = optional_package("onnxruntime")
    try:
        return runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:  # its own share no other base
        raise UnusableModel(f"{path} is no ONNX model: {error}") from error


def name_of(path: Path) -> str:
    """Return what a model is called in what it made."""
    return f"onnx:{path.stem}"[:_NAME_LENGTH]


def checksum_of(path: Path, *others: Path) -> str:
    """Return what tells this model from another; its weights may lie beside it, as model.onnx_data."""
    beside = sorted(path.parent.glob(f"{path.stem}*"))
    digest = hashlib.sha256()
    for file in (*beside, *others):
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()[:12]


def optional_package(name: str) -> Any:
    """
    Return a package of the group `onnx`.

    Raises:
        UnusableModel: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise UnusableModel(
            f"{name} is not installed: install the dependency group `onnx`"
        ) from error


def run_on_texts(session: Any, tokenizer: Any, texts: Sequence[str]) -> tuple[Any, VectorArray]:
    """
    Return the first output of the model for `texts`, and which of its tokens are words (1) or padding.

    Raises:
        UnusableModel: it wants what no text has, or fails.
    """
    encoded = tokenizer.encode_batch(list(texts))
    said = {
        "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
        "attention_mask": np.array([one.attention_mask for one in encoded], dtype=np.int64),
        "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
    }
    wanted = [given.name for given in session.get_inputs()]
    unknown = sorted(set(wanted) - set(said))
    if unknown:
        raise UnusableModel(f"the model wants {', '.join(unknown)}, which no text has")
    try:
        (made, *_) = session.run(None, {name: said[name] for name in wanted})
    except Exception as error:  # its own share no other base
        raise UnusableModel(f"the model fails on a text: {error}") from error
    return made, said["attention_mask"].astype(np.float32)


def _pooled(session: Any, tokenizer: Any, texts: Sequence[str]) -> VectorArray:
    """Return (len(texts), dimensions of the model): the mean over the tokens of each text."""
    made, words = run_on_texts(session, tokenizer, texts)
    if made.ndim == 2 and len(made) == len(texts):
        return np.asarray(made, dtype=np.float32)
    if made.ndim != 3 or made.shape[:2] != words.shape:
        raise UnusableModel(
            f"the model makes {made.shape}, neither a vector for each text nor for each token"
        )
    mask = words[:, :, None]
    return np.asarray(
        (made * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1.0), dtype=np.float32
    )


def _projection(length: int) -> VectorArray:
    if length <= DIMENSIONS:
        return np.eye(length, DIMENSIONS, dtype=np.float32)
    q, r = np.linalg.qr(np.random.default_rng(_SEED).standard_normal((length, length)))
    return np.asarray((q * np.sign(np.diag(r)))[:, :DIMENSIONS], dtype=np.float32)
