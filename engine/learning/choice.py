"""Learn what people choose by: a conditional logit, fitted by Newton's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_STEPS: Final = 50
_CLOSE: Final = 1e-7  # of a step: the objective is strictly convex, so this is the optimum


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """
    Choices among n alternatives each, described by k features.

    Raises:
        ValueError: the shapes differ, a feature is not finite, or an alternative was chosen that
            was not offered.
    """

    features: FloatArray  # (q, n, k); where not offered, any finite value
    offered: BoolArray  # (q, n)
    chosen: FloatArray  # (q, n), how often; a choice without any counts for nothing

    def __post_init__(self) -> None:
        if self.features.shape[:2] != self.offered.shape:
            raise ValueError(f"offered must have the shape {self.features.shape[:2]}")
        if self.chosen.shape != self.offered.shape:
            raise ValueError(f"chosen must have the shape {self.offered.shape}")
        if not np.all(np.isfinite(self.features)):
            raise ValueError("features must be finite")
        if np.any(self.chosen[~self.offered] != 0) or np.any(self.chosen < 0):
            raise ValueError("chosen must be at least 0, and 0 where nothing was offered")


def fit_weights(*, choices: Choices, ridge: float) -> FloatArray:
    """
    Return the (k,) weights that make the choices likeliest, less ridge/2 · |weights|².

    The probability of an alternative is exp(weights · features) over the sum of those offered
    (McFadden 1974). One step costs O(q n k²).

    Raises:
        ValueError: `ridge` is not positive.
    """
    if not (0 < ridge < np.inf):
        raise ValueError(f"ridge must be positive and finite, not {ridge}")
    counted = np.flatnonzero(choices.chosen.sum(axis=1) > 0)
    features, offered = choices.features[counted], choices.offered[counted]
    chosen = choices.chosen[counted]
    size = features.shape[2]
    weights = np.zeros(size)
    value = _worth(weights, features, offered, chosen, ridge)
    for _ in range(_STEPS):
        expected = probabilities(scores=features @ weights, offered=offered)
        expected *= chosen.sum(axis=1, keepdims=True)
        gradient = np.einsum("qn,qnk->k", chosen - expected, features) - ridge * weights
        step = np.linalg.solve(_curvature(features, expected) + ridge * np.eye(size), gradient)
        reached = _worth(weights + step, features, offered, chosen, ridge)
        while reached < value and np.abs(step).max() > _CLOSE:  # too far: Newton's step may be
            step /= 2
            reached = _worth(weights + step, features, offered, chosen, ridge)
        if np.abs(step).max() < _CLOSE:
            break
        weights, value = weights + step, reached
    return weights


def probabilities(*, scores: FloatArray, offered: BoolArray) -> FloatArray:
    """Return the softmax over the last axis among those offered, 0 for the others."""
    low = np.where(offered, scores, -np.inf)
    power = np.exp(low - low.max(axis=-1, keepdims=True))
    share: FloatArray = power / power.sum(axis=-1, keepdims=True)
    return share


def _worth(
    weights: FloatArray, features: FloatArray, offered: BoolArray, chosen: FloatArray, ridge: float
) -> float:
    """Return the log-likelihood less the ridge."""
    share = probabilities(scores=features @ weights, offered=offered)
    taken = chosen > 0
    likelihood = float(chosen[taken] @ np.log(np.maximum(share[taken], np.finfo(float).tiny)))
    return likelihood - ridge / 2 * float(weights @ weights)


def _curvature(features: FloatArray, expected: FloatArray) -> FloatArray:
    """Return the negative Hessian of the likelihood, (k, k)."""
    total = expected.sum(axis=1)
    mean = np.einsum("qn,qnk->qk", expected, features)
    flat = features.reshape(-1, features.shape[2])
    second = (flat * expected.reshape(-1, 1)).T @ flat
    curvature: FloatArray = second - (mean / total[:, None]).T @ mean
    return curvature
