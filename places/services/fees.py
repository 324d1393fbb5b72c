"""Tells where a fee of 0 means that a museum is free, and where only that nobody filled it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from places.services.likeness import publisher
from places.types import Draft


def with_noughts_believed(cluster: Sequence[Draft]) -> list[Draft]:
    """Return the records of one place, those that write 0 as free where 0 can be believed."""
    if not _is_nought_believed(cluster):
        return list(cluster)
    return [replace(draft, cost=(0, 0)) if _is_nought(draft) else draft for draft in cluster]


def _is_nought_believed(cluster: Sequence[Draft]) -> bool:
    """
    Tell whether 0 is the fee.

    A public museum's is. A private one's is where two publishers agree, but not a gallery's:
    galleries change their fee with the exhibition and write 0 for "see there".
    """
    noughts = [draft for draft in cluster if _is_nought(draft)]
    if any((draft.cost or (0, 0))[1] > 0 or draft.fee_hint == "varies" for draft in cluster):
        return False
    if any(draft.is_public for draft in noughts):
        return True
    museums = {publisher(draft) for draft in noughts if draft.category == "museum"}
    return len(museums) > 1


def _is_nought(draft: Draft) -> bool:
    return draft.cost is None and draft.fee_hint == "nought"
