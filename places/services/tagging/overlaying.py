"""
What tags change of a place: moods that no source states, a cost and a stay where none is stated.

What a source states and what an operator corrected stands. A mood of a tag is told by its evidence, a
cost or stay that was read by its fact, which also keeps what is usual: so all of it can be taken off
again. What was read is nobody's statement: its provenance stays "prior", with how sure it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from engine.catalogue import CATEGORIES
from places.models import FactProvenance, PlaceReading, PlaceTag, TagSource, TagType
from places.services.judging import CityPriors, read_priors

# What a mood is put down to, by whose word it is; engine/data/phrases_*.toml say it to people.
EVIDENCE: Final = {
    TagSource.LEXICON: "by its own words",
    TagSource.MODEL: "by the look of its words",
    TagSource.PEOPLE: "by what visitors write",
    TagSource.BLOGS: "by what blogs write",
    TagSource.IMAGE: "by its photos",
    TagSource.OPERATOR: "by our operators",
}
_EVIDENCES: Final = frozenset(EVIDENCE.values())
READ: Final = "read from its text"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRead:
    """What an adult pays, as read."""

    low: int
    high: int
    confidence: float
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRead:
    """How long one stays, as read."""

    minutes: int
    confidence: float
    origin: str


@dataclass(slots=True, kw_only=True)
class Held:
    """What tags and readings say of one place."""

    moods: dict[str, dict[str, Any]] = field(default_factory=dict)  # as in `Place.mood_scores`
    cost: CostRead | None = None
    stay: StayRead | None = None


def load_held(place_ids: Collection[int]) -> Mapping[int, Held]:
    """Return what is held of these places; of several words on one mood the surest. Two queries."""
    held: dict[int, Held] = {place_id: Held() for place_id in place_ids}
    tags = PlaceTag.objects.filter(
        place_id__in=place_ids, tag__type=TagType.MOOD, tag__is_active=True
    )
    for tag in tags.order_by("-confidence", "source"):
        said = {
            "confidence": round(tag.confidence, 3),
            "evidence": EVIDENCE[TagSource(tag.source)],
        }
        held[tag.place_id].moods.setdefault(tag.tag_id, said)
    for reading in PlaceReading.objects.filter(place_id__in=place_ids).order_by("source"):
        _hold(held[reading.place_id], reading)
    return held


def _hold(held: Held, reading: PlaceReading) -> None:
    origin = f"{reading.source} {reading.tagger}"
    if reading.cost_low is not None and reading.cost_high is not None:
        cost = CostRead(
            low=reading.cost_low,
            high=reading.cost_high,
            confidence=round(reading.cost_confidence or 0.0, 3),
            origin=origin,
        )
        held.cost = max(held.cost or cost, cost, key=lambda one: one.confidence)
    if reading.stay_min is not None:
        stay = StayRead(
            minutes=reading.stay_min,
            confidence=round(reading.stay_confidence or 0.0, 3),
            origin=origin,
        )
        held.stay = max(held.stay or stay, stay, key=lambda one: one.confidence)


def stated_moods(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the moods that are not there by a tag."""
    moods: Mapping[str, Mapping[str, Any]] = fields["mood_scores"]
    return {name: said for name, said in moods.items() if said.get("evidence") not in _EVIDENCES}


def overlay(fields: Mapping[str, Any], *, held: Held, edited: Iterable[str]) -> dict[str, Any]:
    """
    Return the columns that differ once all that is held is laid over a place, and what no longer is taken off.

    `fields` are the columns of the place, `edited` those that an operator corrected.
    """
    kept = frozenset(edited)
    laid: dict[str, Any] = {}
    if "mood_scores" not in kept:
        moods = {**held.moods, **stated_moods(fields)}
        laid["mood_scores"] = dict(sorted(moods.items()))
    facts = dict(fields["facts"])
    if kept.isdisjoint({"cost_low", "cost_high"}):
        laid |= _cost(fields, facts, held.cost)
    if "stay_min" not in kept:
        laid |= _stay(fields, facts, held.stay)
    laid["facts"] = facts
    return {name: value for name, value in laid.items() if fields[name] != value}


def without_tags(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that tags changed, as they are without: what may be handed on to others."""
    return overlay(fields, held=Held(), edited=())


def _cost(
    fields: Mapping[str, Any], facts: dict[str, Any], read: CostRead | None
) -> dict[str, Any]:
    """Return the columns of the cost, and state its fact."""
    fact = facts.get("cost", {})
    usual = fact.get("usual")
    if usual is None:
        if fields["cost_provenance"] != FactProvenance.PRIOR or read is None:
            return {}
        usual = {name: fields[name] for name in ("cost_low", "cost_high", "cost_band")}
    if read is None:
        facts["cost"] = {"from": "", "provenance": str(FactProvenance.PRIOR)}
        return dict(usual)
    high = read.high
    if CATEGORIES[fields["category"]].food:
        # One dish has a price; what else one orders is not known, but costs no less than usual.
        high = max(high, usual["cost_low"])
    facts["cost"] = _fact(read.origin, read.confidence, usual)
    band = _priors(fields["city_id"]).band(high)
    return {"cost_low": read.low, "cost_high": high, "cost_band": band}


def _stay(
    fields: Mapping[str, Any], facts: dict[str, Any], read: StayRead | None
) -> dict[str, Any]:
    """Return the column of the stay, and state its fact."""
    usual = facts.get("stay", {}).get("usual")
    if usual is None:
        if fields["stay_provenance"] != FactProvenance.PRIOR or read is None:
            return {}
        usual = {"stay_min": fields["stay_min"]}
    if read is None:
        facts["stay"] = {"from": "", "provenance": str(FactProvenance.PRIOR)}
        return dict(usual)
    facts["stay"] = _fact(read.origin, read.confidence, usual)
    return {"stay_min": read.minutes}


def _fact(origin: str, confidence: float, usual: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "from": origin,
        "provenance": str(FactProvenance.PRIOR),
        "rule": READ,
        "confidence": confidence,
        "usual": dict(usual),
    }


@lru_cache(maxsize=16)
def _priors(city: str) -> CityPriors:
    return read_priors(city)
