"""
Learn where a visitor goes next: own habits first, then what others like them do near by.

Every candidate is described by the visitor's habits (how often, how lately, straight after the
last places, in sessions like this one), by the crowd (where others went from here), by visitors
alike and by how it lies; a conditional logit weighs these. It learns from the later sessions of
every visitor, each with only the sessions before it as history and with it and what followed
taken out of the crowd's counts, so that nothing explains itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from engine.learning.choice import Choices, fit_weights
from engine.learning.crowd import Crowd, FloatArray, IntArray, Session, check_session
from engine.learning.habits import Habits, Times
from engine.travel import EARTH_RADIUS_M
from engine.types import Point

RIDGE: Final = 1.0
EXAMPLES: Final = 3_000  # beyond them the weights hardly move
_LEARNED: Final = 0.5  # the share of a visitor's sessions, the latest, that is learned from
_FROM_HERE: Final = 60  # candidates from each source beside the visitor's own places
_BATCH: Final = 250
_UNSEEN: Final = ("straight", "later", "popularity", "ends", "near", "central", "alike")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A visitor amid a session: what went before, and the sessions to be taken off the crowd."""

    visitor: int
    history: Sequence[Session]
    earlier: Session
    without: Sequence[Session] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Candidates, ascending, and what describes each of them."""

    places: IntArray  # (m,)
    values: FloatArray  # (m, k)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPlaces:
    """What was learned from the sessions of visitors, ready to rank what comes next."""

    histories: Sequence[Sequence[Session]]
    crowd: Crowd
    east_km: FloatArray  # (n,)
    north_km: FloatArray  # (n,)
    weights: FloatArray

    @classmethod
    def fit(
        cls, *, positions: Sequence[Point], histories: Sequence[Sequence[Session]], seed: int
    ) -> Self:
        """
        Learn from `histories`, the sessions of each visitor from the first to the last.

        Raises:
            ValueError: a session is empty or names a place that there is not.
        """
        latitude = np.radians([point.latitude for point in positions])
        longitude = np.radians([point.longitude for point in positions])
        untaught = cls(
            histories=histories,
            crowd=Crowd.of(histories=histories, places=len(positions)),
            east_km=longitude * np.cos(latitude.mean()) * EARTH_RADIUS_M / 1000,
            north_km=latitude * EARTH_RADIUS_M / 1000,
            weights=np.zeros(0),
        )
        weights = _learn(untaught, seed)
        return cls(
            histories=histories,
            crowd=untaught.crowd,
            east_km=untaught.east_km,
            north_km=untaught.north_km,
            weights=weights,
        )

    def rank(
        self, *, visits: Sequence[tuple[int, Session]], size: int
    ) -> Iterator[tuple[int, ...]]:
        """
        Yield for each visitor and the session so far the likeliest next places, best first.

        Raises:
            ValueError: a session so far is empty or names a place that there is not.
        """
        for visitor, earlier in visits:
            check_session(session=earlier, places=self.east_km.size)
            if not 0 <= visitor < len(self.histories):
                raise ValueError(f"visitor must lie below {len(self.histories)}, not {visitor}")
        moments = [Moment(visitor=v, history=self.histories[v], earlier=e) for v, e in visits]
        for features in self.describe(moments=moments):
            order = np.argsort(-(features.values @ self.weights), kind="stable")
            yield tuple(features.places[order[:size]].tolist())

    def describe(self, *, moments: Sequence[Moment]) -> Iterator[Features]:
        """Yield the candidates of each moment."""
        for begin in range(0, len(moments), _BATCH):
            batch = moments[begin : begin + _BATCH]
            alike = _alike(self.crowd, batch)
            for moment, likeness in zip(batch, alike, strict=True):
                yield _describe(self, moment, likeness.astype(np.float64))


def _learn(model: NextPlaces, seed: int) -> FloatArray:
    moments, targets = _examples(model.histories, seed)
    found = list(model.describe(moments=moments))
    if not found:
        return _untaught(model)
    longest = max(features.places.size for features in found)
    kinds = found[0].values.shape[1]
    values = np.zeros((len(found), longest, kinds))
    offered = np.zeros((len(found), longest), dtype=np.bool_)
    chosen = np.zeros((len(found), longest))
    for row, (features, target) in enumerate(zip(found, targets, strict=True)):
        count = features.places.size
        values[row, :count] = features.values
        offered[row, :count] = True
        chosen[row, :count] = features.places == target
    choices = Choices(features=values, offered=offered, chosen=chosen)
    return fit_weights(choices=choices, ridge=RIDGE)


def _examples(histories: Sequence[Sequence[Session]], seed: int) -> tuple[list[Moment], list[int]]:
    """Return moments before the last visit of later sessions, and where it went."""
    found = []
    for visitor, sessions in enumerate(histories):
        for k in range(max(1, int(len(sessions) * _LEARNED)), len(sessions)):
            if len(sessions[k]) > 1:
                moment = Moment(
                    visitor=visitor,
                    history=sessions[:k],
                    earlier=sessions[k][:-1],
                    without=sessions[k:],
                )
                found.append((moment, sessions[k][-1]))
    kept = np.random.default_rng(seed).permutation(len(found))[:EXAMPLES]
    return [found[i][0] for i in kept], [found[i][1] for i in kept]


def _untaught(model: NextPlaces) -> FloatArray:
    """Return the weights before anything was learned: what the visitor did most."""
    moment = Moment(visitor=0, history=(), earlier=(0,))
    size = next(model.describe(moments=[moment])).values.shape[1] if model.histories else 0
    weights = np.zeros(size)
    weights[1:3] = 1.0
    return weights


def _alike(crowd: Crowd, moments: Sequence[Moment]) -> npt.NDArray[np.float32]:
    """Return (q, n): the squared cosines of the visitors alike, summed over those who went there."""
    profile = np.zeros((len(moments), crowd.ends.size), dtype=np.float32)
    for row, moment in enumerate(moments):
        for session in moment.history:
            np.add.at(profile[row], list(session), 1)
    likeness = _unit(profile) @ _unit(crowd.visits).T
    likeness[np.arange(len(moments)), [moment.visitor for moment in moments]] = 0.0
    went = (crowd.visits > 0).astype(np.float32)
    breadth = np.sqrt(np.maximum(went.sum(axis=1, keepdims=True), 1.0))
    alike: npt.NDArray[np.float32] = likeness**2 @ (went / breadth)
    return alike


def _unit(visits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the logarithms of one more than `visits`, in rows of length 1."""
    logged = np.log1p(visits)
    length = np.sqrt((logged**2).sum(axis=1, keepdims=True))
    unit: npt.NDArray[np.float32] = logged / np.maximum(length, 1e-9)
    return unit


