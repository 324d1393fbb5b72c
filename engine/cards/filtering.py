"""Which candidates may not be a stop at all, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.cards.sense import Sense, asked_categories
from engine.catalogue import CATEGORIES, MODES
from engine.scoring.features import is_indoor
from engine.travel import FloatArray
from engine.types import Candidate, Constraints, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What every candidate is held against, looked up once."""

    constraints: Constraints
    wanted: frozenset[str]  # the categories asked for
    unfit: Collection[str]  # categories that are nothing for the company
    never: frozenset[str]  # source classes
    if_chains_wanted: Collection[str]
    if_asked: Mapping[str, str]  # source class → category
    worth_a_stop: float  # minutes
    crowded_from: float
    mood_from: float
    reach_m: float

    def is_asked(self, candidate: Candidate) -> bool:
        return candidate.is_named or candidate.category in self.wanted


def _name(_: _Asked, candidate: Candidate, __: float) -> Fact | None:
    is_named = candidate.name_ko.strip() or candidate.name_en.strip()
    return None if is_named else Fact("unnamed")


def _source_class(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    source_class = candidate.source_class
    if candidate.is_named or not source_class:
        return None
    if source_class in asked.never:
        return Fact("not_a_stop", {"class": source_class})
    if source_class in asked.if_chains_wanted and not asked.constraints.chains_wanted:
        return Fact("not_a_stop", {"class": source_class})
    wish = asked.if_asked.get(source_class)
    if wish is not None and wish not in asked.wanted:
        return Fact("only_if_asked", {"category": wish})
    return None


def _stay(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    if candidate.stay_min >= asked.worth_a_stop:
        return None
    if candidate.is_named or CATEGORIES[candidate.category].food:
        return None
    return Fact("hardly_a_stop", {"minutes": candidate.stay_min})


def _category(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    category = candidate.category
    if category in asked.constraints.avoid:
        return Fact("avoided_category", {"category": category})
    if not CATEGORIES[category].stop and not asked.is_asked(candidate):
        return Fact("only_if_asked", {"category": category})
    if category in asked.unfit and not asked.is_asked(candidate):
        companions = asked.constraints.companions or ""
        return Fact("not_with_company", {"category": category, "companions": companions})
    return None


def _mood(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    for mood in asked.constraints.avoid:
        if mood == "crowded" and candidate.congestion >= asked.crowded_from:
            return Fact("too_crowded")
        if candidate.moods.get(mood, 0.0) >= asked.mood_from:
            return Fact("avoided_mood", {"mood": mood})
    return None


def _indoor(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    wanted = asked.constraints.indoor
    if wanted is None or is_indoor(candidate) == wanted:
        return None
    return Fact("not_indoors" if wanted else "not_outdoors")


_NEEDS: Final[dict[str, Callable[[Candidate], bool | None]]] = {
    "pet": lambda candidate: candidate.pets_allowed,
    "wheelchair": lambda candidate: candidate.wheelchair,
    "parking": lambda candidate: candidate.parking,
}


def meets_need(*, candidate: Candidate, need: str) -> bool | None:
    """Return whether the candidate meets the need; None while nobody says so."""
    known = _NEEDS[need](candidate)
    if known is None and need == "pet" and candidate.category == "park":
        return True  # a dog on a lead may walk in a public park
    return known


def _is_gated(candidate: Candidate) -> bool:
    """Tell whether a site is entered for money, like a palace."""
    return candidate.category == "heritage" and candidate.cost_high > 0


def _needs(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    for need in asked.constraints.needs:
        met = meets_need(candidate=candidate, need=need)
        # A dog that is turned away ends the day; out of doors that is less likely than inside, but
        # where one pays at a gate. What was asked for may come all the same, with a warning.
        is_kept = is_indoor(candidate) or _is_gated(candidate)
        is_doubtful = met is None and need == "pet" and is_kept and not asked.is_asked(candidate)
        if met is False or is_doubtful:
            return Fact("need_unmet", {"need": need})
    return None


def _price(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    budget = asked.constraints.budget
    if budget is None or candidate.cost_high <= budget:
        return None
    currency = asked.constraints.currency
    return Fact("too_dear", {"cost": candidate.cost_high, "budget": budget, "currency": currency})


def _reach(asked: _Asked, _: Candidate, crow_fly: float) -> Fact | None:
    """`crow_fly` is metres from the origin."""
    if crow_fly <= asked.reach_m:
        return None
    return Fact("out_of_reach", {"metres": crow_fly, "reach": asked.reach_m})


def _hours(asked: _Asked, candidate: Candidate, _: float) -> Fact | None:
    least = min(CATEGORIES[candidate.category].stay_low, candidate.stay_min)
    time_budget_min = asked.constraints.time_budget_min
    for window in candidate.windows:
        begin = max(window.opens, 0.0)
        if begin <= window.last_entry and begin + least <= min(window.closes, time_budget_min):
            return None
    return Fact("closed")


_Rule = Callable[[_Asked, Candidate, float], Fact | None]
_RULES: Final[tuple[_Rule, ...]] = (
    _name, _source_class, _stay, _category, _mood, _indoor, _needs, _price, _reach, _hours,
)  # fmt: skip


def list_exclusions(
    *,
    candidates: Sequence[Candidate],
    constraints: Constraints,
    sense: Sense,
    from_origin_m: FloatArray,
) -> list[Fact | None]:
    """Return for each candidate the first rule that excludes it, or None."""
    asked, rules = _list_asked(constraints, sense), _binding(constraints)
    return [
        _first_exclusion(rules, asked, candidate, crow_fly)
        for candidate, crow_fly in zip(candidates, from_origin_m.tolist(), strict=True)
    ]


def _list_asked(constraints: Constraints, sense: Sense) -> _Asked:
    classes, avoid = sense.data["source_class"], sense.data["avoid"]
    return _Asked(
        constraints=constraints,
        wanted=frozenset(asked_categories(constraints)),
        unfit=sense.data["companions"].get(constraints.companions or "", ()),
        never=sense.never_classes,
        if_chains_wanted=classes["if_chains_wanted"],
        if_asked=classes["if_asked"],
        worth_a_stop=sense.data["plan"]["worth_a_stop"],
        crowded_from=avoid["crowded_from"],
        mood_from=avoid["mood_from"],
        reach_m=MODES[constraints.mode].reach_high_m,
    )


def _binding(constraints: Constraints) -> tuple[_Rule, ...]:
    """Return the rules that may exclude anything under these constraints, in order."""
    idle: dict[_Rule, bool] = {
        _mood: not constraints.avoid,
        _indoor: constraints.indoor is None,
        _needs: not constraints.needs,
        _price: constraints.budget is None,
    }
    return tuple(rule for rule in _RULES if not idle.get(rule))


def _first_exclusion(
    rules: Sequence[_Rule], asked: _Asked, candidate: Candidate, crow_fly: float
) -> Fact | None:
    for rule in rules:
        fact = rule(asked, candidate, crow_fly)
        if fact is not None:
            return fact
    return None
