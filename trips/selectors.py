"""Reads of trips."""

from datetime import datetime

from trips.models import CachedAnswer


def find_cached_answer(*, context_hash: str, now: datetime) -> bytes | None:
    """Return the answer that `trip_cache` keeps for a context, if it is still fresh. One query."""
    found = (
        CachedAnswer.objects.filter(context_hash=context_hash, valid_until__gt=now)
        .values_list("payload", flat=True)
        .first()
    )
    return None if found is None else bytes(found)
