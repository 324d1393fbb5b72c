"""What the world outside is like, as services told it last."""

from typing import Self

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q


class ConditionKind(models.TextChoices):
    WEATHER = "weather"
    CROWDING = "crowding"
    TRAFFIC = "traffic"


class ExternalConditionQuerySet(models.QuerySet["ExternalCondition"]):
    def of_kind(self, kind: ConditionKind) -> Self:
        return self.filter(kind=kind)

    def ended_before(self, moment: object) -> Self:
        """Keep what tells of nothing after `moment` any more."""
        return self.filter(valid_to__lte=moment)


class ExternalCondition(models.Model):
    """The latest word of one source about one area; a newer one takes its place."""

    kind = models.CharField(max_length=16, choices=ConditionKind)
    source = models.CharField(max_length=64)
    key = models.CharField(max_length=80)  # names the area within its kind
    area = models.GeometryField(srid=4326)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    fetched_at = models.DateTimeField()
    payload = models.JSONField()

    objects = ExternalConditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="external_condition_one_a_key"),
            models.CheckConstraint(
                condition=Q(kind__in=ConditionKind.values), name="external_condition_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")),
                name="external_condition_ends_after_it_begins",
            ),
        ]
        indexes = [GistIndex(fields=["area"], name="external_condition_area_gist")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
