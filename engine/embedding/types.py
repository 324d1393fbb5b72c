"""What passes between a text's source and an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

VectorArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The text of one place: its names in every language, and what is said of it beside them."""

    names: tuple[str, ...]
    about: str

    @property
    def text(self) -> str:
        return " ".join((*self.names, self.about))


class Encoder(Protocol):
    """Turns texts into unit vectors; `name` and `version` are stored beside what it made."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> VectorArray:
        """Return (len(texts), dimensions) float32 rows of length 1."""
        ...


def label_of(encoder: Encoder) -> str:
    """Return what is stored beside a vector: two vectors compare only if theirs are equal."""
    return f"{encoder.name}/{encoder.version}"
