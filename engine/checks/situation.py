"""Everything one check looks at, and what several rules read from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from engine.catalogue import CATEGORIES, Category
from engine.checks.sense import SenseRules
from engine.travel import TravelMatrix
from engine.types import Candidate, Constraints, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    Ordered stops and what they are judged by.

    `travel` lies over the n candidates, then the origin (n) and the end (n + 1), which only counts
    where `constraints.destination` is given.
    """

    constraints: Constraints
    candidates: Sequence[Candidate]
    travel: TravelMatrix
    stops: Sequence[Stop]
    end_travel_min: float
    end_travel_m: float
    end_travel_is_estimate: bool
    excluded: Collection[int]
    locked: Collection[int]
    sense: SenseRules
    asked: frozenset[str]  # the categories asked for, in whatever words

    @property
    def origin(self) -> int:
        return len(self.candidates)

    @property
    def end(self) -> int:
        return len(self.candidates) + 1

    def place(self, stop: Stop) -> Candidate:
        return self.candidates[stop.candidate]

    def category(self, stop: Stop) -> Category:
        return CATEGORIES[self.place(stop).category]

    def previous(self, position: int) -> int:
        """Return the index in `travel` of where one comes from to the stop at `position`."""
        return self.stops[position - 1].candidate if position else self.origin

    def local(self, minutes: float) -> datetime:
        """Return the local time `minutes` after the start."""
        starts = self.constraints.starts_at
        moment = starts.astimezone(UTC) + timedelta(minutes=minutes)
        return moment.astimezone(starts.tzinfo)

    def dates(self) -> list[date]:
        """Return each local date of the plan and the one before."""
        first = self.constraints.starts_at.date()
        days = int(self.constraints.time_budget_min // 1440) + 3
        return [first + timedelta(days=day) for day in range(-1, days - 1)]

    def minutes_at(self, day: date, clock: float) -> float:
        """
        Return the plan minutes at which the local clock shows `clock` minutes of `day`.

        On a day on which the clocks change 07:00 is not seven hours after midnight.
        """
        starts = self.constraints.starts_at
        return _minutes_at(starts.astimezone(UTC), starts.tzinfo, day, clock)


# The cards of a request ask alike. `starts` is in UTC: equal moments of two zones would be one key.
@lru_cache(maxsize=4096)
def _minutes_at(starts: datetime, zone: tzinfo | None, day: date, clock: float) -> float:
    shown = datetime.combine(day, time()) + timedelta(minutes=clock)
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    return (moment - starts) / timedelta(minutes=1)
