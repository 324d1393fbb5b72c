"""Recommends trips: a question in, up to three feasible cards out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import DatabaseError
from uuid_utils.compat import uuid7

from engine.recommending import Engine
from engine.types import Candidate, Constraints
from places import selectors as places
from places.services.crowding import LiveCrowds
from places.types import CandidateQuery, CandidateSet, CitySummary
from trips.services import routing
from trips.services.caching import KEPT_FOR, AnswerCache, hash_context
from trips.services.contexts import describe
from trips.services.drawing import Lines
from trips.services.presenting import Presenter
from trips.services.storing import Suggestions
from trips.services.understanding import Understandings
from trips.types import Answer, Locale, Profile, Question, Understanding


@dataclass(frozen=True, slots=True)
class _Kept:
    """The part of a body that is kept, and whether somebody else's question made it."""

    payload: bytes
    is_cached: bool


@dataclass(frozen=True)
class Recommendations:
    """Answers questions for trips."""

    understandings: Understandings = field(default_factory=Understandings)
    engine: Engine = field(default_factory=lambda: Engine(travel_times=routing.travel_times()))
    lines: Lines = field(default_factory=routing.lines)
    cache: AnswerCache = field(default_factory=AnswerCache)
    suggestions: Suggestions = field(default_factory=Suggestions)
    crowds: LiveCrowds = field(default_factory=LiveCrowds)
    make_id: Callable[[], UUID] = uuid7
    elapsed_s: Callable[[], float] = time.perf_counter

    def recommend(
        self, *, question: Question, profile: Profile, now: datetime, locale: Locale
    ) -> Answer:
        """
        Return up to three cards for a question, the same ones for half a minute.

        What is recommended to a signed-in traveller is stored as suggested trips; an anonymous
        answer leaves nothing behind, and its ids mean nothing later.

        Raises:
            LocationMissing, AreaUnknown, AreaAmbiguous: it is not clear where.
            StartOutOfBounds, OutOfBounds: a value that was said lies outside its bounds.
        """
        began_s = self.elapsed_s()
        cities = places.list_cities()
        understanding = self.understandings.understand(
            question=question, profile=profile, cities=cities, now=now, locale=locale
        )
        context_hash = hash_context(
            understanding=understanding,
            profile=profile,
            locale=locale,
            data_version=",".join(
                [*(city.data_version for city in cities), self.crowds.version(now=now)]
            ),
            engine_version=self.engine.parameters.version,
        )
        payload = self.cache.find(context_hash=context_hash, now=now)
        is_cached = payload is not None
        if payload is None:
            own = self._answer(understanding, profile, cities, context_hash, now, locale)
            payload, is_cached = own.payload, own.is_cached
        own_part = {
            "interpretation": understanding.interpretation,
            "context_hash": context_hash,
            "cached": is_cached,
            "took_ms": round((self.elapsed_s() - began_s) * 1000, 1),
        }
        return Answer(text=_joined(orjson.dumps(own_part), payload), is_cached=is_cached)

    def _answer(
        self,
        understanding: Understanding,
        profile: Profile,
        cities: Sequence[CitySummary],
        context_hash: str,
        now: datetime,
        locale: Locale,
    ) -> _Kept:
        """Plan, keep and store an answer; one that was kept in the meantime takes its place."""
        constraints = understanding.constraints
        found = self._find_candidates(understanding, cities, now)
        recommendation = self.engine.recommend(
            constraints=constraints,
            candidates=tuple(place.candidate for place in found.places),
            dropped=found.dropped,
            look=self._looking(understanding, cities, now),
        )
        presenter = Presenter(
            recommendation=recommendation, constraints=constraints, found=found, locale=locale
        )
        cards = presenter.cards(
            ids=[self.make_id() for _ in recommendation.cards],
            lines=self.lines.draw(ways=presenter.ways()),
        )
        payload = orjson.dumps(
            {
                "cards": cards,
                "why_fewer": _why_fewer(presenter, understanding, locale),
                "relaxation": presenter.relaxation(),
            }
        )
        kept = self.cache.keep(context_hash=context_hash, payload=payload)
        if kept is payload and profile.traveller_id is not None:
            self._store(
                profile.traveller_id, understanding, context_hash, presenter, cards, payload, now
            )
        return _Kept(payload=kept, is_cached=kept is not payload)

    def _find_candidates(
        self, understanding: Understanding, cities: Sequence[CitySummary], now: datetime
    ) -> CandidateSet:
        """Return the candidates, the landmark that the question names marked among them."""
        named, constraints = understanding.named_place, understanding.constraints
        found = places.list_candidates(
            query=CandidateQuery(
                city=understanding.city,
                constraints=constraints,
                excluded_places=understanding.excluded_places,
                included_places=() if named is None else (named,),
            ),
            cities=cities,
        )
        marked = found.with_named(named)
        return self.crowds.around(found=marked, starts_at=constraints.starts_at, now=now)

    def _looking(
        self, understanding: Understanding, cities: Sequence[CitySummary], now: datetime
    ) -> Callable[[Constraints], Sequence[Candidate]]:
        """Return what finds the candidates of the same question with other constraints."""

        def look(relaxed: Constraints) -> Sequence[Candidate]:
            found = self._find_candidates(replace(understanding, constraints=relaxed), cities, now)
            return tuple(place.candidate for place in found.places)

        return look

    def _store(
        self,
        traveller_id: int,
        understanding: Understanding,
        context_hash: str,
        presenter: Presenter,
        cards: Sequence[Mapping[str, Any]],
        payload: bytes,
        now: datetime,
    ) -> None:
        try:
            self.suggestions.store(
                traveller_id=traveller_id,
                context=describe(understanding),
                context_hash=context_hash,
                cards=presenter.rows(cards=cards),
                payload=payload,
                now=now,
                valid_until=now + KEPT_FOR,
            )
        except DatabaseError:
            self.cache.forget(context_hashes=[context_hash])
            raise


def _joined(first: bytes, second: bytes) -> bytes:
    """Return two JSON objects that are not empty as one; the kept part is not read for it."""
    return first[:-1] + b"," + second[1:]


def _why_fewer(
    presenter: Presenter, understanding: Understanding, locale: Locale
) -> dict[str, Any] | None:
    """Say why there are fewer than three cards; with none, name the nearest area that has places."""
    why = presenter.why_fewer()
    if why is None or presenter.recommendation.cards:
        return why
    constraints = understanding.constraints
    nearest = places.find_area_with_places(
        city=understanding.city, position=constraints.origin, mode=constraints.mode
    )
    if nearest is None:
        return {**why, "nearest_area": None}
    return {
        **why,
        "nearest_area": {
            "id": nearest.slug,
            "name": nearest.name_ko if locale == "ko" else nearest.name_en,
            "centre": {"lat": nearest.centre.latitude, "lon": nearest.centre.longitude},
            "distance_m": nearest.distance_m,
        },
    }
