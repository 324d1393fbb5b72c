"""Keeps the cards of an answer as suggested trips, and sweeps those that nobody saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from trips.models import CachedAnswer, Trip

# One statement, so one round trip: the trips, their stops and the cached answer stand or fall
# together. `cards` is an array of trips, each with its `nodes`; `places` are database ids.
_STORE = """
WITH cards AS (
    SELECT * FROM jsonb_to_recordset(%(cards)s::jsonb) AS card(
        public_id uuid, variant text, title text, starts_at timestamptz, duration_min int,
        cost_low int, cost_high int, currency text, mode text, scores jsonb, nodes jsonb)
), trips AS (
    INSERT INTO trips_trip (
        public_id, traveller_id, context, context_hash, variant, title, starts_at, duration_min,
        cost_low, cost_high, currency, mode, scores, status, created_at, updated_at)
    SELECT public_id, %(traveller_id)s, %(context)s::jsonb, %(context_hash)s, variant, title,
        starts_at, duration_min, cost_low, cost_high, currency, mode, scores, 'suggested',
        %(now)s, %(now)s
    FROM cards
    RETURNING id, public_id
), nodes AS (
    INSERT INTO trips_tripnode (
        trip_id, place_id, sequence, arrives_at, planned_stay_min, transition_mode, travel_min,
        travel_m, cost_low, cost_high, reasons, notes, is_locked)
    SELECT trips.id, node.place_id, node.sequence, node.arrives_at, node.planned_stay_min,
        node.transition_mode, node.travel_min, node.travel_m, node.cost_low, node.cost_high, node.reasons,
        '', false
    FROM trips
    JOIN cards USING (public_id)
    CROSS JOIN LATERAL jsonb_to_recordset(cards.nodes) AS node(
        place_id bigint, sequence int, arrives_at timestamptz, planned_stay_min int,
        transition_mode text, travel_min float8, travel_m float8, cost_low int, cost_high int, reasons jsonb)
)
INSERT INTO trips_trip_cache (context_hash, payload, valid_until)
VALUES (%(context_hash)s, %(payload)s, %(valid_until)s)
ON CONFLICT (context_hash) DO UPDATE
    SET payload = EXCLUDED.payload, valid_until = EXCLUDED.valid_until
"""


@dataclass(frozen=True)
class Suggestions:
    """Stores what was recommended to a signed-in traveller."""

    def store(
        self,
        *,
        traveller_id: int,
        context: Mapping[str, Any],
        context_hash: str,
        cards: Sequence[Mapping[str, Any]],
        payload: bytes,
        now: datetime,
        valid_until: datetime,
    ) -> None:
        """
        Store the cards as suggested trips and the answer in `trip_cache`, in one statement.

        One statement is a transaction by itself: BEGIN and COMMIT would be two more round trips.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                _STORE,
                {
                    "cards": orjson.dumps(list(cards), default=str).decode(),
                    "traveller_id": traveller_id,
                    "context": orjson.dumps(context, default=str).decode(),
                    "context_hash": context_hash,
                    "payload": payload,
                    "now": now,
                    "valid_until": valid_until,
                },
            )

    @transaction.atomic(durable=True)
    def sweep(self, *, now: datetime) -> int:
        """
        Delete the suggestions of more than a day ago that nobody saved, and stale cached answers.

        Returns the number of suggestions.
        """
        CachedAnswer.objects.filter(valid_until__lte=now).delete()
        _, deleted = Trip.objects.outdated(now=now).delete()
        return deleted.get(Trip._meta.label, 0)
