"""Builders of devices."""

from typing import Any

from django.utils import timezone
from uuid_utils.compat import uuid7

from notifications.models import Device
from tests.builders.users import make_user


def make_device(**fields: Any) -> Device:
    """Return a stored phone with a token of its own."""
    now = timezone.now()
    defaults: dict[str, Any] = {
        "platform": "android",
        "push_token": f"token-{uuid7()}",
        "locale": "ko",
        "created_at": now,
        "last_seen_at": now,
    }
    return Device.objects.create(
        user=fields.pop("user", None) or make_user(), **(defaults | fields)
    )
