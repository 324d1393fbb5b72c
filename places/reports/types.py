"""What visitors report of places, and how far the facts are believed after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class ReportKind(StrEnum):
    """What somebody found to be otherwise."""

    CLOSED_NOW = "closed_now"  # shut at a time at which it should be open
    CLOSED_FOR_GOOD = "closed_for_good"
    WRONG_HOURS = "wrong_hours"
    WRONG_PRICE = "wrong_price"
    WRONG_POSITION = "wrong_position"
    WRONG_NAME = "wrong_name"
    NOT_A_PLACE = "not_a_place"
    OTHER = "other"  # for operators to read: it casts doubt on no fact


class ReportStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class PlaceFact(StrEnum):
    """What reports cast doubt on."""

    HOURS = "hours"
    EXISTENCE = "existence"
    PRICE = "price"
    POSITION = "position"
    NAME = "name"


FACT_OF: Final[Mapping[ReportKind, PlaceFact]] = {
    ReportKind.CLOSED_NOW: PlaceFact.HOURS,
    ReportKind.WRONG_HOURS: PlaceFact.HOURS,
    ReportKind.CLOSED_FOR_GOOD: PlaceFact.EXISTENCE,
    ReportKind.NOT_A_PLACE: PlaceFact.EXISTENCE,
    ReportKind.WRONG_PRICE: PlaceFact.PRICE,
    ReportKind.WRONG_POSITION: PlaceFact.POSITION,
    ReportKind.WRONG_NAME: PlaceFact.NAME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """What is known of who reports, as far as it says how much that is worth."""

    account_age_days: float
    has_confirmed_email: bool
    accepted: int = 0  # of their reports, by operators
    dismissed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One open report as the formula sees it."""

    reporter: int  # the same for all reports of one person
    kind: ReportKind
    weight: float  # of the reporter, in [0, 1]
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """How far one fact of a place is believed."""

    fact: PlaceFact
    confidence: float  # [0, 1], 1 where nobody reported anything
    reporters: int  # independent ones
    last_seen_at: datetime
    is_doubted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A fact that visitors doubt: what is shown of it, and what plans reckon with."""

    fact: PlaceFact
    confidence: float
    last_seen_on: date  # in the place's zone
