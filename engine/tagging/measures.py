"""Costs and stays of a whole document: what its record says, and what people say beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from engine.tagging.costs import cost_in
from engine.tagging.gathering import Part
from engine.tagging.stays import stay_in
from engine.tagging.types import CostReading, StayReading

_REMARKED: Final = 0.8  # one visitor's word beside the record's
_FAR: Final = 5.0  # times the usual: a souvenir, a hall for a wedding
_DISAGREEING: Final = 0.7
_AGREEING: Final = 1.15
_SUREST: Final = 0.97


def cost_of(parts: Sequence[Part]) -> CostReading | None:
    """Return what a visit costs by all texts: one range over all that they say."""
    said = [
        replace(cost, confidence=cost.confidence * _share(part))
        for part in parts
        if part.role != "named" and (cost := cost_in(part.text)) is not None
    ]
    if not said:
        return None
    (currency, _), *_ = Counter(cost.currency for cost in said if cost.high).most_common(1) or [
        ("", 0)
    ]
    said = [cost for cost in said if cost.currency == currency or not cost.high]
    usual = median(cost.high for cost in said)
    kept = [cost for cost in said if usual / _FAR <= cost.high <= usual * _FAR] or said
    best = max(kept, key=lambda cost: cost.confidence)
    low, high = min(cost.low for cost in kept), max(cost.high for cost in kept)
    agrees = (low, high) == (best.low, best.high)
    return replace(
        best,
        low=low,
        high=high,
        currency=currency,
        confidence=_together(best.confidence, others=len(said) - 1, agrees=agrees),
    )


def stay_of(parts: Sequence[Part]) -> StayReading | None:
    """Return how long a visit lasts by all texts: one range over all that they say."""
    said = [
        replace(stay, confidence=stay.confidence * _share(part))
        for part in parts
        if part.role != "named" and (stay := stay_in(part.text)) is not None
    ]
    if not said:
        return None
    best = max(said, key=lambda stay: stay.confidence)
    kept = [
        stay
        for stay in said
        if best.minutes_low / _FAR <= stay.minutes_high <= best.minutes_high * _FAR
    ]
    low, high = min(stay.minutes_low for stay in kept), max(stay.minutes_high for stay in kept)
    agrees = (low, high) == (best.minutes_low, best.minutes_high)
    return replace(
        best,
        minutes_low=low,
        minutes_high=high,
        confidence=_together(best.confidence, others=len(said) - 1, agrees=agrees),
    )


def _share(part: Part) -> float:
    return _REMARKED if part.role == "remarked" else 1.0


def _together(confidence: float, *, others: int, agrees: bool) -> float:
    """Return the confidence of several readings: more where they agree, less where they do not."""
    if not others:
        return confidence
    return min(_SUREST, confidence * _AGREEING) if agrees else confidence * _DISAGREEING
