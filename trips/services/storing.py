"""Keeps the cards of an answer as suggested trips, and sweeps those that nobody saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from common.acting import acting_as_system
from trips.models import CachedAnswer, Trip

# One message, so one round trip and one transaction: the trips, their stops and the cached answer stand
# or fall together. The stops come after the trips: row security asks whose trip each belongs to. Each
# stop looks its trip up by the index; a join, of which the planner expects hundreds of rows, read the
# whole table. `place_id` is of our database.
_STORE = """
INSERT INTO trips_trip (
    public_id, traveller_id, context, context_hash, variant, title, starts_at, duration_min,
    cost_low, cost_high, currency, mode, scores, status, created_at, updated_at)
SELECT public_id, %(traveller_id)s, %(context)s::jsonb, %(context_hash)s, variant, title,
    starts_at, duration_min, cost_low, cost_high, currency, mode, scores, 'suggested',
    %(now)s, %(now)s
FROM jsonb_to_recordset(%(trips)s::jsonb) AS trip(
    public_id uuid, variant text, title text, starts_at timestamptz, duration_min int,
    cost_low int, cost_high int, currency text, mode text, scores jsonb);

INSERT INTO trips_tripnode (
    trip_id, place_id, sequence, arrives_at, planned_stay_min, transition_mode, travel_min,
    travel_m, cost_low, cost_high, reasons, notes, is_locked)
SELECT (SELECT id FROM trips_trip WHERE public_id = stop.trip), stop.place_id, stop.sequence,
    stop.arrives_at, stop.planned_stay_min, stop.transition_mode, stop.travel_min, stop.travel_m,
    stop.cost_low, stop.cost_high, stop.reasons, '', false
FROM jsonb_to_recordset(%(stops)s::jsonb) AS stop(
    trip uuid, place_id bigint, sequence int, arrives_at timestamptz, planned_stay_min int,
    transition_mode text, travel_min float8, travel_m float8, cost_low int, cost_high int, reasons jsonb);

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
        Store the cards, each with its `nodes`, as suggested trips and the answer in `trip_cache`.

        One message is a transaction by itself: BEGIN and COMMIT would be two more round trips.
        """
        stops = [{"trip": card["public_id"], **stop} for card in cards for stop in card["nodes"]]
        with connection.cursor() as cursor:
            cursor.execute(
                _STORE,
                {
                    "trips": _dump([{**card, "nodes": None} for card in cards]),
                    "stops": _dump(stops),
                    "traveller_id": traveller_id,
                    "context": _dump(context),
                    "context_hash": context_hash,
                    "payload": payload,
                    "now": now,
                    "valid_until": valid_until,
                },
            )

    @acting_as_system()
    @transaction.atomic(durable=True)
    def sweep(self, *, now: datetime) -> int:
        """
        Delete the suggestions of more than a day ago that nobody saved, and stale cached answers.

        Returns the number of suggestions.
        """
        CachedAnswer.objects.filter(valid_until__lte=now).delete()
        _, deleted = Trip.objects.outdated(now=now).delete()
        return deleted.get(Trip._meta.label, 0)


def _dump(value: object) -> str:
    return orjson.dumps(value, default=str).decode()
