"""The engine's answer as the API shows it, and as the rows that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from engine.catalogue import CATEGORIES
from engine.explain.sentences import CardText, explain_card, say
from engine.types import Candidate, Card, Constraints, Plan, Point, Recommendation, Stop
from places.types import CandidateSet, PlaceCandidate
from trips.adapters.router import Line
from trips.services.drawing import Leg, encode
from trips.types import Locale

_TOLERANCE = 1e-6  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Presenter:
    """Puts one recommendation into words and JSON values."""

    recommendation: Recommendation
    constraints: Constraints
    found: CandidateSet
    locale: Locale

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(place.candidate for place in self.found.places)

    def ways(self) -> list[tuple[Leg, ...]]:
        """Return the legs of each card, the way to the end included."""
        return [self._legs(card.plan) for card in self.recommendation.cards]

    def cards(
        self, *, ids: Sequence[UUID], lines: Mapping[Leg, Line] | None = None
    ) -> list[dict[str, Any]]:
        """
        Return the cards as the API shows them; card i gets the id `ids[i]`.

        `lines` are those of legs along the streets; a leg without one is drawn straight.
        """
        candidates = self.candidates
        return [
            self._card(
                card,
                card_id,
                lines or {},
                explain_card(
                    recommendation=self.recommendation,
                    card_index=index,
                    constraints=self.constraints,
                    candidates=candidates,
                    locale=self.locale,
                ),
            )
            for index, (card, card_id) in enumerate(
                zip(self.recommendation.cards, ids, strict=True)
            )
        ]

    def rows(self, *, cards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows of the trips and their stops behind `cards`, for storing."""
        return [
            self._row(card, shown)
            for card, shown in zip(self.recommendation.cards, cards, strict=True)
        ]

    def why_fewer(self) -> dict[str, Any] | None:
        return self._fact("why_fewer")

    def relaxation(self) -> dict[str, Any] | None:
        return self._fact("relaxation")

    def _fact(self, name: str) -> dict[str, Any] | None:
        fact = getattr(self.recommendation, name)
        if fact is None:
            return None
        return {
            "code": fact.code,
            "values": dict(fact.values),
            "detail": say(fact=fact, locale=self.locale),
        }

    def _card(
        self, card: Card, card_id: UUID, lines: Mapping[Leg, Line], text: CardText
    ) -> dict[str, Any]:
        plan, stops = card.plan, card.plan.stops
        places = [self.found.places[stop.candidate] for stop in stops]
        ends = stops[-1].leaves + plan.end_travel_min
        legs = self._legs(plan)
        return {
            "id": str(card_id),
            "kind": card.kind.value,
            "title": text.title,
            "score": plan.score,
            "score_parts": _plan_parts(plan),
            "starts_at": self._moment(0.0),
            "ends_at": self._moment(ends),
            "duration_min": ends,
            "cost_low": sum(place.candidate.cost_low for place in places),
            "cost_high": sum(place.candidate.cost_high for place in places),
            "currency": self.constraints.currency,
            "distance_m": sum(stop.travel_m for stop in stops) + plan.end_travel_m,
            "mode": self.constraints.mode.value,
            "slack_min": self.constraints.time_budget_min - ends,
            "end_travel_min": plan.end_travel_min,
            "end_travel_m": plan.end_travel_m,
            "polyline": _join(legs, lines),
            "legs": [
                _show_leg(leg, lines.get(leg), minutes, metres)
                for leg, (minutes, metres) in zip(legs, _lengths(plan), strict=False)
            ],
            "proven_optimal": plan.proven_optimal,
            "nodes": [
                self._node(stop, place, plan, reasons, alternatives)
                for stop, place, reasons, alternatives in zip(
                    stops, places, text.stop_reasons, card.alternatives, strict=True
                )
            ],
            "explanation": list(text.explanation),
            "trade_offs": list(text.trade_offs),
            "warnings": list(text.warnings),
        }

    def _node(
        self,
        stop: Stop,
        place: PlaceCandidate,
        plan: Plan,
        reasons: Sequence[str],
        alternatives: Sequence[int],
    ) -> dict[str, Any]:
        candidate = place.candidate
        return {
            "place": self._place(place),
            "arrive": self._moment(stop.arrives),
            "leave": self._moment(stop.leaves),
            "stay_min": stop.leaves - stop.arrives,
            "travel_min": stop.travel_min,
            "travel_m": stop.travel_m,
            "wait_min": stop.wait_min,
            "cost_low": candidate.cost_low,
            "cost_high": candidate.cost_high,
            "cost_source": candidate.cost_provenance.value,
            "hours": {
                "status": _hours_status(candidate),
                "source": candidate.hours_source,
                "as_of": candidate.hours_as_of.isoformat() if candidate.hours_as_of else None,
                "doubted_on": _day(candidate.doubts.get("hours")),
            },
            "reported_closed_on": _day(candidate.doubts.get("existence")),
            "open_until": _closing(place, stop),
            "score": stop.score,
            "score_parts": {
                name: {"value": value, "weight": plan.node_weights[name]}
                for name, value in stop.score_parts.items()
            },
            "reasons": list(reasons),
            "alternatives": [self._place(self.found.places[index]) for index in alternatives],
        }

    def _place(self, place: PlaceCandidate) -> dict[str, Any]:
        candidate = place.candidate
        category = CATEGORIES[candidate.category]
        is_korean = self.locale == "ko"
        return {
            "id": str(place.public_id),
            "name": candidate.name_ko if is_korean else candidate.name_en,
            "names": {"ko": candidate.name_ko, "en": candidate.name_en},
            "category": candidate.category,
            "category_name": category.ko if is_korean else category.en,
            "location": {
                "lat": candidate.position.latitude,
                "lon": candidate.position.longitude,
            },
            "address": place.address,
            "moods": sorted(candidate.moods),
        }

    def _legs(self, plan: Plan) -> tuple[Leg, ...]:
        """Return the legs of a plan: one to each stop, then the one to the end, if there is one."""
        told = [(stop.travel_mode, stop.travel_is_estimate) for stop in plan.stops]
        points = [self.constraints.origin]
        points += [self.found.places[stop.candidate].candidate.position for stop in plan.stops]
        if self.constraints.destination is not None:
            told.append((plan.end_travel_mode, plan.end_travel_is_estimate))
            points.append(self.constraints.destination)
        return tuple(
            Leg(start=start, end=end, mode=mode, is_estimate=is_estimate)
            for (start, end), (mode, is_estimate) in zip(pairwise(points), told, strict=True)
        )

    def _moment(self, minutes: float) -> str:
        """Return a moment of the plan as RFC 3339, to the second, in the zone of the place."""
        return self._time(minutes).isoformat(timespec="seconds")

    def _time(self, minutes: float) -> datetime:
        # Reckoned in UTC: wall time jumps when clocks change.
        start = self.constraints.starts_at
        moment = start.astimezone(UTC) + timedelta(minutes=minutes)
        return moment.astimezone(start.tzinfo)

    def _row(self, card: Card, shown: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "public_id": shown["id"],
            "variant": card.kind.value,
            "title": shown["title"][:200],
            "starts_at": shown["starts_at"],
            "duration_min": round(shown["duration_min"]),
            "cost_low": shown["cost_low"],
            "cost_high": shown["cost_high"],
            "currency": shown["currency"],
            "mode": shown["mode"],
            "scores": {"score": shown["score"], "parts": shown["score_parts"]},
            "nodes": [
                {
                    "place_id": self.found.places[stop.candidate].pk,
                    "sequence": sequence,
                    "arrives_at": node["arrive"],
                    "planned_stay_min": round(node["stay_min"]),
                    "transition_mode": stop.travel_mode.value,
                    "travel_min": node["travel_min"],
                    "travel_m": node["travel_m"],
                    "cost_low": node["cost_low"],
                    "cost_high": node["cost_high"],
                    "reasons": node["reasons"],
                }
                for sequence, (stop, node) in enumerate(
                    zip(card.plan.stops, shown["nodes"], strict=True), start=1
                )
            ],
        }


