"""What somebody wants, as one vector: what is said now, and what was liked before."""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.embedding.types import VectorArray

_TASTE_WEIGHT: Final = 0.5  # beside what is said now


def wish_of(*, query: VectorArray | None, taste: VectorArray | None) -> VectorArray | None:
    """Return the unit vector of both; of one alone where the other is None; None for neither."""
    if query is None or taste is None:
        return taste if query is None else query
    both = query + np.float32(_TASTE_WEIGHT) * taste
    return np.asarray(both / np.linalg.norm(both), dtype=np.float32)
