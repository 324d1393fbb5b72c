"""
What places are judged by before they become candidates, in rows narrow enough to read a thousand.

A place has nearly two kilobytes; of these a recommendation needs a tenth, of all the places around.
PostgreSQL's own `point` is ordered by distance on its index alone, where a geometry has to be fetched
and measured again. The database itself keeps a brief with its place (migration 0028), whoever writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from pgvector.django import HalfVectorField, HnswIndex

from engine.catalogue import CATEGORIES

DIMENSIONS: Final = 256
SIGHTS: Final = tuple(name for name, row in CATEGORIES.items() if not row.food and row.stop)


if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field


class PlanarPointField(Field):
    """PostgreSQL's `point`, in the metres of EPSG:3857. SQL alone reads and writes it."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "point"


class PlaceBrief(models.Model):
    """A place in brief. `packed` is what `places.near_rows.PACKED` says; `places_packed` makes it."""

    place_id = models.BigIntegerField(primary_key=True)
    spot = PlanarPointField()
    city = models.CharField(max_length=32)
    category = models.CharField(max_length=16)
    is_active = models.BooleanField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    moods = models.JSONField()  # mood → confidence
    encoder = models.CharField(max_length=64)
    vector = HalfVectorField(dimensions=DIMENSIONS, null=True)
    packed = models.BinaryField()
    has_doubted_hours = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            GistIndex(fields=["spot"], name="brief_spot", condition=Q(is_active=True)),
            # The nearest sights, and the nearest of one category, without passing over all the food.
            GistIndex(
                fields=["spot"],
                name="brief_sights_spot",
                condition=Q(is_active=True, category__in=SIGHTS),
            ),
            GistIndex(
                fields=["category", "spot"],
                name="brief_category_spot",
                condition=Q(is_active=True),
            ),
            # By what places mean; `places.services.vector_index` sets it aside and makes it anew.
            HnswIndex(
                fields=["vector"], opclasses=["halfvec_cosine_ops"], name="brief_vector_hnsw"
            ),
        ]

    def __str__(self) -> str:
        return str(self.place_id)
