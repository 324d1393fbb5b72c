"""Where the id of a place leads whose records came to make another one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class FormerPlace(models.Model):
    """
    A place that became a part of another one; what people did there stays its own.

    It comes back, under the same id, once the record that led it makes a place of its own again.
    """

    place = models.OneToOneField(
        "places.Place", on_delete=models.CASCADE, primary_key=True, related_name="former"
    )
    became = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="formers")
    # The record that led it.
    record_source = models.CharField(max_length=48)
    record_ref = models.CharField(max_length=120)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(place=F("became")), name="former_place_became_another"
            )
        ]
        indexes = [
            models.Index(fields=["record_source", "record_ref"], name="former_place_by_record")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} became {self.became_id}"
