"""Rules of the plan as a whole: how often, how many, and how much of it is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.catalogue import CATEGORIES, MODES
from engine.checks.mealtimes import Span, begin_spans
from engine.checks.places import check_place
from engine.checks.situation import Situation
from engine.checks.violations import TOLERANCE, Rule, Violation
from engine.types import Window


def check_repeated_places(situation: Situation) -> Iterator[Violation]:
    """No place twice, no second branch of a chain, no second stop of one site."""
    places = [situation.place(stop) for stop in situation.stops]
    yield from _over(Rule.DUPLICATE, _first_told(situation), 1)
    yield from _over(
        Rule.SAME_CHAIN, [place.chain for place in places], situation.sense.branches_of_chain
    )
    yield from _over(
        Rule.SAME_SITE, [place.site for place in places], situation.sense.stops_of_site
    )


def _first_told(situation: Situation) -> list[str | None]:
    """Return, for each stop, the first candidate of the plan that tells of the same place."""
    first: dict[object, str] = {}
    found: list[str | None] = []
    for stop in situation.stops:
        place = situation.place(stop)
        who = place.name_ko, place.name_en, place.category, place.position
        found.append(first.setdefault(who, str(stop.candidate)))
    return found


def _over(rule: Rule, values: list[str | None], at_most: int) -> Iterator[Violation]:
    """Yield the first stop of each value that is one too many."""
    named = [value for value in values if value is not None]
    if len(named) - len(set(named)) < at_most:
        return  # no value stands so often
    seen: Counter[str] = Counter()
    total = Counter(named)
    for position, value in enumerate(values):
        if value is None:
            continue
        seen[value] += 1
        if seen[value] == at_most + 1:
            yield Violation(rule, position, total[value] - at_most, value)


def check_repetition(situation: Situation) -> Iterator[Violation]:
    """No category, and no group of like categories, more often than the time or the wish allows."""
    places = [situation.place(stop) for stop in situation.stops]
    categories: list[str | None] = [None if place.is_named else place.category for place in places]
    for name in sorted({name for name in categories if name is not None}):
        of_name = [category if category == name else None for category in categories]
        yield from _over(Rule.REPETITION, of_name, category_limit(situation, name))
    for group in situation.sense.counted_together:
        of_group = [group.name if category in group.categories else None for category in categories]
        limit = _by_time(situation, group.per_three_hours)
        wished = sum(_wished(situation, name) for name in group.categories & situation.asked)
        yield from _over(Rule.REPETITION, of_group, max(limit, wished))


def category_limit(situation: Situation, category: str) -> int:
    """Return how many stops of `category` the plan may have."""
    wish = situation.constraints
    if category in wish.category_counts:
        return wish.category_counts[category]
    if category in wish.mostly:
        return _by_time(situation, situation.sense.mostly_per_three_hours)
    usual = CATEGORIES[category].per_three_hours
    by_time = _by_time(situation, usual)
    if category in situation.asked:
        return by_time
    return min(by_time, usual + situation.sense.unasked_beyond)


def _by_time(situation: Situation, per_three_hours: int) -> int:
    return max(per_three_hours, int(per_three_hours * situation.constraints.time_budget_min // 180))


def _wished(situation: Situation, category: str) -> int:
    """Return how many stops of an asked category stand for the wish."""
    wish = situation.constraints
    is_counted = category in wish.category_counts or category in wish.mostly
    return category_limit(situation, category) if is_counted else 1


def check_food(situation: Situation) -> Iterator[Violation]:
    """Of two stops or more one is no food, unless all that was asked for is food."""
    asked = situation.asked
    if len(situation.stops) < 2 or (asked and all(CATEGORIES[name].food for name in asked)):
        return
    others = sum(not situation.category(stop).food for stop in situation.stops)
    missing = situation.sense.stops_of_no_food - others
    if missing > 0:
        yield Violation(Rule.ONLY_FOOD, None, missing)


def check_count(situation: Situation) -> Iterator[Violation]:
    """There are no more stops than asked for, nor than anybody enjoys."""
    high = situation.sense.stops_high
    if situation.constraints.max_stops is not None:
        high = min(high, situation.constraints.max_stops)
    over = len(situation.stops) - high
    if over > 0:
        yield Violation(Rule.TOO_MANY_STOPS, None, over)


def check_locked(situation: Situation) -> Iterator[Violation]:
    """Every locked place is a stop."""
    visited = {stop.candidate for stop in situation.stops}
    for index in sorted(set(situation.locked) - visited):
        yield Violation(Rule.LOCKED_MISSING, None, index)


def check_assumed_share(situation: Situation) -> Iterator[Violation]:
    """At most half of the stops, or one, have assumed hours where known ones are near instead."""
    assumed = [
        situation.place(stop).category
        for stop in situation.stops
        if not situation.place(stop).hours_known
    ]
    allowed = max(1, int(len(situation.stops) * situation.sense.assumed_share))
    if len(assumed) <= allowed:
        return
    near = {category for category in set(assumed) if _has_known(situation, category)}
    over = sum(category in near for category in assumed) - allowed
    if over > 0:
        yield Violation(Rule.TOO_MANY_ASSUMED, None, over, ", ".join(sorted(near)))


def _has_known(situation: Situation, category: str) -> bool:
    return any(
        place.category == category and place.hours_known and _could_stand_alone(situation, index)
        for index, place in enumerate(situation.candidates)
    )


def _could_stand_alone(situation: Situation, index: int) -> bool:
    """Tell whether the candidate could be the only stop: allowed, near, open in time, paid."""
    place, wish = situation.candidates[index], situation.constraints
    arrives = float(situation.travel.minutes[situation.origin, index])
    if arrives > situation.sense.known_within:
        return False
    if wish.budget is not None and place.cost_high > wish.budget:
        return False
    crow_fly = float(situation.travel.crow_fly[situation.origin, index])
    mode = MODES[wish.mode]
    if crow_fly > min(mode.leg_high_m, mode.reach_high_m):
        return False
    if any(check_place(situation, index, None)) or not _surely_suits(situation, index):
        return False
    way_out = 0.0
    if wish.destination is not None:
        way_out = float(situation.travel.minutes[index, situation.end])
    leaves_high = wish.time_budget_min - way_out
    spans = begin_spans(situation, place.category)
    if spans is None:
        spans = [Span(float("-inf"), float("inf"), "")]
    stay = min(CATEGORIES[place.category].stay_low, place.stay_min)
    return any(
        _begins_in_time(window, span, arrives, leaves_high - stay, stay)
        for window in place.windows
        for span in spans
    )


def _surely_suits(situation: Situation, index: int) -> bool:
    """Tell whether the needs and the wish for outdoors are met by what is known, not just maybe."""
    place, wish = situation.candidates[index], situation.constraints
    said = {"pet": place.pets_allowed, "wheelchair": place.wheelchair, "parking": place.parking}
    indoor = CATEGORIES[place.category].indoor if place.indoor is None else place.indoor
    return all(said.get(need) is True for need in wish.needs) and not (
        wish.indoor is False and indoor
    )


def _begins_in_time(
    window: Window, span: Span, arrives: float, begins_high: float, stay: float
) -> bool:
    low = max(window.opens, span.low, arrives)
    high = min(window.last_entry, window.closes - stay, span.high, begins_high)
    return low <= high + TOLERANCE
