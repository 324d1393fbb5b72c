"""Why there are fewer cards than three, and the smallest single wish to give up for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from math import ceil
from typing import Final

from engine.cards.drafting import list_by_category
from engine.cards.request import Request
from engine.cards.sense import asked_categories
from engine.catalogue import CATEGORIES, read_data
from engine.types import Candidate, Card, CardKind, Constraints, Fact, Mode, Window

_DATA: Final = read_data("relaxing.toml")
_MINUTES: Final = (30, 60, 90)
_FINER_MIN: Final = 10
_TIME_HIGH: Final = 960.0
_WIDER: Final = {Mode.WALK: Mode.TRANSIT, Mode.BIKE: Mode.TRANSIT, Mode.TRANSIT: Mode.CAR}
_FEW: Final = 6  # candidates under which the area itself is the reason
# What lies further away is told only where nothing nearer was left out: there is always more of it.
_REASONS: Final = ("closed", "too_dear", "excluded")
_LATER_STEP_MIN: Final = 30
_LATER_HIGH_MIN: Final = 720.0
_LATER_TRIED: Final = 3
_SAME_OUTING_MIN: Final = 240.0  # to start later than that is another outing
_LATER_MORE: Final = 3  # places that must have opened for the next start to be worth a try

Places = Sequence[Candidate]
Look = Callable[[Constraints], Places]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a relaxation must bring to help: so many cards, and where all are there, more than that."""

    least: int
    missing: Sequence[str]  # categories, of which one must come; empty where cards are enough

    def is_hopeful(self, request: Request) -> bool:
        """Return whether a plan can bring it, as far as is seen without planning."""
        kept = list_by_category(request)
        return not self.missing or any(name in kept for name in self.missing)


Plans = Callable[[Constraints, Places, Trial], Sequence[Card]]


@dataclass(frozen=True, slots=True)
class _Step:
    """
    One relaxation; the finer ones are smaller and of its kind, the smallest first.

    `seen`: the constraints under which its places are looked for, or None for those at hand.
    """

    fact: Fact
    constraints: Constraints
    finer: tuple[_Step, ...] = ()
    seen: Constraints | None = None


@dataclass(slots=True)
class _Trials:
    """Tries relaxations on the places that come with them."""

    request: Request
    cards: Sequence[Card]
    plan: Plans
    look: Look | None
    missing: Sequence[str]
    seen: list[tuple[Constraints, Places]] = field(default_factory=list)

    def places(self, constraints: Constraints | None) -> Places:
        """Return the places for relaxed constraints, those at hand where nobody can be asked."""
        if self.look is None or constraints is None:
            return self.request.candidates
        for known, places in self.seen:
            if known is constraints:
                return places
        places = self.look(constraints)
        self.seen.append((constraints, places))
        return places

    def gain(self, step: _Step, places: Places) -> Fact | None:
        """Return the step with what it brings, or None where that is nothing."""
        found = self.plan(step.constraints, places, self._trial())
        if len(found) > len(self.cards):
            return Fact(step.fact.code, {**step.fact.values, "cards": len(found)})
        visited = {places[stop.candidate].category for card in found for stop in card.plan.stops}
        added = next((name for name in self.missing if name in visited), None)
        if added is None or len(found) < len(self.cards):
            return None
        return Fact(f"{step.fact.code}_adds", {**step.fact.values, "category": added})

    def _trial(self) -> Trial:
        """Return what helps: one more card, or something that was asked for on as many."""
        count = len(self.cards)
        is_full = count == len(CardKind)
        return Trial(
            least=max(1, count if self.missing else count + 1),
            missing=self.missing if is_full else (),
        )


