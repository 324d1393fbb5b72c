"""What a source may know before it asks: its own rows of before, and the city's neighbourhoods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from places.models import Area, AreaKind, RawRecord


def recall(ref: str, /, *, source: str, city: str) -> Mapping[str, Any] | None:
    """Return what a source gave under `ref`; None where it gave nothing that is still there."""
    kept = RawRecord.objects.filter(
        source=source, city=city, external_ref=ref, gone_at__isnull=True
    )
    return kept.values_list("payload", flat=True).first()


def list_area_names(*, city: str) -> tuple[str, ...]:
    """Return the Korean names of a city's neighbourhoods, by name."""
    areas = Area.objects.filter(city_id=city, kind=AreaKind.NEIGHBOURHOOD)
    return tuple(areas.order_by("name_ko").values_list("name_ko", flat=True).distinct())
