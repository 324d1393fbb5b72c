"""The taggers that an operator names by path, and the one that needs none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.tagging.lexical import lexicon_tagger
from engine.tagging.types import ImageTagger, TextTagger


class UnusableTagger(ValueError):
    """What lies at a path is no tagger; says what is wrong with it."""


@cache
def default_text_tagger() -> TextTagger:
    """Return the tagger that needs no download, loaded once for each process."""
    return lexicon_tagger()


def load_text_tagger(path: Path | None) -> TextTagger:
    """
    Return the text model at `path`, or the engine's own tagger where it is None.

    Raises:
        UnusableTagger: nothing usable lies there.
    """
    if path is None:
        return default_text_tagger()
    raise UnusableTagger(f"{path}: no text model can be read yet")


def load_image_tagger(path: Path) -> ImageTagger:
    """
    Return the image model at `path`.

    Raises:
        UnusableTagger: nothing usable lies there.
    """
    raise UnusableTagger(f"{path}: no image model can be read yet")
