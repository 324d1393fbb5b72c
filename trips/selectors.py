"""Reads of trips."""

from datetime import datetime
from uuid import UUID

from common.errors import DomainError, Kind
from common.languages import Bilingual
from trips.models import CachedAnswer, Trip


class TripNotFound(DomainError):
    """No trip of this traveller has this id."""

    kind = Kind.NOT_FOUND
    code = "trips/trip-not-found"
    detail = Bilingual(ko="그런 코스가 없어요.", en="There is no such trip.")


def get_trip(*, public_id: UUID, traveller_id: int, now: datetime) -> Trip:
    """
    Return a trip of the traveller with its stops in order. Two queries.

    Raises:
        TripNotFound: there is none; somebody else's is none, nor is a suggestion of yesterday.
    """
    trips = Trip.objects.visible_to(traveller_id, now=now).prefetch_related("nodes__place")
    trip = trips.filter(public_id=public_id).first()
    if trip is None:
        raise TripNotFound(f"No trip {public_id} of traveller {traveller_id}.")
    return trip


def find_cached_answer(*, context_hash: str, now: datetime) -> bytes | None:
    """Return the answer that `trip_cache` keeps for a context, if it is still fresh. One query."""
    found = (
        CachedAnswer.objects.filter(context_hash=context_hash, valid_until__gt=now)
        .values_list("payload", flat=True)
        .first()
    )
    return None if found is None else bytes(found)
