"""The encoder that an operator names, loaded once for each process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from engine.embedding.encoding import default_encoder
from engine.embedding.onnx import load_onnx_encoder
from engine.embedding.types import Encoder


@lru_cache(maxsize=4)
def load_encoder(path: str) -> Encoder:
    """
    Return the ONNX encoder at `path`, or the engine's own where it is empty. Loaded once.

    Raises:
        UnusableModel: nothing usable lies there.
    """
    return load_onnx_encoder(Path(path)) if path else default_encoder()