def explain_fewer(
    *,
    request: Request,
    cards: Sequence[Card],
    dropped: Mapping[str, int],
    plan: Plans,
    look: Look | None = None,
) -> tuple[Fact | None, Fact | None]:
    """
    Return why there are fewer cards than three, and the smallest relaxation that helps, if any.

    It helps when it gives more cards, or a card with something that was asked for and is on none.
    Each is tried by planning again, on the places that `look` finds; it is asked three times at most.
    """
    missing = _missing(request, cards)
    is_full = len(cards) == len(CardKind)
    if is_full and not missing:
        return None, None
    trials = _Trials(request, cards, plan, look, missing)
    why = None if is_full else _why(request, cards, dropped)
    return why, _relaxation(trials, why, is_full=is_full)


def _missing(request: Request, cards: Sequence[Card]) -> list[str]:
    """Return the categories that were asked for and that no card has."""
    visited = {
        request.candidates[stop.candidate].category for card in cards for stop in card.plan.stops
    }
    return [name for name in asked_categories(request.constraints) if name not in visited]


def _why(request: Request, cards: Sequence[Card], dropped: Mapping[str, int]) -> Fact:
    reasons = Counter(dropped)
    reasons.update(fact.code for fact in request.exclusions if fact is not None)
    count, kept = len(cards), len(request.kept)
    if kept > _FEW:
        return Fact("too_alike" if cards else "none_fits", {"cards": count})
    code = max((name for name in _REASONS if reasons[name]), key=reasons.__getitem__, default=None)
    if code is None and reasons["out_of_reach"]:
        code = "out_of_reach"
    if code is None:
        known = {"cards": count, "places": kept}
        return Fact("few_places", known) if kept else Fact("none_left", known)
    values = {"cards": count, "places": reasons[code]}
    return Fact(f"few_{code}", {**values, "kept": kept}) if kept else Fact(f"none_{code}", values)


def _relaxation(trials: _Trials, why: Fact | None, *, is_full: bool) -> Fact | None:
    """Return the first relaxation that helps, made as small as it may be."""
    if why is not None and why.code in ("few_closed", "none_closed"):
        minutes, later = _later(trials)
        if later is not None and minutes <= _SAME_OUTING_MIN:
            return later
        return _smallest(trials) or later  # whoever asks for a drink at ten is not up for seven
    return _smallest(trials) or (None if is_full else _later(trials)[1])


def _smallest(trials: _Trials) -> Fact | None:
    for step in _steps(trials.request.constraints):
        places = trials.places(step.seen)
        if not _may_help(trials, step, places):
            continue
        found = trials.gain(step, places)
        if found is not None:
            finer = (trials.gain(each, places) for each in step.finer)
            return next((fact for fact in finer if fact and _is_as_good(fact, found)), found)
    return None


def _is_as_good(fact: Fact, other: Fact) -> bool:
    return fact.code == other.code and fact.values.get("cards") == other.values.get("cards")


def _may_help(trials: _Trials, step: _Step, places: Places) -> bool:
    """Return whether it is worth planning: where all cards are there, for what is missing alone."""
    if len(trials.cards) < len(CardKind):
        return bool(places)
    budget = step.constraints.budget
    return step.seen is not None and any(
        place.category in trials.missing and (budget is None or place.cost_high <= budget)
        for place in places
    )


