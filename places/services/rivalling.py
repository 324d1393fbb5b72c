"""
Keeps what records of one place say otherwise than what was taken: the value, its row, its date.

How far a value is to be believed is its share of all that is said of the fact, what is newer
weighing more: two fresh records against an old one leave the old one little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from places.opening.types import OpeningHours
from places.opening.types import Refusal as HoursRefusal
from places.services.likeness import folded
from places.types import Draft

SAID_LENGTH: Final = 160
WEIGHT_LOW: Final = 0.01  # of a record without a date, or of long ago: it still says something


@dataclass(frozen=True, slots=True)
class Claim:
    """What one record says of a fact; two that say the same have equal values."""

    draft: Draft
    value: Hashable
    said: Any  # as it is stored, JSON


def names(drafts: Iterable[Draft]) -> list[Claim]:
    """Return what each draft calls the place."""
    return [Claim(draft, folded(draft.name), draft.name) for draft in drafts]


def categories(drafts: Iterable[Draft]) -> list[Claim]:
    return [Claim(draft, draft.category, draft.category) for draft in drafts]


def costs(drafts: Iterable[Draft]) -> list[Claim]:
    """Return the costs of those drafts that say one."""
    return [Claim(draft, draft.cost, list(draft.cost)) for draft in drafts if draft.cost]


def hours(read: Iterable[tuple[Draft, OpeningHours | HoursRefusal | None]]) -> list[Claim]:
    """Return the hours that were understood and give times, compared without their wording."""
    return [
        Claim(draft, replace(one, source_text="", notes=()), draft.hours.text[:SAID_LENGTH])
        for draft, one in read
        if isinstance(one, OpeningHours) and one.has_times
    ]


def rivals_of(
    taken: str, claims: Sequence[Claim], *, weigh: Callable[[date | None], float]
) -> dict[str, Any]:
    """
    Return what a fact says more where records disagree, {} where they do not.

    `taken` is the key of the draft that the fact is from. The rivals stand by confidence, highest
    first, in [0, 1]; those of one value once, by their newest record.
    """
    own = next((claim for claim in claims if claim.draft.key == taken), None)
    if own is None or all(claim.value == own.value for claim in claims):
        return {}
    shares: dict[Hashable, float] = defaultdict(float)
    for claim in claims:
        shares[claim.value] += max(weigh(claim.draft.as_of), WEIGHT_LOW)
    total = sum(shares.values())

    def told(claim: Claim) -> dict[str, Any]:
        as_of = claim.draft.as_of.isoformat() if claim.draft.as_of else None
        return {"as_of": as_of, "confidence": round(shares[claim.value] / total, 3)}

    newest: dict[Hashable, Claim] = {}
    for claim in sorted(claims, key=lambda one: one.draft.as_of or date.min, reverse=True):
        newest.setdefault(claim.value, claim)
    newest.pop(own.value)
    others = [
        {"from": claim.draft.key, "said": claim.said, **told(claim)} for claim in newest.values()
    ]
    others.sort(key=lambda one: (-one["confidence"], one["from"]))
    return {**told(own), "rivals": others}
