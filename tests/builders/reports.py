"""Makes reports of places with every default filled in."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from places.models import FactConfidence, Place, PlaceReport
from tests.builders.places import make_place
from tests.builders.users import make_user
from users.models import User


def make_reporter(*, now: datetime | None = None, **fields: Any) -> User:
    """Return a settled account: a year old, its address confirmed."""
    since = (now or timezone.now()) - timedelta(days=365)
    user = make_user(email_confirmed_at=since, **fields)
    User.objects.filter(pk=user.pk).update(created_at=since)
    return user


def make_report(
    *, user: User, place: Place | None = None, now: datetime | None = None, **fields: Any
) -> PlaceReport:
    """Return a stored report of wrong hours; no belief is judged by it."""
    at = now or timezone.now()
    defaults: dict[str, Any] = {
        "kind": "wrong_hours",
        "seen_at": at,
        "weight": 0.5,
        "reported_at": at,
        "said_at": at,
    }
    return PlaceReport.objects.create(user=user, place=place or make_place(), **(defaults | fields))


def make_doubt(
    *, place: Place, fact: str = "hours", now: datetime | None = None, **fields: Any
) -> FactConfidence:
    """Return that visitors doubt a fact of a place, whoever they were."""
    at = now or timezone.now()
    defaults: dict[str, Any] = {
        "confidence": 0.6,
        "reporters": 2,
        "is_doubted": True,
        "last_seen_at": at,
        "judged_at": at,
    }
    return FactConfidence.objects.create(place=place, fact=fact, **(defaults | fields))
