"""Rules of the hour: meals at meal times, one stay for each, bars and clubs not too early."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.catalogue import CATEGORIES
from engine.checks.situation import Situation
from engine.checks.violations import TOLERANCE, Rule, Violation

_DAY_MIN: Final = 1440
_NIGHT_ENDS_MIN: Final = 360  # a stay that begins before 06:00 belongs to the evening before


@dataclass(frozen=True, slots=True)
class Span:
    """Plan minutes, both ends included, in which a stay for one meal of one day begins."""

    low: float
    high: float
    meal: str

    def distance(self, minutes: float) -> float:
        return max(0.0, self.low - minutes, minutes - self.high)


def meal_spans(situation: Situation, category: str) -> list[Span] | None:
    """
    Return when a stay at `category` may begin for a meal, or None where the rule rests.

    It rests for what is no meal, and for a meal asked for while the plan touches no meal's time.
    """
    if not CATEGORIES[category].meal:
        return None
    asked = category in situation.asked
    spans = {
        Span(
            situation.minutes_at(day, meal.low), situation.minutes_at(day, meal.high), meal.name
        ): meal.gives_way
        for day in situation.dates()
        for meal in situation.sense.meals
        if asked or not meal.only_if_asked
    }
    latest = situation.constraints.time_budget_min - CATEGORIES[category].stay_low
    touched = {span for span in spans if span.high >= 0 and span.low <= latest}
    if asked and not touched:
        return None
    if any(not spans[span] for span in touched):
        return [span for span, gives_way in spans.items() if not gives_way]
    return list(spans)


def begin_spans(situation: Situation, category: str) -> list[Span] | None:
    """Return when a stay at `category` may begin at all, or None where any time will do."""
    earliest = situation.sense.earliest.get(category)
    if earliest is None or category in situation.asked:
        return meal_spans(situation, category)
    return [
        Span(
            situation.minutes_at(day, earliest),
            situation.minutes_at(day, _DAY_MIN + _NIGHT_ENDS_MIN),
            "",
        )
        for day in situation.dates()
    ]


def check_meals(situation: Situation) -> Iterator[Violation]:
    """A meal is eaten at its time, and each once."""
    eaten: set[Span] = set()
    for position, stop in enumerate(situation.stops):
        category = situation.place(stop).category
        spans = meal_spans(situation, category)
        if spans is None:
            continue
        span = min(spans, key=lambda span: span.distance(stop.arrives))
        if not span.distance(stop.arrives) <= TOLERANCE:
            yield Violation(Rule.MEAL_TIME, position, span.distance(stop.arrives), category)
            continue
        if span in eaten:
            yield Violation(Rule.MEAL_TWICE, position, 1.0, span.meal)
        eaten.add(span)


def check_earliest(situation: Situation) -> Iterator[Violation]:
    """Nobody is sent to a bar at noon unless a bar was asked for."""
    for position, stop in enumerate(situation.stops):
        category = situation.place(stop).category
        earliest = situation.sense.earliest.get(category)
        if earliest is None or category in situation.asked:
            continue
        local = situation.local(stop.arrives)
        minutes = local.hour * 60 + local.minute + local.second / 60
        if _NIGHT_ENDS_MIN <= minutes < earliest - TOLERANCE:
            yield Violation(Rule.TOO_EARLY, position, earliest - minutes, category)
