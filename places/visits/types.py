"""Visits to places as they are counted, and what the counts say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

RULES: Final = Path(__file__).resolve().parents[1] / "data" / "visits.toml"
HOURS: Final = 24
_WEEKEND_FROM: Final = 5  # Saturday


class DayClass(StrEnum):
    """The days that are alike, as the engine's curves of crowding tell them apart."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"

    @classmethod
    def of(cls, day: date) -> DayClass:
        return cls.WEEKEND if day.weekday() >= _WEEKEND_FROM else cls.WEEKDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRules:
    """What `data/visits.toml` says, section by section."""

    count: Mapping[str, int]
    profile: Mapping[str, float]
    live: Mapping[str, float]
    wait: Mapping[str, float]
    seats: Mapping[str, int]


@cache
def visit_rules() -> VisitRules:
    said = tomllib.loads(RULES.read_text("utf-8"))
    seats = said["wait"].pop("seats")
    return VisitRules(seats=seats, **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    Somebody was there: of whom, nothing is known.

    `operation_id` names the visit to whoever hands it down, so that it counts once; whoever does
    hands down one visit of a person, place and local day at most. `is_complete`: everybody who came
    that day is counted, as by a counter at the door.
    """

    place_id: int
    arrived_at: datetime
    left_at: datetime | None
    operation_id: str
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of visits: counted, known already, or refused by their place in the sequence."""

    counted: int
    repeated: int
    refused: Mapping[int, str]  # → "naive_time", "ends_before_it_begins", …


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCounts:
    """The visits of the places of one kind, city and class of days, older ones counting less."""

    # Of each place, over the hours, 1 together.
    shares: Sequence[Sequence[float] | npt.NDArray[np.float64]]
    visits: Sequence[float]  # of each place


@dataclass(frozen=True, slots=True)
class KindProfile:
    """When a kind of place is visited, and how alike its places are."""

    shares: Sequence[float]  # over the hours, all above 0, 1 together
    strength: float  # the visits that its word weighs beside a place's own


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProfile:
    """How much fuller than its kind a place is, by the hour."""

    day_class: DayClass
    visits: int
    factors: Sequence[float]
    waits: Sequence[int | None]  # minutes
