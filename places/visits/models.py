"""How full places were, day by day, and the profile that comes of it. Nothing here is of a person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact

from engine.catalogue import CATEGORIES
from places.visits.types import HOURS, DayClass

DAY_CLASSES = [one.value for one in DayClass]
WAIT_HIGH_MIN = 240


def _has_a_day(field: str) -> Exact:
    """Return the condition that an array has one entry for each hour."""
    length = Func(F(field), function="cardinality", output_field=models.IntegerField())
    return Exact(length, HOURS)


class PlaceCongestionDaily(models.Model):
    """How many visitors a place had on one local day, and in each hour of it."""

    place = models.ForeignKey(  # the index of the constraint begins with it
        "places.Place", on_delete=models.CASCADE, related_name="congestion_days", db_index=False
    )
    date = models.DateField()
    hour_profile = ArrayField(
        models.PositiveIntegerField()
    )  # who was there at some time of the hour
    visitors_count = models.PositiveIntegerField()  # who arrived
    stays_count = models.PositiveIntegerField(default=0)  # of whom it is known when they left
    stays_min = models.PositiveIntegerField(default=0)  # together
    is_complete = models.BooleanField(default=False)  # everybody who came was counted
    wait_time_estimate = models.PositiveSmallIntegerField(null=True, blank=True)  # minutes

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "date"], name="place_congestion_daily_one_a_day"
            ),
            models.CheckConstraint(
                condition=_has_a_day("hour_profile"), name="place_congestion_daily_has_its_hours"
            ),
            models.CheckConstraint(
                condition=Q(stays_count__lte=F("visitors_count")),
                name="place_congestion_daily_stays_are_visits",
            ),
            models.CheckConstraint(
                condition=Q(wait_time_estimate__isnull=True)
                | Q(wait_time_estimate__lte=WAIT_HIGH_MIN, is_complete=True),
                name="place_congestion_daily_wait_is_honest",
            ),
        ]
        indexes = [models.Index(fields=["date"], name="place_congestion_daily_date")]

    def __str__(self) -> str:
        return f"{self.place_id} on {self.date}"


class CountedVisit(models.Model):
    """That one visit was counted, by a keyed hash of what names it, so that it counts once."""

    key = models.CharField(max_length=64, primary_key=True)
    date = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["date"], name="counted_visit_date")]

    def __str__(self) -> str:
        return self.key


class RefusedVisit(models.Model):
    """A row of a file of visits that was not counted, and why; not what it said."""

    file = models.CharField(max_length=120)
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=48)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="refused_visit_one_a_line")
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class CongestionProfile(models.Model):
    """How much fuller than its kind a place is, by the hour of a class of days; where enough came."""

    place = models.ForeignKey(  # the index of the constraint begins with it
        "places.Place", on_delete=models.CASCADE, related_name="congestion", db_index=False
    )
    day_class = models.CharField(max_length=8, choices=[(one, one) for one in DAY_CLASSES])
    visits = models.PositiveIntegerField()
    factors = ArrayField(models.FloatField())  # 1: as full as its kind is then
    waits = ArrayField(
        models.PositiveSmallIntegerField(null=True)
    )  # minutes, where it can be known
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "day_class"], name="congestion_profile_one_a_class"
            ),
            models.CheckConstraint(
                condition=Q(day_class__in=DAY_CLASSES), name="congestion_profile_class_is_known"
            ),
            models.CheckConstraint(
                condition=Q(visits__gte=10), name="congestion_profile_of_ten_at_least"
            ),
            models.CheckConstraint(
                condition=_has_a_day("factors"), name="congestion_profile_has_its_hours"
            ),
            models.CheckConstraint(
                condition=_has_a_day("waits"), name="congestion_profile_waits_by_the_hour"
            ),
        ]
        indexes = [models.Index(fields=["-computed_at"], name="congestion_profile_newest")]

    def __str__(self) -> str:
        return f"{self.place_id} on a {self.day_class}"


class KindCongestion(models.Model):
    """When a kind of place is visited in a city, and how alike its places are."""

    city = models.ForeignKey(
        "places.City", on_delete=models.CASCADE, to_field="slug", related_name="+", db_index=False
    )
    category = models.CharField(max_length=16, choices=[(name, name) for name in CATEGORIES])
    day_class = models.CharField(max_length=8, choices=[(one, one) for one in DAY_CLASSES])
    places = models.PositiveIntegerField()
    visits = models.PositiveIntegerField()
    shares = ArrayField(models.FloatField())
    strength = models.FloatField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "category", "day_class"], name="kind_congestion_one_a_class"
            ),
            models.CheckConstraint(
                condition=_has_a_day("shares"), name="kind_congestion_has_its_hours"
            ),
            models.CheckConstraint(
                condition=Q(strength__gt=0), name="kind_congestion_has_a_strength"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} in {self.city_id} on a {self.day_class}"
