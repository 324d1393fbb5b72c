"""How often Python looks for cycles among what it made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEW_OBJECTS: Final = 50_000


@contextmanager
def collected_rarely() -> Iterator[None]:
    """
    Look for cycles after many new objects rather than hundreds, inside the block.

    For bulks of rows, which hold many objects for a moment and no cycles: a tenth of their time went
    into looking. Memory stays bounded, since cycles are still looked for.
    """
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
