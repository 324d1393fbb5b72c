"""The rules of sense as the cards read them; the checker reads the same file on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property, lru_cache
from typing import Any, Final

from engine.catalogue import CATEGORIES, clock, read_data
from engine.types import Constraints

DAY_MIN: Final = 1440
_NIGHT_ENDS: Final = 360  # a stay that begins before 06:00 belongs to the evening before


@dataclass(frozen=True, slots=True)
class Meal:
    """A span of local clock minutes in which a meal begins, both ends included."""

    name: str
    low: int
    high: int
    only_if_asked: bool
    gives_way: bool


@dataclass(frozen=True, slots=True)
class RepetitionGroup:
    """Categories that count together."""

    name: str
    categories: tuple[str, ...]
    per_three_hours: int


@dataclass(frozen=True)
class Sense:
    """The rules of `sense.toml`, typed."""

    data: Mapping[str, Any]

    @cached_property
    def meals(self) -> tuple[Meal, ...]:
        return tuple(
            Meal(
                row["name"],
                clock(row["begins"][0]),
                clock(row["begins"][1]),
                row.get("only_if_asked", False),
                row.get("gives_way", False),
            )
            for row in self.data["meal"]
        )

    @cached_property
    def groups(self) -> tuple[RepetitionGroup, ...]:
        return tuple(
            RepetitionGroup(row["name"], tuple(row["categories"]), row["per_three_hours"])
            for row in self.data["repetition"]["group"]
        )

    @cached_property
    def earliest(self) -> Mapping[str, int]:
        return {name: clock(text) for name, text in self.data["earliest"].items()}

    @cached_property
    def never_classes(self) -> frozenset[str]:
        return frozenset(self.data["source_class"]["never"])

    @property
    def stops_high(self) -> int:
        return int(self.data["plan"]["stops_high"])

    def limit(self, *, category: str, constraints: Constraints) -> int:
        """Return how many stops of `category` one plan may have."""
        if category in constraints.category_counts:
            return constraints.category_counts[category]
        allowed = CATEGORIES[category].per_three_hours
        if category in constraints.mostly:
            allowed = int(self.data["repetition"]["mostly_per_three_hours"])
        by_time = _by_time(allowed, constraints)
        if category in asked_categories(constraints):
            return by_time
        return min(by_time, allowed + int(self.data["repetition"]["unasked_beyond"]))

    def group_limit(self, *, group: RepetitionGroup, constraints: Constraints) -> int:
        """Return how many stops of the group's categories one plan may have together."""
        asked = [name for name in group.categories if name in asked_categories(constraints)]
        special = {*constraints.category_counts, *constraints.mostly}
        wished = sum(
            self.limit(category=name, constraints=constraints) if name in special else 1
            for name in asked
        )
        return max(_by_time(group.per_three_hours, constraints), wished)


def _by_time(allowed: int, constraints: Constraints) -> int:
    return max(allowed, int(allowed * constraints.time_budget_min // 180))


def asked_categories(constraints: Constraints) -> tuple[str, ...]:
    """Return every category asked for, in the order it was said."""
    asked = [*constraints.categories, *constraints.category_counts, *constraints.mostly]
    return tuple(dict.fromkeys(asked))


def only_food_asked(constraints: Constraints) -> bool:
    """Return whether something was asked for and all of it is food."""
    asked = asked_categories(constraints)
    return bool(asked) and all(CATEGORIES[name].food for name in asked)


@dataclass(frozen=True, slots=True)
class Begin:
    """When a stay may begin, in plan minutes, both ends included; `meal` is None outside meals."""

    low: float
    high: float
    meal: tuple[str, int] | None = None  # name and day


def list_begins(
    *, sense: Sense, category: str, constraints: Constraints
) -> tuple[Begin, ...] | None:
    """Return the spans in which a stay at `category` may begin, ascending; None for any time."""
    if CATEGORIES[category].meal:
        return _meal_begins(sense, category, constraints)
    earliest = sense.earliest.get(category)
    if earliest is None or category in asked_categories(constraints):
        return None
    return tuple(
        Begin(_at(constraints, day, earliest), _at(constraints, day, DAY_MIN + _NIGHT_ENDS) - 1)
        for day in _days(constraints)
    )


def _days(constraints: Constraints) -> list[date]:
    """Return each local date of the plan and the one before."""
    first = constraints.starts_at.date()
    days = int(constraints.time_budget_min // DAY_MIN) + 3
    return [first + timedelta(days=day) for day in range(-1, days - 1)]


def _at(constraints: Constraints, day: date, clock: float) -> float:
    """Return the plan minutes at which the local clock shows `clock` minutes of `day`."""
    starts = constraints.starts_at
    return _minutes_at(starts.astimezone(UTC), starts.tzinfo, day, clock)


# Several categories of a request ask alike. `starts` is in UTC: equal moments of two zones would be one key.
@lru_cache(maxsize=4096)
def _minutes_at(starts: datetime, zone: tzinfo | None, day: date, clock: float) -> float:
    shown = datetime.combine(day, time()) + timedelta(minutes=clock)
    # Through UTC: on a day on which the clocks change, 07:00 is not seven hours after midnight.
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    return (moment - starts) / timedelta(minutes=1)


def _meal_begins(sense: Sense, category: str, constraints: Constraints) -> tuple[Begin, ...] | None:
    asked = category in asked_categories(constraints)
    latest = constraints.time_budget_min - CATEGORIES[category].stay_low
    spans = [
        (
            _at(constraints, day, meal.low),
            _at(constraints, day, meal.high),
            (meal.name, number),
            meal,
        )
        for number, day in enumerate(_days(constraints))
        for meal in sense.meals
        if asked or not meal.only_if_asked
    ]
    touched = [
        (Begin(low, high, which), meal.gives_way)
        for low, high, which, meal in spans
        if high >= 0 and low <= latest
    ]
    firm = [begin for begin, gives_way in touched if not gives_way]
    begins = firm or [begin for begin, _ in touched]
    # A meal asked for where the plan's time touches none: the wish stands and the rule rests.
    if asked and not begins:
        return None
    return tuple(sorted(begins, key=lambda begin: begin.low))


DEFAULT_SENSE: Final = Sense(read_data("sense.toml"))
