"""What the sessions of all visitors together tell about where to go next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Session = tuple[int, ...]  # indices of places, in the order visited; a place may come again
Row = tuple[IntArray, FloatArray]  # places and how often


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Counts over the sessions of u visitors among n places."""

    visits: npt.NDArray[np.float32]  # (u, n)
    visitors: FloatArray  # (n,), different ones
    ends: FloatArray  # (n,), sessions that end here
    following: Mapping[int, Row]  # place → straight afterwards
    later: Mapping[int, Row]  # place → afterwards in the same session, each once

    @classmethod
    def of(cls, *, histories: Sequence[Sequence[Session]], places: int) -> Self:
        """
        Count the sessions of each visitor.

        Raises:
            ValueError: a session is empty or names a place that there is not.
        """
        visits = np.zeros((len(histories), places), dtype=np.float32)
        ends = np.zeros(places)
        following: dict[int, Counter[int]] = defaultdict(Counter)
        later: dict[int, Counter[int]] = defaultdict(Counter)
        for visitor, sessions in enumerate(histories):
            for session in sessions:
                check_session(session=session, places=places)
                np.add.at(visits[visitor], list(session), 1)
                ends[session[-1]] += 1
                for before, after in ways_of(session):
                    following[before][after] += 1
                for before, after in meetings_of(session):
                    later[before][after] += 1
        return cls(
            visits=visits,
            visitors=(visits > 0).sum(axis=0).astype(np.float64),
            ends=ends,
            following={place: _row(counter) for place, counter in following.items()},
            later={place: _row(counter) for place, counter in later.items()},
        )

    def after(
        self, *, earlier: Session, without: Sequence[Session]
    ) -> tuple[FloatArray, FloatArray]:
        """
        Return how often each place came straight after the last of `earlier`, and after any.

        The sessions `without`, which were counted, are taken off.
        """
        straight, any_time = np.zeros(self.ends.size), np.zeros(self.ends.size)
        last, passed = earlier[-1], set(earlier)
        if last in self.following:
            places, times = self.following[last]
            straight[places] = times
        for place in passed & self.later.keys():
            places, times = self.later[place]
            any_time[places] += times
        for session in without:
            for before, after in ways_of(session):
                straight[after] -= before == last
            for before, after in meetings_of(session):
                any_time[after] -= before in passed
        return straight, any_time


def check_session(*, session: Session, places: int) -> None:
    """
    Refuse what is no session.

    Raises:
        ValueError: it is empty or names a place that there is not.
    """
    if not session:
        raise ValueError("session must not be empty")
    if not (min(session) >= 0 and max(session) < places):
        raise ValueError(f"session must name places below {places}, not {session}")


def ways_of(session: Session) -> list[tuple[int, int]]:
    """Return each place with the one straight after it."""
    return list(pairwise(session))


def meetings_of(session: Session) -> list[tuple[int, int]]:
    """Return each visit with every different place after it."""
    return [(a, b) for i, a in enumerate(session) for b in set(session[i + 1 :])]


def _row(counter: Counter[int]) -> Row:
    return np.array(list(counter), dtype=np.int64), np.array(list(counter.values()), dtype=float)