def _later(trials: _Trials) -> tuple[float, Fact | None]:
    """Return the first half hour from which on enough has opened for more cards, in minutes from now."""
    constraints = trials.request.constraints
    horizon = min(_TIME_HIGH, constraints.time_budget_min + _LATER_HIGH_MIN)
    places = trials.places(replace(constraints, time_budget_min=horizon))
    for minutes in _starts(constraints, places):
        at = (constraints.starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(
            constraints.starts_at.tzinfo
        )
        values = {"clock": at.strftime("%H:%M"), "minutes": minutes, "start_at": at.isoformat()}
        step = _Step(Fact("later_start", values), replace(constraints, starts_at=at))
        found = trials.gain(step, [_shifted(place, minutes) for place in places])
        if found is not None:
            return minutes, found
    return 0.0, None


def _starts(constraints: Constraints, places: Places) -> list[float]:
    """Return the next half hours by which several more places are open, as minutes from now."""
    starts = constraints.starts_at.astimezone(UTC)
    past = starts.minute + starts.second / 60
    marks = {
        ceil((past + window.opens) / _LATER_STEP_MIN) * _LATER_STEP_MIN - past
        for place in places
        for window in place.windows
        if 0 < window.opens <= _LATER_HIGH_MIN
    }
    chosen: list[float] = []
    tried = _open_at(places, 0.0)
    for minutes in sorted(marks):
        count = _open_at(places, minutes)
        if count >= min(tried + _LATER_MORE, len(places)):
            chosen.append(minutes)
            tried = count
    return chosen[:_LATER_TRIED]


def _open_at(places: Places, minutes: float) -> int:
    """Return how many places can be visited by who starts `minutes` later."""
    return sum(
        any(
            window.opens <= minutes
            and minutes + CATEGORIES[place.category].stay_low <= window.closes
            for window in place.windows
        )
        for place in places
    )


def _shifted(place: Candidate, minutes: float) -> Candidate:
    """Return the place with its windows in the minutes of a plan that starts later."""
    windows = tuple(
        Window(w.opens - minutes, w.closes - minutes, w.last_entry - minutes) for w in place.windows
    )
    return replace(place, windows=windows)


def _steps(constraints: Constraints) -> Iterator[_Step]:
    """Yield single relaxations, the smallest first."""
    steps = _DATA["budget_steps"].get(constraints.currency, ())
    seen = _widest(constraints, steps)
    for minutes, amount in zip(_MINUTES, (*steps, None, None, None)[:3], strict=True):
        if constraints.time_budget_min + minutes <= _TIME_HIGH:
            finer = range(max(_FINER_MIN, minutes - 20), minutes, _FINER_MIN)
            yield replace(
                _longer(constraints, minutes),
                seen=seen,
                finer=tuple(_longer(constraints, less) for less in finer),
            )
        if constraints.budget is not None and amount is not None:
            shares = _DATA["finer_shares"]
            yield replace(
                _dearer(constraints, amount),
                seen=seen,
                finer=tuple(_dearer(constraints, round(amount * share)) for share in shares),
            )
    for name in reversed(asked_categories(constraints)):
        fact = Fact("drop_category", {"category": name})
        yield _Step(fact, _without(constraints, name))
    wider = _WIDER.get(constraints.mode)
    if wider is not None:
        going = replace(constraints, mode=wider)
        yield _Step(Fact("wider_mode", {"mode": wider.value}), going, seen=going)


def _widest(constraints: Constraints, amounts: Sequence[int]) -> Constraints:
    """Return constraints under which the places of every step of time or money are found."""
    return replace(
        constraints,
        time_budget_min=min(_TIME_HIGH, constraints.time_budget_min + max(_MINUTES)),
        budget=None if constraints.budget is None else constraints.budget + max(amounts, default=0),
    )


def _longer(constraints: Constraints, minutes: int) -> _Step:
    longer = constraints.time_budget_min + minutes
    fact = Fact("more_time", {"minutes": minutes, "time_budget_min": longer})
    return _Step(fact, replace(constraints, time_budget_min=longer))


def _dearer(constraints: Constraints, amount: int) -> _Step:
    budget = (constraints.budget or 0) + amount
    values = {"amount": amount, "currency": constraints.currency, "budget": budget}
    return _Step(Fact("more_money", values), replace(constraints, budget=budget))


def _without(constraints: Constraints, category: str) -> Constraints:
    counts = {k: v for k, v in constraints.category_counts.items() if k != category}
    return replace(
        constraints,
        categories=tuple(name for name in constraints.categories if name != category),
        mostly=tuple(name for name in constraints.mostly if name != category),
        category_counts=counts,
    )
