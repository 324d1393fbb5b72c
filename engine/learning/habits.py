"""What a visitor's own sessions tell about where they go next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from engine.learning.crowd import Session, ways_of

_FADING: Final = 0.8  # what a visit weighs beside one of the session after

Times = defaultdict[int, float]


def _none() -> Times:
    return defaultdict(float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How often, by place; a place that is not named: never."""

    visits: Times = field(default_factory=_none)
    recent: Times = field(default_factory=_none)  # visits, each weighed by how long ago
    sessions: Times = field(default_factory=_none)
    ends: Times = field(default_factory=_none)
    following: Times = field(default_factory=_none)  # straight after the last place
    third: Times = field(default_factory=_none)  # straight after the last two places
    company: Times = field(default_factory=_none)  # in a session like this one, after its places

    @classmethod
    def of(cls, *, sessions: Sequence[Session], earlier: Session) -> Self:
        """Count `sessions`, the last one the latest, for one that began with `earlier`."""
        habits = cls()
        for age, session in enumerate(reversed(sessions)):
            for place in session:
                habits.visits[place] += 1.0
                habits.recent[place] += _FADING**age
            for place in set(session):
                habits.sessions[place] += 1.0
            habits.ends[session[-1]] += 1.0
            _count_ways(habits, session, earlier)
            _count_company(habits, session, set(earlier))
        for before, after in ways_of(earlier):
            habits.following[after] += before == earlier[-1]
        return habits


def _count_ways(habits: Habits, session: Session, earlier: Session) -> None:
    last, before_last = earlier[-1], earlier[-2] if len(earlier) > 1 else None
    for position, (before, after) in enumerate(ways_of(session)):
        if before == last:
            habits.following[after] += 1.0
            if (session[position - 1] if position else None) == before_last:
                habits.third[after] += 1.0


def _count_company(habits: Habits, session: Session, earlier: set[int]) -> None:
    shared = len(earlier.intersection(session)) / len(earlier)
    if shared:
        first = next(i for i, place in enumerate(session) if place in earlier)
        for place in set(session[first + 1 :]):
            habits.company[place] += shared
