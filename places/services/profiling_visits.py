"""
From the counts of days to a profile of each place: when it is fuller or emptier than its kind.

Counts of a day weigh 2^(−age / half-life). Of a place with V visits whose hours have the shares s, in a
city whose places of the kind have the shares q, the hours are taken to be

    p = (V·s + κ·q) / (V + κ),

the posterior mean of a multinomial whose prior is a Dirichlet distribution κ·q: with few visits a
place is like its kind, with many like itself. κ is read off the places themselves (empirical Bayes):
from Pearson's X² of their counts about q comes the correlation ρ within a place,

    ρ = (X²/(H−1) − (P−1)) / (ΣV − P),  κ = 1/ρ − 1

(J. E. Mosimann, "On the compound multinomial distribution", Biometrika 49, 1962; S. S. Brier, "Analysis of
contingency tables under cluster sampling", Biometrika 67, 1980), H being the hours in which the kind is
visited at all. q is the mean of the places' shares, each weighed by V / (1 + (V−1)·ρ), and
the usual hours of the kind stand beside them as one more place of `prior_visits` visits. What is kept is p/q, by the hour: how full a place is on an
ordinary day is its `congestion_score`, and how the day goes for everybody the engine's curve. Hours in
which hardly anybody ever was are told together, so that nothing rests on fewer than ten.

A wait is estimated only for days on which everybody who came was counted, for kinds of places whose
seats can be guessed, and where it is known how long people stay: by M/M/c with H. Sakasegawa's
approximation ("An approximation formula L_q ≃ α·ρ^β/(1−ρ)", 1977), the people there at once by Little's law.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.scoring.parameters import DEFAULT
from places.visits.types import HOURS, DayClass, KindCounts, KindProfile, VisitRules

FloatArray = npt.NDArray[np.float64]

_ROUNDS: Final = 3  # q and ρ hang on each other; they settle at once
_SEEN: Final = 1e-3  # a share from which an hour counts as one in which the kind is visited


@cache
def usual_shares(category: str, day_class: DayClass) -> tuple[float, ...]:
    """Return when a kind of place is visited where nobody counted: by the engine's own curves."""
    middle: FloatArray = np.arange(HOURS, dtype=np.float64) * 60.0 + 30.0
    shape: FloatArray = DEFAULT.crowd[day_class].at(middle) * DEFAULT.time_fit[category].at(middle)
    return tuple((shape / shape.sum()).tolist())


def profile_kind(*, counts: KindCounts, usual: Sequence[float], rules: VisitRules) -> KindProfile:
    """Return when places of a kind are visited, and how much that says of one of them."""
    said = rules.profile
    shares: FloatArray = np.array(counts.shares, dtype=np.float64).reshape(-1, HOURS)
    visits: FloatArray = np.array(counts.visits, dtype=np.float64)
    of_all = np.vstack([shares, np.array(usual, dtype=np.float64)])
    counted = np.append(visits, said["prior_visits"])
    rho = 1 / (1 + said["strength"])
    kind = _mean(of_all, counted, rho)
    if len(visits) >= said["places_low"]:
        for _ in range(_ROUNDS):
            rho = _correlation(shares, visits, kind)
            low, high = 1 / (1 + said["strength_high"]), 1 / (1 + said["strength_low"])
            rho = min(max(rho, low), high)
            kind = _mean(of_all, counted, rho)
    return KindProfile(kind.tolist(), 1 / rho - 1)


def _mean(shares: FloatArray, visits: FloatArray, rho: float) -> FloatArray:
    weights = visits / (1 + np.maximum(visits - 1, 0) * rho)
    mean = np.maximum(weights @ shares / weights.sum(), _SEEN / HOURS)
    return np.asarray(mean / mean.sum())


def _correlation(shares: FloatArray, visits: FloatArray, kind: FloatArray) -> float:
    seen = kind > _SEEN
    hours = max(2, int(seen.sum()))
    squares = ((shares - kind)[:, seen] ** 2 / kind[seen]).sum(axis=1) * visits
    more = float(visits.sum()) - len(visits)
    if more <= 0:
        return 0.0
    return (float(squares.sum()) / (hours - 1) - (len(visits) - 1)) / more


