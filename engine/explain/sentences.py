"""What a card says of itself, in Korean or English, from facts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.cards.sense import asked_categories
from engine.catalogue import CATEGORIES
from engine.explain.facts import say
from engine.explain.reasons import list_stop_reasons
from engine.explain.trading import list_trade_offs
from engine.explain.wording import Locale, Wording, get_wording
from engine.scoring.features import is_indoor
from engine.types import Candidate, Card, CardKind, Constraints, Recommendation

__all__ = ["CardText", "Locale", "explain_card", "say"]

_CALM_TO = 0.4  # congestion at the hour of the stay
_TITLE_CATEGORIES = 3
_LIKED = 3  # words of the taste that one sentence names
_SHORT_SHARE = 0.6  # of the time asked for, under which a plan leaves much of it unused


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """The words of one card; `stop_reasons` has one tuple for each stop, in order."""

    title: str
    explanation: tuple[str, ...]
    trade_offs: tuple[str, ...]
    warnings: tuple[str, ...]
    stop_reasons: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """One card with what its sentences read."""

    card: Card
    constraints: Constraints
    places: Sequence[Candidate]  # of its stops, in order
    wording: Wording

    @property
    def duration_min(self) -> float:
        plan = self.card.plan
        return (plan.stops[-1].leaves if plan.stops else 0.0) + plan.end_travel_min

    @property
    def is_short(self) -> bool:
        return self.duration_min < _SHORT_SHARE * self.constraints.time_budget_min

    @property
    def cost_high(self) -> int:
        return sum(place.cost_high for place in self.places)


def explain_card(
    *,
    recommendation: Recommendation,
    card_index: int,
    constraints: Constraints,
    candidates: Sequence[Candidate],
    locale: Locale,
) -> CardText:
    """Return the words of the card at `card_index`, its trade-offs against the others included."""
    card, wording = recommendation.cards[card_index], get_wording(locale=locale)
    places = [candidates[stop.candidate] for stop in card.plan.stops]
    told = _Told(card, constraints, places, wording)
    return CardText(
        title=_title(told),
        explanation=_explanation(told),
        trade_offs=list_trade_offs(
            card=card,
            others=[other for other in recommendation.cards if other is not card],
            constraints=constraints,
            candidates=candidates,
            wording=wording,
        ),
        warnings=tuple(say(fact=fact, locale=locale) for fact in card.warnings),
        stop_reasons=list_stop_reasons(
            card=card, constraints=constraints, candidates=candidates, wording=wording
        ),
    )


def _title(told: _Told) -> str:
    wording, constraints = told.wording, told.constraints
    asked = asked_categories(constraints)
    present = list(dict.fromkeys(place.category for place in told.places))
    ordered = [name for name in asked if name in present]
    ordered += [name for name in present if name not in ordered]
    shown = ordered[:_TITLE_CATEGORIES]
    names = [wording.category(name) for name in shown]
    mood = next((m for m in constraints.moods if _category_has(told, shown[0], m)), None)
    if mood is not None:
        names[0] = f"{wording.word('moods', mood)} {names[0]}"
    content = wording.join(names)
    title = wording.phrase(
        "titles", told.card.kind, content=content, duration=wording.minutes(told.duration_min)
    )
    return title[0].upper() + title[1:]


def _category_has(told: _Told, category: str, mood: str) -> bool:
    return any(place.category == category and place.moods.get(mood) for place in told.places)


def _explanation(told: _Told) -> tuple[str, ...]:
    sentences = [
        *_character(told),
        *_moods(told),
        *_weather(told),
        *_crowds(told),
        _time(told),
        _money(told),
    ]
    return tuple(sentences)


def _character(told: _Told) -> list[str]:
    kind, wording = told.card.kind, told.wording
    sentences = []
    suffix = "_short" if told.is_short else ""
    if kind is CardKind.BEST_MATCH:
        ends = [wording.place(told.places[place]) for place in (0, -1)]
        key = f"only_stop{suffix}" if len(told.places) == 1 else "from_to"
        sentences.append(wording.phrase("explanation", key, first=ends[0], last=ends[1]))
    elif kind is CardKind.EASY_GOING:
        sentences.append(wording.word("explanation", f"{kind}{suffix}"))
    else:
        sentences.append(wording.word("explanation", kind))
    return [*sentences, *_taste(told)]


def _taste(told: _Told) -> list[str]:
    """Name what the card has of what is liked; where it has none of it, that taste was heeded."""
    wording = told.wording
    if told.constraints.taste is None:
        return []
    met = [name for name in told.constraints.liked if _has(told, name)][:_LIKED]
    if not met:
        return [wording.word("explanation", "taste")]
    words = wording.join([_liked_word(wording, name) for name in met])
    return [wording.phrase("explanation", "taste_liked", words=words)]


def _has(told: _Told, name: str) -> bool:
    if name in CATEGORIES:
        return any(place.category == name for place in told.places)
    return any(place.moods.get(name) for place in told.places)


def _liked_word(wording: Wording, name: str) -> str:
    if name in CATEGORIES:
        return wording.phrase("units", "liked_category", category=wording.category(name))
    return wording.phrase("units", "liked_mood", mood=wording.word("moods", name))


def _moods(told: _Told) -> list[str]:
    """Return the first mood asked for that a stop has, with its evidence."""
    wording = told.wording
    for mood in told.constraints.moods:
        found = next(
            (p for p in told.places if p.moods.get(mood) and p.mood_evidence.get(mood)), None
        )
        if found is not None:
            sentence = wording.phrase(
                "explanation",
                "mood",
                place=wording.place(found),
                mood=wording.word("moods", mood),
                evidence=wording.known("evidence", found.mood_evidence[mood]),
            )
            return [sentence]
    return []


def _weather(told: _Told) -> list[str]:
    wording, weather = told.wording, told.constraints.weather
    indoors = sum(is_indoor(place) for place in told.places)
    if not wording.has("weather", weather) or not indoors:
        return []
    key = "weather_all" if indoors == len(told.places) else "weather_some"
    count = wording.phrase("units", "place_count", n=indoors)
    word = wording.word("weather", weather)
    return [wording.phrase("explanation", key, weather=word, count=count)]


def _crowds(told: _Told) -> list[str]:
    """Name, to who avoids crowds, the stops that are usually calm at their hour."""
    if "crowded" not in told.constraints.avoid:
        return []
    wording = told.wording
    calm = [
        wording.place(place)
        for place, stop in zip(told.places, told.card.plan.stops, strict=True)
        if stop.score_parts["congestion"] <= _CALM_TO
    ]
    return [wording.phrase("explanation", "calm", places=wording.join(calm))] if calm else []


def _time(told: _Told) -> str:
    wording, plan = told.wording, told.card.plan
    minutes = sum(stop.travel_min for stop in plan.stops) + plan.end_travel_min
    slack = told.constraints.time_budget_min - told.duration_min
    key = "time" if slack >= 1 else "time_exact"
    if told.is_short:
        key = "time_short"
    return wording.phrase(
        "explanation",
        key,
        mode=wording.word("modes", told.constraints.mode),
        minutes=wording.minutes(max(1.0, minutes)),
        duration=wording.minutes(told.duration_min),
        slack=wording.minutes(slack),
    )


def _money(told: _Told) -> str:
    wording, constraints = told.wording, told.constraints
    if not told.cost_high:
        return wording.word("explanation", "money_free")
    cost = wording.money(told.cost_high, constraints.currency)
    if constraints.budget is None:
        return wording.phrase("explanation", "money", cost=cost)
    left = constraints.budget - told.cost_high
    key = "money_left" if left else "money_exact"
    return wording.phrase(
        "explanation", key, cost=cost, left=wording.money(left, constraints.currency)
    )
