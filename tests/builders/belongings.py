"""Builders of rows of one person, one for each kind that is kept of people, by the label of its model."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.utils import timezone
from uuid_utils.compat import uuid7

from analytics.models import AuditEntry
from analytics.services.auditing import Auditing
from notifications.models import ChannelPreference, Recipient
from tests.builders.devices import make_device
from tests.builders.places import make_place
from tests.builders.reports import make_report
from tests.builders.users import make_session
from trips.models import Trip, TripNode
from users.models import DataExport, Identity, Leaving, MailedToken, MailPurpose, User
from users.statements import QuizAnswer, TasteChange, UserConsent


def make_trip(*, traveller: User, **fields: Any) -> Trip:
    """Return a stored suggestion without stops."""
    defaults: dict[str, Any] = {
        "context": {},
        "context_hash": "c" * 64,
        "variant": "best_match",
        "title": "카페 하나",
        "starts_at": timezone.now(),
        "duration_min": 55,
        "cost_low": 0,
        "cost_high": 0,
        "currency": "KRW",
        "mode": "walk",
        "scores": {},
    }
    return Trip.objects.create(traveller=traveller, **(defaults | fields))


def make_stop(*, trip: Trip, **fields: Any) -> TripNode:
    """Return a stored stop, at a place of its own."""
    defaults: dict[str, Any] = {
        "sequence": 1,
        "arrives_at": trip.starts_at,
        "planned_stay_min": 50,
        "transition_mode": "walk",
        "travel_min": 5.0,
        "travel_m": 350.0,
        "cost_low": 0,
        "cost_high": 0,
    }
    place = fields.pop("place", None) or make_place()
    return TripNode.objects.create(trip=trip, place=place, **(defaults | fields))


def _answer(user: User, now: datetime) -> Model:
    return QuizAnswer.objects.create(
        user=user, quiz_version="1", question="pace", choice="slow", answered_at=now
    )


def _consent(user: User, now: datetime) -> Model:
    return UserConsent.objects.create(
        user=user, kind="push", is_granted=True, text_version="1", given_at=now
    )


def _preference(user: User, _now: datetime) -> Model:
    return ChannelPreference.objects.create(user=user, kind="trip", channel="push", is_on=False)


def _audit_entry(user: User, now: datetime) -> Model:
    Auditing().record(actor=user, action="user.banned", target=user, at=now)
    return AuditEntry.objects.latest("pk")


def _logged(user: User, _now: datetime) -> Model:
    return LogEntry.objects.create(user=user, action_flag=CHANGE, change_message="[]")


def _mailed_token(user: User, now: datetime) -> Model:
    return MailedToken.objects.create(
        user=user,
        purpose=MailPurpose.CONFIRM_EMAIL,
        effect_id=uuid7(),
        token_hash=uuid7().hex,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )


def _identity(user: User, now: datetime) -> Model:
    return Identity.objects.create(
        user=user, provider="google", subject=str(uuid7()), created_at=now, last_used_at=now
    )


def _role(user: User, _now: datetime) -> Model:
    group, _ = Group.objects.get_or_create(name="analyst")
    return User.groups.through.objects.create(user=user, group=group)


def _permission(user: User, _now: datetime) -> Model:
    permission = Permission.objects.earliest("pk")
    return User.user_permissions.through.objects.create(user=user, permission=permission)


BELONGINGS: Mapping[str, Callable[[User, datetime], Model]] = {
    "admin.LogEntry": _logged,
    "analytics.AuditEntry": _audit_entry,
    "notifications.ChannelPreference": _preference,
    "notifications.Device": lambda user, now: make_device(user=user),
    "notifications.Recipient": lambda user, now: Recipient.objects.create(
        user=user, updated_at=now
    ),
    "places.PlaceReport": lambda user, now: make_report(user=user, now=now),
    "trips.Trip": lambda user, now: make_trip(traveller=user),
    "trips.TripNode": lambda user, now: make_stop(trip=make_trip(traveller=user)),
    "users.DataExport": lambda user, now: DataExport.objects.create(user=user, requested_at=now),
    "users.Identity": _identity,
    "users.Leaving": lambda user, now: Leaving.objects.create(user=user, left_at=now),
    "users.MailedToken": _mailed_token,
    "users.QuizAnswer": _answer,
    "users.TasteChange": lambda user, now: TasteChange.objects.create(
        user=user, before={}, changed_at=now
    ),
    "users.TokenFamily": lambda user, now: make_session(user=user, now=now),
    "users.UserConsent": _consent,
    "users.User": lambda user, now: user,
    "users.User_groups": _role,
    "users.User_user_permissions": _permission,
}


def make_belonging(*, name: str, user: User) -> Model:
    """Return a stored row of a user, of the model with this label."""
    make = BELONGINGS.get(name)
    assert make is not None, f"{name}: enter in BELONGINGS how one is made"
    return make(user, timezone.now())
