"""
How likely a tag is, given what speaks for it: a logistic regression fitted on labelled texts.

The weights are few and stand in a file that people can read: one row for each kind of tag, and one for
each tag that was labelled. Each is a compromise between the labels and what was expected before (a
Gaussian prior): a tag takes after its kind, a kind after all tags together, these after common sense.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.catalogue import read_data
from engine.tagging.gathering import Signal
from engine.tagging.types import TagKind
from engine.tagging.vocabulary import tags

DATA: Final = "tagging.toml"
FIELDS: Final = (
    "always", "named", "called", "described", "again", "closing", "remarked", "against", "score",
)  # fmt: skip

# What was expected before anything was measured, and how much it resists, in labels about.
_EXPECTED: Final = (-1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.7, -1.5, 0.3)
_RESISTANCE: Final = np.array((0.5, 4.0, 4.0, 4.0, 4.0, 4.0, 40.0, 40.0, 4.0))
_KIND_RESISTANCE: Final = np.array((1.0, 15.0, 15.0, 15.0, 15.0, 15.0, 40.0, 40.0, 30.0))
_TAG_RESISTANCE: Final = np.array((3.0, 8.0, 8.0, 8.0, 8.0, 8.0, 40.0, 40.0, 60.0))
# What speaks for a tag never speaks against it, however the labels fall.
_LEAST: Final = np.array((-np.inf, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -np.inf, 0.0))
_MENTIONS_HIGH: Final = 3.0
_ROUNDS: Final = 30

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What spoke for a tag in one document, and whether its label has it."""

    tag: str
    signal: Signal | None
    score: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of `FIELDS` by tag, and by kind for tags that were not labelled."""

    kinds: Mapping[TagKind, tuple[float, ...]]
    tags: Mapping[str, tuple[float, ...]]

    def confidence(self, *, tag: str, signal: Signal | None, score: float) -> float:
        """Return how likely `tag` is, in (0, 1)."""
        weights = self.tags.get(tag) or self.kinds[tags()[tag].kind]
        said = sum(
            weight * value
            for weight, value in zip(weights, evidence(signal, score=score), strict=True)
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, said))))


def evidence(signal: Signal | None, *, score: float) -> tuple[float, ...]:
    """Return the values of `FIELDS`."""
    if signal is None:
        return (1.0, *(0.0,) * (len(FIELDS) - 2), score)
    return (
        1.0,
        min(signal.named, 1.0),
        min(signal.called, 1.0),
        min(signal.described, 1.0),
        min(max(signal.described - 1.0, 0.0), _MENTIONS_HIGH),
        min(signal.closing, 1.0),
        min(signal.remarked, _MENTIONS_HIGH),
        min(signal.against, _MENTIONS_HIGH),
        score,
    )


def fit(observations: Sequence[Observation]) -> Calibration:
    """Return the weights under which the labels are likeliest, given what was expected."""
    pooled = _fitted(observations, np.array(_EXPECTED), _RESISTANCE)
    kinds: dict[TagKind, tuple[float, ...]] = {}
    by_tag: dict[str, tuple[float, ...]] = {}
    for kind in TagKind:
        of_kind = [one for one in observations if tags()[one.tag].kind is kind]
        weights = _fitted(of_kind, pooled, _KIND_RESISTANCE) if of_kind else pooled
        kinds[kind] = _rounded(weights)
        for name in sorted({one.tag for one in of_kind}):
            of_tag = [one for one in of_kind if one.tag == name]
            by_tag[name] = _rounded(_fitted(of_tag, weights, _TAG_RESISTANCE))
    return Calibration(kinds, by_tag)


def _rounded(weights: Vector) -> tuple[float, ...]:
    return tuple(round(float(weight), 3) for weight in weights)


def _table(observations: Sequence[Observation]) -> tuple[Vector, Vector]:
    rows = np.array([evidence(one.signal, score=one.score) for one in observations])
    return rows, np.array([one.is_right for one in observations], dtype=np.float64)


def _fitted(observations: Sequence[Observation], expected: Vector, resistance: Vector) -> Vector:
    """Return the weights by Newton's method."""
    rows, labels = _table(observations)
    weights = expected.copy()
    for _ in range(_ROUNDS):
        likely = 1.0 / (1.0 + np.exp(-np.clip(rows @ weights, -30, 30)))
        gradient = rows.T @ (likely - labels) + resistance * (weights - expected)
        curvature = (rows * (likely * (1 - likely))[:, None]).T @ rows + np.diag(resistance)
        weights = np.maximum(_LEAST, weights - np.linalg.solve(curvature, gradient))
    return weights


@cache
def read_calibration() -> Calibration:
    """Return the shipped weights."""
    return calibration_of(read_data(DATA))


def calibration_of(data: Mapping[str, Any]) -> Calibration:
    """Return the weights that stand in a parsed data file."""
    kinds = {TagKind(kind): _row(row) for kind, row in data["kinds"].items()}
    return Calibration(kinds, {name: _row(row) for name, row in data["tags"].items()})


def _row(weights: Sequence[float]) -> tuple[float, ...]:
    if len(weights) != len(FIELDS):
        raise ValueError(f"{len(weights)} weights in {DATA}, not {len(FIELDS)}")
    return tuple(float(weight) for weight in weights)
