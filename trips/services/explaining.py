"""Why a place is not on a trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from engine.explain.sentences import say
from engine.recommending import Engine
from engine.types import Card, CardKind, Fact, Mode, Plan, Stop
from places import selectors as places
from places.former_selectors import resolve_ids
from places.types import CandidateQuery, CandidateSet, CitySummary
from trips import selectors
from trips.models import Trip
from trips.services import routing
from trips.services.contexts import KeptQuestion, restore
from trips.types import Locale


@dataclass(frozen=True)
class Explanations:
    """Answers what a traveller wonders about a trip of theirs."""

    engine: Engine = field(default_factory=lambda: Engine(travel_times=routing.travel_times()))

    def why_not(
        self, *, trip_id: UUID, place_id: UUID, traveller_id: int, locale: Locale, now: datetime
    ) -> dict[str, Any]:
        """
        Return the rule that keeps a place out of a trip, or what outscored it, in words.

        The question is judged as it was asked, the places as they are known now. Nothing is stored.

        Raises:
            TripNotFound: the traveller has no such trip.
            PlaceNotFound: no active place has this id.
        """
        trip = selectors.get_trip(public_id=trip_id, traveller_id=traveller_id, now=now)
        place = places.get_place(public_id=place_id)
        place_id = place.public_id  # it may be another's by now
        cities = places.list_cities()
        (city,) = [city for city in cities if city.slug == trip.context["city"]]
        kept = restore(context=trip.context, city=city)
        if place.city_id != kept.city:
            fact, found = Fact("other_city"), None
        elif place_id in _left_out(kept):
            fact, found = Fact("left_out"), None
        else:
            found = _candidates(trip, kept, place_id, cities)
            fact = self._compare(trip, kept, found, place_id)
        return {
            "code": fact.code,
            "values": _plain(fact, found),
            "detail": say(fact=fact, locale=locale),
        }

    def _compare(self, trip: Trip, kept: KeptQuestion, found: CandidateSet, place_id: UUID) -> Fact:
        if not all(node.place.is_active for node in _nodes(trip)):
            return Fact("card_outdated")
        index = {place.public_id: at for at, place in enumerate(found.places)}
        visited = [node.place.public_id for node in _nodes(trip)]
        return self.engine.why_not(
            constraints=kept.constraints,
            candidates=tuple(place.candidate for place in found.places),
            card=_card(trip, [index[stop] for stop in visited]),
            candidate=index[place_id],
        )


def _left_out(kept: KeptQuestion) -> set[UUID]:
    """Return the places that the question left out, with what became of them."""
    became = resolve_ids(public_ids=kept.excluded_places)
    return {*kept.excluded_places, *became.values()}


def _candidates(
    trip: Trip, kept: KeptQuestion, place_id: UUID, cities: Sequence[CitySummary]
) -> CandidateSet:
    """Return the candidates of the question, the trip's stops and the place in any case."""
    visited = tuple(node.place.public_id for node in _nodes(trip))
    query = CandidateQuery(
        city=kept.city,
        constraints=kept.constraints,
        excluded_places=kept.excluded_places,
        included_places=(*visited, place_id),
    )
    return places.list_candidates(query=query, cities=cities).with_named(kept.named_place)


def _nodes(trip: Trip) -> list[Any]:
    return sorted(trip.nodes.all(), key=lambda node: node.sequence)


def _card(trip: Trip, visited: list[int]) -> Card:
    """Return the trip as a card; what its stops are made of does not matter here."""
    stops = []
    for node, candidate in zip(_nodes(trip), visited, strict=True):
        arrives = (node.arrives_at - trip.starts_at).total_seconds() / 60
        stops.append(
            Stop(
                candidate=candidate,
                arrives=arrives,
                leaves=arrives + node.planned_stay_min,
                travel_min=node.travel_min,
                travel_m=node.travel_m,
                travel_mode=Mode(node.transition_mode),
                travel_is_estimate=True,
                wait_min=0.0,
                score=0.0,
                score_parts={},
            )
        )
    plan = Plan(
        stops=tuple(stops),
        score=trip.scores["score"],
        node_weights={},
        penalties={},
        penalty_weights={},
    )
    return Card(kind=CardKind(trip.variant), plan=plan, alternatives=())


def _plain(fact: Fact, found: CandidateSet | None) -> dict[str, Any]:
    """Return the values of a fact for programs; a candidate is named by its id."""
    values = {name: value for name, value in fact.values.items() if not name.startswith("names_")}
    if found is not None and "by" in values:
        values["by"] = str(found.places[cast("int", values["by"])].public_id)
    return values
