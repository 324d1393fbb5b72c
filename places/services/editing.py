"""Stores what an operator corrects by hand, and writes down what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from places.models import Place, PlaceSyncLog

OPERATOR: Final = "operator"


@dataclass(frozen=True)
class PlaceEdits:
    """Saves corrections. An import leaves them alone until a source changes its own record."""

    @transaction.atomic
    def save(self, *, place: Place, changed: Sequence[str], now: datetime) -> None:
        """Save `place`, of which the fields `changed` were edited, and log the difference."""
        before = Place.objects.select_for_update().get(pk=place.pk)
        diff = {
            name: [_plain(getattr(before, name)), _plain(getattr(place, name))] for name in changed
        }
        place.save()
        PlaceSyncLog.objects.create(place=place, source=OPERATOR, diff=diff, at=now)


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.wkt if hasattr(value, "wkt") else value
