"""Loads a shipped gazetteer into the areas of a city."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import transaction

from places.models import WGS84, Area, City
from places.services.gazetteer_building import SHIPPED

_FIELDS: Final = (
    "name_ko",
    "name_en",
    "aliases",
    "kind",
    "centre",
    "radius_m",
    "outline",
    "source",
)


@dataclass(frozen=True, slots=True)
class LoadedGazetteer:
    """How many areas a load wrote, and how many that were no longer in the file it removed."""

    written: int
    removed: int


@dataclass(frozen=True)
class GazetteerLoading:
    """Makes the areas of a city those of a gazetteer file."""

    path: Path = SHIPPED

    @transaction.atomic
    def load(self, *, city: City) -> LoadedGazetteer:
        """
        Write the file's areas, keep the ids of those already there, and remove the others.

        Three queries and a batch for each 500 areas; loading twice changes nothing. Joins a
        transaction already open, so that a city is loaded whole or not at all.
        """
        areas = [self._area(city, row) for row in self._rows()]
        slugs = [area.slug for area in areas]
        removed, _ = Area.objects.filter(city=city).exclude(slug__in=slugs).delete()
        Area.objects.bulk_create(
            areas,
            update_conflicts=True,
            unique_fields=["city", "slug"],
            update_fields=_FIELDS,
            batch_size=500,
        )
        return LoadedGazetteer(written=len(areas), removed=removed)

    def _rows(self) -> list[dict[str, Any]]:
        with gzip.open(self.path, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def _area(self, city: City, row: Mapping[str, Any]) -> Area:
        return Area(
            city=city,
            slug=row["slug"],
            name_ko=row["name_ko"],
            name_en=row["name_en"],
            aliases=row["aliases"],
            kind=row["kind"],
            centre=Point(row["lon"], row["lat"], srid=WGS84),
            radius_m=row["radius_m"],
            outline=_outline(row["outline"]),
            source=row["source"],
        )


def _outline(polygons: list[Any] | None) -> MultiPolygon | None:
    if not polygons:
        return None
    return MultiPolygon([Polygon(*rings) for rings in polygons], srid=WGS84)
