"""The taggers that an operator names by path, and the one that needs none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from engine.embedding.onnx import UnusableModel
from engine.tagging.default import default_tagger
from engine.tagging.images import load_onnx_image_tagger
from engine.tagging.texts import load_onnx_text_tagger
from engine.tagging.types import ImageTagger, TextTagger

UnusableTagger = UnusableModel  # what lies at a path is none; says what is wrong with it


def default_text_tagger() -> TextTagger:
    """Return the tagger that needs no download, loaded once for each process."""
    return default_tagger()


@lru_cache(maxsize=2)
def load_text_tagger(path: Path | None) -> TextTagger:
    """
    Return the text model at `path`, or the engine's own tagger where it is None. Loaded once.

    Raises:
        UnusableTagger: nothing usable lies there.
    """
    return default_text_tagger() if path is None else load_onnx_text_tagger(path)


@lru_cache(maxsize=2)
def load_image_tagger(path: Path) -> ImageTagger:
    """
    Return the image model at `path`. Loaded once.

    Raises:
        UnusableTagger: nothing usable lies there.
    """
    return load_onnx_image_tagger(path)
