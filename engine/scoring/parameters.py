"""The weights of the scoring formula: validated, versioned, one set for each kind of card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from engine.catalogue import CATEGORIES, clock, read_data
from engine.types import CardKind, Weather

FloatArray = npt.NDArray[np.float64]

FACTORS: Final = ("proximity", "preference", "time_fit", "budget_fit")
ADDED: Final = {"congestion": -1.0, "freshness": 1.0, "weather": 1.0, "novelty": 1.0}
PENALTIES: Final = ("waiting", "walking", "repetition", "stops")


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 (a condition is a condition)
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weights:
    """Base of the groups of weights, all finite and at least 0."""

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            _require(bool(np.isfinite(value)) and value >= 0, f"{entry.name} must be >= 0: {value}")

    def as_mapping(self) -> dict[str, float]:
        """Return the weights by name, in the order of the fields."""
        return {entry.name: float(getattr(self, entry.name)) for entry in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeWeights(_Weights):
    """Exponents of the four factors, then weights of the four added parts."""

    proximity: float
    preference: float
    time_fit: float
    budget_fit: float
    congestion: float
    freshness: float
    weather: float
    novelty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceWeights(_Weights):
    """Weights of the mean of what speaks, the silent left out; then exponents of the worth."""

    category: float
    mood: float
    query: float
    taste: float
    merit: float
    substance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyWeights(_Weights):
    """Waiting and walking by the minute, repetition by the repeated stop, stops by the stop."""

    waiting: float
    walking: float
    repetition: float
    stops: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(_Weights):
    """How a kind of card spends its time."""

    minutes_a_stop: float
    stay: float  # factor on the usual stay
    time: float  # share of the time budget
    leg: float  # share of the longest leg

    def __post_init__(self) -> None:
        _require(self.minutes_a_stop > 0 and self.stay > 0, "a stop and a stay must last")
        _require(0 < self.time <= 1 and 0 < self.leg <= 1, "shares must lie in (0, 1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindParameters:
    """One character of a card."""

    weights: NodeWeights
    preference: PreferenceWeights
    penalties: PenaltyWeights
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryMatch(_Weights):
    """What a category counts for by how it was asked for, each in [0, 1]."""

    mostly: float
    asked: float
    beside: float
    beside_mostly: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A value by the local clock; straight lines between the points."""

    minutes: FloatArray
    values: FloatArray

    def __post_init__(self) -> None:
        _require(bool(np.all(np.diff(self.minutes) > 0)), "the points of a curve must ascend")
        _require(self.minutes[0] == 0 and self.minutes[-1] == 1440, "a curve covers the day")

    def at(self, minutes: FloatArray) -> FloatArray:
        """Return the values at minutes from midnight, any day."""
        return np.interp(np.mod(minutes, 1440.0), self.minutes, self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringParameters:
    """Everything the formula takes from data, under one version."""

    version: str
    kinds: Mapping[CardKind, KindParameters]
    category_match: CategoryMatch
    chain: float  # factor on the preference for a chain unless chains are wanted
    appeal: Mapping[str, float]
    company: Mapping[str, Mapping[str, float]]  # "stroll" beside the companions
    weather: Mapping[Weather, tuple[float, float]]  # indoors, outdoors
    crowd: Mapping[str, Curve]  # weekday, weekend
    time_fit: Mapping[str, Curve]
    meal_delay: Curve  # factor on the fit of a meal asked for at a time, by how long after it

    def __post_init__(self) -> None:
        _require(bool(self.version), "parameters must have a version")
        for given, wanted in (
            (self.kinds, set(CardKind)),
            (self.appeal, set(CATEGORIES)),
            (self.time_fit, set(CATEGORIES)),
            (self.weather, set(Weather)),
            (self.crowd, {"weekday", "weekend"}),
        ):
            _require(set(given) == wanted, f"expected exactly {sorted(wanted)}")
        inside = [
            *self.appeal.values(),
            *(value for pair in self.weather.values() for value in pair),
        ]
        curves = (*self.time_fit.values(), self.meal_delay)
        inside += [value for curve in curves for value in curve.values]
        inside += self.category_match.as_mapping().values()
        _require(all(0 <= value <= 1 for value in inside), "parts must lie in [0, 1]")

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Self:
        """
        Build parameters from parsed TOML.

        Raises:
            ValueError: a value is out of bounds, or a kind, category or weather is missing.
        """
        return cls(
            version=data["version"],
            kinds={CardKind(name): _kind(row) for name, row in data["kinds"].items()},
            category_match=CategoryMatch(**data["category_match"]),
            chain=data["chain"],
            appeal=data["appeal"],
            company=data["company"],
            weather={Weather(name): (pair[0], pair[1]) for name, pair in data["weather"].items()},
            crowd={name: _curve(points) for name, points in data["crowd"].items()},
            time_fit={name: _curve(points) for name, points in data["time_fit"].items()},
            meal_delay=_curve(data["meal_delay"]),
        )


def _kind(row: Mapping[str, Any]) -> KindParameters:
    return KindParameters(
        weights=NodeWeights(**row["weights"]),
        preference=PreferenceWeights(**row["preference"]),
        penalties=PenaltyWeights(**row["penalties"]),
        shape=Shape(**row["shape"]),
    )


def _curve(points: list[tuple[str, float]]) -> Curve:
    return Curve(
        minutes=np.array([clock(at) for at, _ in points], dtype=np.float64),
        values=np.array([value for _, value in points], dtype=np.float64),
    )


DEFAULT: Final = ScoringParameters.from_mapping(read_data("scoring.toml"))
