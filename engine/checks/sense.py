"""The rules of sense as the checker reads them, on its own, from `data/sense.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.catalogue import clock, read_data


@dataclass(frozen=True, slots=True)
class MealTime:
    """When a stay for one meal begins, in minutes from local midnight, both ends included."""

    name: str
    low: int
    high: int
    only_if_asked: bool
    gives_way: bool


@dataclass(frozen=True, slots=True)
class CountedTogether:
    """Categories that stand for one another and share a limit."""

    name: str
    categories: frozenset[str]
    per_three_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SenseRules:
    """Everything in the file; the meaning of each field stands there."""

    stops_high: int
    assumed_share: float
    known_within: float
    branches_of_chain: int
    stops_of_site: int
    stops_of_no_food: int
    worth_a_stop: float
    mostly_per_three_hours: int
    unasked_beyond: int
    counted_together: tuple[CountedTogether, ...]
    meals: tuple[MealTime, ...]
    earliest: Mapping[str, int]
    unfit_for: Mapping[str, frozenset[str]]
    never_classes: frozenset[str]
    chain_classes: frozenset[str]
    asked_classes: Mapping[str, str]
    mood_from: float
    crowded_from: float
    walked_leg_high_m: float


def _read() -> SenseRules:
    data = read_data("sense.toml")
    classes = data["source_class"]
    return SenseRules(
        **data["plan"],
        mostly_per_three_hours=data["repetition"]["mostly_per_three_hours"],
        unasked_beyond=data["repetition"]["unasked_beyond"],
        counted_together=tuple(
            CountedTogether(row["name"], frozenset(row["categories"]), row["per_three_hours"])
            for row in data["repetition"]["group"]
        ),
        meals=tuple(
            MealTime(
                name=row["name"],
                low=clock(row["begins"][0]),
                high=clock(row["begins"][1]),
                only_if_asked=row.get("only_if_asked", False),
                gives_way=row.get("gives_way", False),
            )
            for row in data["meal"]
        ),
        earliest={name: clock(text) for name, text in data["earliest"].items()},
        unfit_for={who: frozenset(names) for who, names in data["companions"].items()},
        never_classes=frozenset(classes["never"]),
        chain_classes=frozenset(classes["if_chains_wanted"]),
        asked_classes=classes["if_asked"],
        mood_from=data["avoid"]["mood_from"],
        crowded_from=data["avoid"]["crowded_from"],
        walked_leg_high_m=data["low_walking"]["leg_high_m"],
    )


SENSE_RULES: Final = _read()
