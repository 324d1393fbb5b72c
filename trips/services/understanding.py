"""A question with nothing left open: the sentence, the parameters and the profile made one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.cards.sense import DEFAULT_SENSE
from engine.catalogue import CATEGORIES, minor_units
from engine.embedding.types import Encoder
from engine.query.gazetteer import AreaName
from engine.query.types import Interpretation, Understood
from engine.types import Constraints, Mode
from places import selectors as places
from places.conditions.types import PlannedWeather
from places.services.describing import label_of_vectors
from places.services.encoding import current_encoder
from places.services.weather import StoredWeather, WeatherProvider
from places.types import CitySummary
from places.vocabulary import Vocabulary, vocabulary_of
from trips.services import bounds
from trips.services.interpreting import present_interpretation
from trips.services.locating import Whereabouts, locate
from trips.services.rounding import round_position, round_window
from trips.services.timing import (
    DAYPARTS,
    NIGHT_ENDS_H,
    Start,
    minutes_until,
    resolve_start,
)
from trips.types import Assumption, Locale, Profile, Question, Understanding

MEAL_PLACE: Final = "restaurant"

# Words that say where, when and how much; they would only blur what kind of place is meant.
_NOT_ABOUT_PLACES: Final = (
    "time_budget_min", "budget", "mode", "start_time", "end_time", "daypart", "day", "party_size", "area",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What one field is taken to be, and the assumption behind it if it was not said."""

    value: Any
    assumption: Assumption | None = None


@dataclass(frozen=True)
class Understandings:
    """Turns questions into what the engine is asked."""

    vocabulary: Callable[[tuple[str, ...]], Vocabulary] = vocabulary_of
    encoder: Encoder = field(default_factory=current_encoder)
    weather: WeatherProvider = field(default_factory=StoredWeather)

    def understand(
        self,
        *,
        question: Question,
        profile: Profile,
        cities: Sequence[CitySummary],
        now: datetime,
        locale: Locale,
    ) -> Understanding:
        """
        Settle every field: a parameter wins over the sentence, the sentence over the profile.

        Raises:
            LocationMissing, AreaUnknown, AreaAmbiguous: it is not clear where.
            StartOutOfBounds, OutOfBounds: a value that was said lies outside its bounds.
        """
        vocabulary = self.vocabulary(tuple(city.data_version for city in cities))
        said = vocabulary.parser.parse(sentence=question.sentence)
        where = locate(
            question=question,
            said_area=_value(said.area),
            gazetteer=vocabulary.gazetteer,
            cities=cities,
            locale=locale,
        )
        said = _in_currency(said, where.city.currency)
        start = resolve_start(
            now=now,
            zone=where.city.zone,
            starts_at=question.starts_at,
            day=_value(said.day),
            clock_time=_value(said.start_time),
            daypart=_daypart(said, now.astimezone(where.city.zone)),
        )
        chosen = {
            "time_budget_min": _time_budget(question, said, profile, start),
            "budget": _budget(question, said, profile, where.city.currency),
            "mode": _mode(question, said, profile),
            "start_at": _start(start),
        }
        chosen["weather"] = self._weather(question, where, chosen, now)
        excluded, categories = _exclusions(question.exclude)
        constraints = self._constraints(question, said, where, chosen, categories, profile)
        assumptions = (
            *where.assumptions,
            *_overruled(question, said),
            *_meal_places(said, constraints),
            *(choice.assumption for choice in chosen.values() if choice.assumption),
        )
        return Understanding(
            constraints=constraints,
            interpretation=present_interpretation(
                sentence=question.sentence,
                said=said,
                area=where.area,
                assumptions=assumptions,
                locale=locale,
            ),
            city=where.city.slug,
            excluded_places=excluded,
            excluded_categories=categories,
            named_place=_named_place(where.area, excluded),
        )

    def _constraints(
        self,
        question: Question,
        said: Interpretation,
        where: Whereabouts,
        chosen: Mapping[str, _Chosen],
        excluded: tuple[str, ...],
        profile: Profile,
    ) -> Constraints:
        avoid = tuple(dict.fromkeys((*_values(said.avoid), *excluded)))
        starts_at, time_budget_min = round_window(
            starts_at=chosen["start_at"].value,
            time_budget_min=chosen["time_budget_min"].value,
        )
        return Constraints(
            origin=where.origin,
            starts_at=starts_at,
            time_budget_min=time_budget_min,
            budget=chosen["budget"].value,
            currency=where.city.currency,
            mode=chosen["mode"].value,
            destination=None
            if question.destination is None
            else round_position(question.destination),
            moods=_values(said.moods),
            categories=_categories(said, avoid),
            category_counts={
                name: count for name, count in _values(said.category_counts) if name not in avoid
            },
            mostly=tuple(name for name in _values(said.mostly) if name not in avoid),
            avoid=avoid,
            companions=_value(said.companions),
            party_size=_party_size(question, said),
            indoor=_value(said.indoor),
            needs=_values(said.needs),
            max_stops=_value(said.max_stops),
            low_walking=bool(_value(said.low_walking)),
            eats_first=_eats_first(said, starts_at),
            stroll=_value(said.mode) == Mode.WALK,
            chains_wanted=bool(_value(said.chains_wanted)),
            weather=chosen["weather"].value,
            taste=profile.taste,
            liked=profile.liked,
            query_embedding=self._embedding(question.sentence, said),
            encoder=label_of_vectors(self.encoder),
            seed=question.seed,
        )

    def _embedding(self, sentence: str, said: Interpretation) -> Any:
        """Return the vector of what the sentence says of places; None where it says nothing."""
        characters = list(sentence)
        for name in _NOT_ABOUT_PLACES:
            understood = getattr(said, name)
            for span in understood.spans if understood else ():
                characters[span.start : span.end] = " " * (span.end - span.start)
        text = re.sub(r"\s+", " ", "".join(characters)).strip()
        return self.encoder.encode([text])[0] if re.search(r"\w", text) else None

    def _weather(
        self, question: Question, where: Whereabouts, chosen: Mapping[str, _Chosen], now: datetime
    ) -> _Chosen:
        if question.weather is not None:
            return _Chosen(question.weather)
        starts_at = chosen["start_at"].value
        planned = self.weather.weather_for(
            position=where.origin,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=chosen["time_budget_min"].value),
            now=now,
        )
        return _Chosen(planned.weather, _foretold(planned, where.city.zone))