def shrink(*, shares: Sequence[float] | FloatArray, visits: float, kind: KindProfile) -> FloatArray:
    """Return the shares of a place, drawn to those of its kind the more the fewer came."""
    own, others = np.array(shares, dtype=np.float64), np.array(kind.shares, dtype=np.float64)
    return np.asarray((visits * own + kind.strength * others) / (visits + kind.strength))


def own_factors(
    *,
    shares: Sequence[float] | FloatArray,
    visits: float,
    present: Sequence[int],
    kind: KindProfile,
    rules: VisitRules,
) -> list[float]:
    """
    Return how much fuller than its kind a place is by the hour, rounded.

    Hours in which fewer than `hour_low` were ever there (`present`) are told together, and as empty where
    all of them together had fewer: so no number rests on fewer than that.
    """
    said = rules.profile
    others = np.array(kind.shares, dtype=np.float64)
    told = _tell_together(
        np.array(shares, dtype=np.float64), np.array(present), others, said["hour_low"]
    )
    kept = float(told.sum())
    ratio = shrink(shares=told / kept, visits=visits * kept, kind=kind) / others
    rounded = np.round(ratio / said["step"]) * said["step"]
    bounded = np.clip(rounded, said["factor_low"], said["factor_high"])
    return [round(value, 2) for value in bounded.tolist()]


def _tell_together(
    shares: FloatArray, present: npt.NDArray[np.int64], others: FloatArray, low: float
) -> FloatArray:
    """Return the shares that are told, of those who were there: together 1, or a little less."""
    few = present < low
    if not few.any() or few.all():
        return others if few.all() else shares
    together = float(shares[few].sum()) if present[few].sum() >= low else 0.0
    return np.where(few, others / others[few].sum() * together, shares)


def estimate_waits(
    *,
    category: str,
    presence: Sequence[float] | FloatArray,
    stays: int,
    stays_min: int,
    rules: VisitRules,
) -> list[int | None]:
    """
    Return the minutes that one waits by the hour; None everywhere where that cannot be told.

    `presence` is how many were there at some time of each hour of an ordinary day on which all were
    counted.
    """
    seats = rules.seats.get(category)
    if seats is None or stays < rules.wait["stays_low"] or not stays_min:
        return [None] * HOURS
    stay_min = stays_min / stays
    # Who stays S minutes is counted in each hour they touch: (60 + S) / 60 of them.
    at_once = [float(count) * stay_min / (60 + stay_min) for count in presence]
    return [_wait(load=load, stay_min=stay_min, seats=seats, rules=rules) for load in at_once]


def _wait(*, load: float, stay_min: float, seats: int, rules: VisitRules) -> int:
    busy: float = min(load / seats, rules.wait["busy_high"])
    queued = math.pow(busy, math.sqrt(2 * (seats + 1)) - 1) / (1 - busy)
    return min(round(stay_min / seats * queued), int(rules.wait["high_min"]))


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """What was counted of one place on one class of days, older days counting less."""

    place_id: int
    day_class: DayClass
    shares: FloatArray  # (24,), of those who were there
    visits: float
    counted: int  # as they came
    present: Sequence[int]  # in each hour, as they came
    days: int
    complete_hours: FloatArray  # (24,), of an ordinary day on which all were counted
    stays: int  # on such days
    stays_min: int

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> PlaceCounts:
        """Return the counts of a row with at least one visitor."""
        (
            place_id, day_class, hours, visits, counted, present, days, complete, weight, stays,
            stays_min,
        ) = row  # fmt: skip
        totals: FloatArray = np.array(hours, dtype=np.float64)
        return cls(
            place_id=place_id,
            day_class=DayClass(day_class),
            shares=totals / totals.sum(),
            visits=visits,
            counted=counted,
            present=present,
            days=days,
            complete_hours=np.zeros(HOURS)
            if complete is None
            else np.array(complete, dtype=np.float64) / weight,
            stays=stays or 0,
            stays_min=stays_min or 0,
        )