def _describe(model: NextPlaces, moment: Moment, alike: FloatArray) -> Features:
    crowd, earlier = model.crowd, moment.earlier
    habits = Habits.of(sessions=moment.history, earlier=earlier)
    straight, later = crowd.after(earlier=earlier, without=moment.without)
    away = np.hypot(
        model.east_km - model.east_km[earlier[-1]], model.north_km - model.north_km[earlier[-1]]
    )
    places = _candidates(habits, earlier, (straight + later / 2, alike, crowd.visitors, -away))
    gone = {place for session in moment.without for place in session} - habits.visits.keys()
    visitors = crowd.visitors[places] - np.isin(places, list(gone)) + 0.5
    ends = crowd.ends[places].copy()
    for session in moment.without:
        ends -= places == session[-1]
    share = visitors / (crowd.visitors.sum() + 1.0)
    of_crowd = {
        "straight": np.log(straight[places] / share + 5.0),
        "later": np.log(later[places] / share + 10.0),
        "popularity": np.log(share),
        "ends": np.log(np.maximum(ends, 0.0) + 1.0),
        "near": -np.log(away[places] + 0.1),
        "central": -np.log(_from_centre(model, habits, places, away) + 0.5),
        "alike": np.log(alike[places] + 0.01),
    }
    own = _describe_own(habits, places, share, earlier)
    unseen = 1.0 - own[:, :1]
    others = np.stack(list(of_crowd.values()), axis=1)
    new = np.stack([of_crowd[name] for name in _UNSEEN], axis=1) * unseen
    values = np.concatenate([own, others, new], axis=1)
    return Features(places=places, values=values - values.mean(axis=0))


def _candidates(habits: Habits, earlier: Session, sources: Sequence[FloatArray]) -> IntArray:
    """Return the visitor's own places and the best of each source."""
    kept = [np.array([*habits.visits, *earlier], dtype=np.int64)]
    for source in sources:
        size = min(_FROM_HERE, source.size)
        kept.append(np.argpartition(-source, size - 1)[:size])
    return np.unique(np.concatenate(kept))


def _describe_own(
    habits: Habits, places: IntArray, share: FloatArray, earlier: Session
) -> FloatArray:
    """Return what the visitor's habits say of `places`; the first column: been there."""
    visits = _times(habits.visits, places)
    total = max(float(visits.sum()), 1.0)
    usual = (visits + share) / (total + 1.0)
    seen = visits > 0
    inside = np.isin(places, earlier)
    return np.stack(
        [
            seen,
            np.log(visits + 0.5),
            np.log(_times(habits.recent, places) + 0.05),
            np.log(_times(habits.sessions, places) + 0.3),
            np.log(_times(habits.following, places) / usual + 1.0),
            np.log(_times(habits.third, places) / usual + 0.5),
            np.log(_times(habits.company, places) + 0.3),
            np.log(_times(habits.ends, places) + 0.3),
            seen * np.log(total),
            inside,
            places == earlier[-1],
            places == earlier[0],
        ],
        axis=1,
    ).astype(np.float64)


def _times(times: Times, places: IntArray) -> FloatArray:
    return np.array([times.get(place, 0.0) for place in places.tolist()])


def _from_centre(
    model: NextPlaces, habits: Habits, places: IntArray, away: FloatArray
) -> FloatArray:
    """Return the kilometres from the centre of the visitor's visits, else from the last place."""
    if not habits.visits:
        return away[places]
    own = np.array(list(habits.visits))
    weight = np.array(list(habits.visits.values()))
    east = np.average(model.east_km[own], weights=weight)
    north = np.average(model.north_km[own], weights=weight)
    distance: FloatArray = np.hypot(model.east_km[places] - east, model.north_km[places] - north)
    return distance
