"""Asks the recommendations endpoint as a client does."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from rest_framework.test import APIClient

URL = "/api/v1/trips/recommendations"
SENTENCE = "홍대에서 3시간, 2만원, 조용한 카페"


def next_saturday(hour: int) -> str:
    """Return a Saturday within the bounds of a start, whatever today is."""
    now = timezone.now().astimezone(ZoneInfo("Asia/Seoul"))
    day = now + timedelta(days=(5 - now.weekday()) % 7 or 7)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0).isoformat()


def ask(client: APIClient, **parameters: Any) -> Any:
    return client.get(URL, {"start_at": next_saturday(13), **parameters})