def _foretold(planned: PlannedWeather, zone: ZoneInfo) -> Assumption:
    """Say whose forecast the weather is of, and whether it is old."""
    if planned.fetched_at is None:
        return Assumption(field="weather", value=planned.weather, reason="default")
    return Assumption(
        field="weather",
        value=planned.weather,
        reason="forecast_stale" if planned.is_stale else "forecast",
        source=planned.source,
        told_at=planned.fetched_at.astimezone(zone),
    )


def _named_place(area: AreaName | None, excluded: Sequence[UUID]) -> UUID | None:
    """Return the landmark that is asked for by its name: who says 광장시장 wants to see it."""
    if area is None or area.kind != "landmark":
        return None
    named = places.find_place_called(area=area)
    return None if named in excluded else named


def _value(understood: Understood[Any] | None) -> Any:
    return None if understood is None else understood.value


def _values(understood: Sequence[Understood[Any]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(item.value for item in understood))


def _categories(said: Interpretation, avoid: Sequence[str]) -> tuple[str, ...]:
    """Return the categories asked for; a meal that is named asks for somewhere to eat."""
    asked = tuple(name for name in _values(said.categories) if name not in avoid)
    return asked + ((MEAL_PLACE,) if _asks_to_eat(said) and MEAL_PLACE not in avoid else ())


def _asks_to_eat(said: Interpretation) -> bool:
    """Tell whether a meal is named and no place for it is."""
    return bool(said.meals) and not {MEAL_PLACE, "market"} & {*_values(said.categories)}


def _daypart(said: Interpretation, local_now: datetime) -> str | None:
    """Return when it was said to be; what is there in the dark alone, like 야경, means an evening."""
    if said.daypart is not None:
        return said.daypart.value
    if said.after_dark is None or said.start_time is not None:
        return None
    is_today = _value(said.day) in {None, "today"}
    is_late = local_now.hour >= DAYPARTS["night"][0] or local_now.hour < NIGHT_ENDS_H
    return "night" if is_today and is_late else "evening"


def _eats_first(said: Interpretation, starts_at: datetime) -> bool:
    """
    Tell whether the plan begins with a meal: one is asked for, at a time of its own, and nothing before.

    회식 6시반, "dinner with colleagues at 18:30"; not 6시부터 전시 보고 저녁.
    """
    if said.start_time is None:
        return False
    begins = starts_at.hour * 60 + starts_at.minute
    places = [one for one in said.categories if one.value != MEAL_PLACE]
    eaten = [*said.meals, *(one for one in said.categories if one.value == MEAL_PLACE)]
    return (
        bool(eaten)
        and any(meal.low <= begins <= meal.high for meal in DEFAULT_SENSE.meals)
        and _said_at(eaten) < _said_at(places)
    )


def _said_at(said: Sequence[Understood[str]]) -> float:
    """Return where in the sentence the first of these stands; at its end where none does."""
    return min((span.start for one in said for span in one.spans), default=math.inf)


def _party_size(question: Question, said: Interpretation) -> int | None:
    people: int | None = question.party_size or _value(said.party_size)
    if people is not None:
        bounds.check_party_size(people)
    return people


def _time_budget(
    question: Question, said: Interpretation, profile: Profile, start: Start
) -> _Chosen:
    minutes = (
        question.time_budget_min
        if question.time_budget_min is not None
        else _value(said.time_budget_min)
    )
    if minutes is not None:
        bounds.check_time_budget(minutes)
        return _Chosen(float(minutes))
    if said.end_time is not None:
        minutes = minutes_until(clock_time=said.end_time.value, start=start.at)
        bounds.check_time_budget(minutes)
        return _assumed("time_budget_min", minutes, "until")
    if profile.time_budget_min is not None:
        return _assumed("time_budget_min", float(profile.time_budget_min), "profile")
    return _assumed("time_budget_min", float(bounds.DEFAULT_TIME_BUDGET_MIN), "default")


def _in_currency(said: Interpretation, currency: str) -> Interpretation:
    """Return the budget in minor units of the place's currency; one in another is not understood."""
    if said.budget is None:
        return said
    if said.budget_currency in (None, currency):
        amount = minor_units(amount=said.budget.value, currency=currency)
        return replace(said, budget=replace(said.budget, value=amount))
    ignored = sorted((*said.ignored, *said.budget.spans), key=lambda span: span.start)
    return replace(said, budget=None, ignored=tuple(ignored))


def _budget(question: Question, said: Interpretation, profile: Profile, currency: str) -> _Chosen:
    amount = question.budget if question.budget is not None else _value(said.budget)
    if amount is not None:
        bounds.check_budget(amount)
        return _Chosen(int(amount))
    bands = bounds.BUDGET_BANDS.get(currency, {})
    for band, reason in (
        (question.budget_band, "band"),
        (_value(said.budget_band), "band"),
        (profile.budget_band, "profile"),
    ):
        if band is not None and band in bands:
            return _assumed("budget", bands[band], reason)
    return _assumed("budget", None, "default")


def _mode(question: Question, said: Interpretation, profile: Profile) -> _Chosen:
    if question.mode is not None:
        return _Chosen(question.mode)
    if said.mode is not None:
        return _Chosen(Mode(said.mode.value))
    if profile.mode is not None:
        return _assumed("mode", profile.mode, "profile")
    return _assumed("mode", Mode.WALK, "default")


def _start(start: Start) -> _Chosen:
    if start.reason is None:
        return _Chosen(start.at)
    return _assumed("start_at", start.at, start.reason)


def _overruled(question: Question, said: Interpretation) -> Iterator[Assumption]:
    """Yield what the sentence says and a parameter says otherwise."""
    for name in ("time_budget_min", "budget", "mode", "party_size"):
        given, understood = getattr(question, name), getattr(said, name)
        if given is not None and understood is not None and given != understood.value:
            yield Assumption(field=name, value=given, reason="parameter_wins")


def _meal_places(said: Interpretation, constraints: Constraints) -> Iterator[Assumption]:
    if _asks_to_eat(said) and MEAL_PLACE in constraints.categories:
        yield Assumption(field="categories", value=MEAL_PLACE, reason="meal")


def _assumed(field: str, value: Any, reason: str) -> _Chosen:
    return _Chosen(value, Assumption(field=field, value=value, reason=reason))


def _exclusions(exclude: Sequence[str]) -> tuple[tuple[UUID, ...], tuple[str, ...]]:
    """Part what is excluded into ids of places and categories."""
    places = tuple(UUID(value) for value in exclude if value not in CATEGORIES)
    return places, tuple(value for value in exclude if value in CATEGORIES)