def _lengths(plan: Plan) -> list[tuple[float, float]]:
    """Return the minutes and metres of each leg; the way to the end comes last, even of none."""
    stops = [(stop.travel_min, stop.travel_m) for stop in plan.stops]
    return [*stops, (plan.end_travel_min, plan.end_travel_m)]


def _show_leg(leg: Leg, line: Line | None, minutes: float, metres: float) -> dict[str, Any]:
    return {
        "mode": leg.mode.value,
        "travel_min": minutes,
        "travel_m": metres,
        "is_estimate": leg.is_estimate,
        "follows_streets": line is not None,
        "polyline": encode(line or (leg.start, leg.end)),
    }


def _join(legs: Sequence[Leg], lines: Mapping[Leg, Line]) -> str:
    """Return the whole way as one line; each leg begins where the one before it ends."""
    points: list[Point] = [legs[0].start]
    for leg in legs:
        points += lines.get(leg, (leg.start, leg.end))[1:]
    return encode(tuple(points))


def _hours_status(candidate: Candidate) -> str:
    if candidate.hours_known:
        return "known"
    return "doubted" if candidate.hours_source and "hours" in candidate.doubts else "assumed"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _closing(place: PlaceCandidate, stop: Stop) -> str | None:
    """Return when the window closes that the stop uses; None where it never does."""
    for window in place.candidate.windows:
        if window.opens <= stop.arrives + _TOLERANCE and stop.leaves <= window.closes + _TOLERANCE:
            closes = place.closes.get(window.closes)
            return None if closes is None else closes.isoformat(timespec="seconds")
    return None


def _plan_parts(plan: Plan) -> dict[str, Any]:
    """Return the terms of the card's score: Σ node scores − Σ value · weight of the penalties."""
    return {
        "nodes": sum(stop.score for stop in plan.stops),
        "penalties": {
            name: {
                "value": amount / plan.penalty_weights[name] if plan.penalty_weights[name] else 0.0,
                "weight": plan.penalty_weights[name],
            }
            for name, amount in plan.penalties.items()
        },
    }
