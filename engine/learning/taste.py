"""A user's taste as a fading sum of what they showed about places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
FloatVector = npt.NDArray[np.float32]

HALF_LIFE_DAYS: Final = 90.0
_SHOWN: Final = 0.5  # length of the sum below which nothing is known
_NOTHING: Final = 1e-6
_UNIT: Final = 1e-3  # how far from length 1 a vector of float32 may lie


@dataclass(frozen=True, slots=True, kw_only=True)
class Taste:
    """
    Σ weight · 2^(−age / half-life) · embedding, as of a day.

    Being a sum, it forgets an observation exactly. One observation moves it by 1 at most.
    """

    total: FloatArray  # (d,)
    day: float  # since any epoch, the same for all calls

    @classmethod
    def unknown(cls, *, dimensions: int, day: float) -> Self:
        """Return the taste of somebody who has shown nothing yet."""
        return cls(total=np.zeros(dimensions), day=day)

    def observe(self, *, embedding: FloatVector, weight: float, day: float) -> Self:
        """
        Return the taste after an observation made on `day`, which may lie before the taste's.

        `weight` lies in [-1, 1]: a rating, dwell or completion, below 0 for a dislike.

        Raises:
            ValueError: the embedding is not of unit length or of another dimension, the weight is
                out of bounds, or the day is not finite.
        """
        self._check(embedding, weight, day)
        latest = max(self.day, day)
        total = self.total * fading(days=latest - self.day)
        moved = embedding.astype(np.float64) * (weight * fading(days=latest - day))
        return type(self)(total=total + moved, day=latest)

    def forget(self, *, embedding: FloatVector, weight: float, day: float) -> Self:
        """
        Return the taste as it is without the observation, to the last rounding.

        Raises:
            ValueError: as for `observe`.
        """
        return self.observe(embedding=embedding, weight=-weight, day=day)

    def direction(self, *, day: float) -> FloatVector | None:
        """Return the taste on `day` in unit length, or None when little is known by then."""
        total = self.total * fading(days=max(day - self.day, 0.0))
        length = float(np.linalg.norm(total))
        if length < _SHOWN:
            return None
        return (total / length).astype(np.float32)

    def leaning(self, *, day: float) -> FloatVector | None:
        """
        Return the taste on `day`, no longer than 1: the less was shown, the shorter it is.

        Unlike `direction` it has no threshold, so it is for what was said, where a little is no
        chance; None for nothing at all.
        """
        total = self.total * fading(days=max(day - self.day, 0.0))
        length = float(np.linalg.norm(total))
        if length < _NOTHING:
            return None
        return (total / max(1.0, length)).astype(np.float32)

    def _check(self, embedding: FloatVector, weight: float, day: float) -> None:
        if embedding.shape != self.total.shape:
            raise ValueError(f"embedding must have the shape {self.total.shape}")
        if not abs(float(np.linalg.norm(embedding)) - 1.0) <= _UNIT:
            raise ValueError("embedding must have unit length")
        if not -1.0 <= weight <= 1.0:
            raise ValueError(f"weight must lie in [-1, 1], not {weight}")
        if not np.isfinite(day):
            raise ValueError(f"day must be finite, not {day}")


def fading(*, days: float) -> float:
    """Return what an observation still weighs after `days`."""
    return float(2.0 ** (-days / HALF_LIFE_DAYS))


def bayesian_mean(*, total: float, count: int, prior: float, prior_count: float) -> float:
    """
    Return the mean of `count` values that sum to `total`, drawn towards `prior`.

    `prior_count` says how many values the prior is worth.

    Raises:
        ValueError: a count is negative, both are 0, or a value is not finite.
    """
    if count < 0 or not 0 <= prior_count < np.inf or count + prior_count == 0:
        raise ValueError(f"count and prior_count must be at least 0, not {count}, {prior_count}")
    if not (np.isfinite(total) and np.isfinite(prior)):
        raise ValueError(f"total and prior must be finite, not {total}, {prior}")
    return (total + prior_count * prior) / (count + prior_count)
