"""Which candidates may not be a stop at all, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from engine.cards.sense import Sense, asked_categories
from engine.catalogue import CATEGORIES, MODES
from engine.scoring.features import is_indoor
from engine.travel import FloatArray
from engine.types import Candidate, Constraints, Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One candidate before the rules."""

    candidate: Candidate
    constraints: Constraints
    sense: Sense
    crow_fly: float  # metres from the origin
    wanted: Sequence[str]  # the categories asked for

    @property
    def is_asked(self) -> bool:
        return self.candidate.is_named or self.candidate.category in self.wanted


def _name(asked: _Asked) -> Fact | None:
    is_named = asked.candidate.name_ko.strip() or asked.candidate.name_en.strip()
    return None if is_named else Fact("unnamed")


def _source_class(asked: _Asked) -> Fact | None:
    if asked.candidate.is_named:
        return None
    source_class = asked.candidate.source_class
    rules = asked.sense.data["source_class"]
    wish = rules["if_asked"].get(source_class)
    if source_class in asked.sense.never_classes:
        return Fact("not_a_stop", {"class": source_class})
    if source_class in rules["if_chains_wanted"] and not asked.constraints.chains_wanted:
        return Fact("not_a_stop", {"class": source_class})
    if wish is not None and wish not in asked.wanted:
        return Fact("only_if_asked", {"category": wish})
    return None


def _stay(asked: _Asked) -> Fact | None:
    candidate = asked.candidate
    if candidate.is_named or CATEGORIES[candidate.category].food:
        return None
    if candidate.stay_min >= asked.sense.data["plan"]["worth_a_stop"]:
        return None
    return Fact("hardly_a_stop", {"minutes": candidate.stay_min})


def _category(asked: _Asked) -> Fact | None:
    category = asked.candidate.category
    if category in asked.constraints.avoid:
        return Fact("avoided_category", {"category": category})
    if not CATEGORIES[category].stop and not asked.is_asked:
        return Fact("only_if_asked", {"category": category})
    companions = asked.constraints.companions or ""
    unfit = asked.sense.data["companions"].get(companions, ())
    if category in unfit and not asked.is_asked:
        return Fact("not_with_company", {"category": category, "companions": companions})
    return None


def _mood(asked: _Asked) -> Fact | None:
    rules = asked.sense.data["avoid"]
    for mood in asked.constraints.avoid:
        if mood == "crowded" and asked.candidate.congestion >= rules["crowded_from"]:
            return Fact("too_crowded")
        if asked.candidate.moods.get(mood, 0.0) >= rules["mood_from"]:
            return Fact("avoided_mood", {"mood": mood})
    return None


def _indoor(asked: _Asked) -> Fact | None:
    wanted = asked.constraints.indoor
    if wanted is None or is_indoor(asked.candidate) == wanted:
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


def _needs(asked: _Asked) -> Fact | None:
    for need in asked.constraints.needs:
        met = meets_need(candidate=asked.candidate, need=need)
        # A dog that is turned away ends the day; out of doors that is less likely than inside.
        # What was asked for may come all the same, with a warning.
        is_doubtful = (
            met is None and need == "pet" and is_indoor(asked.candidate) and not asked.is_asked
        )
        if met is False or is_doubtful:
            return Fact("need_unmet", {"need": need})
    return None


def _price(asked: _Asked) -> Fact | None:
    budget = asked.constraints.budget
    if budget is None or asked.candidate.cost_high <= budget:
        return None
    currency = asked.constraints.currency
    return Fact(
        "too_dear", {"cost": asked.candidate.cost_high, "budget": budget, "currency": currency}
    )


def _reach(asked: _Asked) -> Fact | None:
    reach = MODES[asked.constraints.mode].reach_high_m
    if asked.crow_fly <= reach:
        return None
    return Fact("out_of_reach", {"metres": asked.crow_fly, "reach": reach})


def _hours(asked: _Asked) -> Fact | None:
    least = min(CATEGORIES[asked.candidate.category].stay_low, asked.candidate.stay_min)
    for window in asked.candidate.windows:
        begin = max(window.opens, 0.0)
        if begin <= window.last_entry and begin + least <= min(
            window.closes, asked.constraints.time_budget_min
        ):
            return None
    return Fact("closed")


_Rule = Callable[[_Asked], Fact | None]
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
    wanted, rules = asked_categories(constraints), _binding(constraints)
    return [
        _first_exclusion(
            rules,
            _Asked(
                candidate=candidate,
                constraints=constraints,
                sense=sense,
                crow_fly=crow_fly,
                wanted=wanted,
            ),
        )
        for candidate, crow_fly in zip(candidates, from_origin_m.tolist(), strict=True)
    ]


def _binding(constraints: Constraints) -> tuple[_Rule, ...]:
    """Return the rules that may exclude anything under these constraints, in order."""
    idle: dict[_Rule, bool] = {
        _mood: not constraints.avoid,
        _indoor: constraints.indoor is None,
        _needs: not constraints.needs,
        _price: constraints.budget is None,
    }
    return tuple(rule for rule in _RULES if not idle.get(rule))


def _first_exclusion(rules: Sequence[_Rule], asked: _Asked) -> Fact | None:
    for rule in rules:
        fact = rule(asked)
        if fact is not None:
            return fact
    return None
