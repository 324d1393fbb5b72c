"""What is known of places, cities and areas, and from which source each fact came."""

from typing import Self

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Concat, Lower
from django.db.models.lookups import In
from pgvector.django import VectorField
from uuid_utils.compat import uuid7

from engine.catalogue import CATEGORIES
from places.brief_models import SIGHTS, PlaceBrief
from places.conditions.models import ExternalCondition
from places.former_models import FormerPlace
from places.ingestion_models import (
    CleanPlace,
    ContentSource,
    IngestionJob,
    JobKind,
    JobStatus,
    MergeDecision,
    RawRecord,
    SourceKind,
    Verdict,
)
from places.listing_models import PlaceListing
from places.naming_models import NameWord
from places.reports.models import FactConfidence, PlaceReport
from places.tagging_models import (
    Decision,
    PlaceReading,
    PlaceTag,
    ReadingSource,
    Tag,
    TagReview,
    TagSource,
    TagType,
)
from places.visits.models import (
    CongestionProfile,
    CountedVisit,
    KindCongestion,
    PlaceCongestionDaily,
    RefusedVisit,
)

__all__ = [
    "SIGHTS", "Area", "AreaKind", "City", "CleanPlace", "CongestionProfile", "ContentSource", "CostBand",
    "CountedVisit", "Decision", "ExternalCondition", "FactConfidence", "FactProvenance", "FormerPlace", "IngestionJob",
    "JobKind", "JobStatus", "KindCongestion", "MergeDecision", "NameWord", "Place", "PlaceBrief", "PlaceCongestionDaily", "PlaceListing",
    "PlaceQuerySet", "PlaceReading", "PlaceReport", "PlaceSource", "PlaceSyncLog", "PlaceTag", "RawRecord", "ReadingSource",
    "RefusedVisit", "SourceKind", "Tag", "TagReview", "TagSource", "TagType", "Verdict",
]  # fmt: skip

WGS84 = 4326
PLANAR = 3857  # metres × 1 / cos(latitude); docs/adr tells why
EMBEDDING_DIMENSIONS = 256


class FactProvenance(models.TextChoices):
    """Where a fact comes from; the values are those of `engine.types.Provenance`."""

    MEASURED = "measured"
    STATED = "stated"
    PRIOR = "prior"


class CostBand(models.TextChoices):
    FREE = "free"
    LOW = "low"
    MID = "mid"
    HIGH = "high"


class AreaKind(models.TextChoices):
    DISTRICT = "district"
    NEIGHBOURHOOD = "neighbourhood"
    STATION = "station"
    LANDMARK = "landmark"
    STREET = "street"
    AREA = "area"


def _within_unit(field: str) -> Q:
    return Q(**{f"{field}__gte": 0, f"{field}__lte": 1})


def _is_json(field: str, *kinds: str) -> In:
    kind = Func(F(field), function="jsonb_typeof", output_field=models.TextField())
    return In(kind, kinds)  # unknown, and so allowed, where the column is NULL


class City(models.Model):
    """A city whose places are loaded. `slug` is how everything else names it."""

    slug = models.SlugField(max_length=32, unique=True)
    name_ko = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    currency = models.CharField(max_length=3)  # ISO 4217
    time_zone = models.CharField(max_length=64)
    outline = models.MultiPolygonField(srid=WGS84)
    bounds = models.PolygonField(srid=WGS84)
    data_version = models.CharField(max_length=64, blank=True, default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "cities"
        constraints = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="city_currency_is_iso_4217"
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="city_country_is_iso_3166"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Area(models.Model):
    """A part of a city by the name people say: its centre, and a radius or an outline."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, to_field="slug", related_name="areas")
    slug = models.CharField(max_length=80)
    name_ko = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    kind = models.CharField(max_length=16, choices=AreaKind)
    centre = models.PointField(srid=WGS84)
    radius_m = models.PositiveIntegerField()
    outline = models.MultiPolygonField(srid=WGS84, null=True, blank=True)
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "slug"], name="area_slug_unique_in_its_city"),
            models.CheckConstraint(
                condition=Q(radius_m__gt=0, radius_m__lte=50_000), name="area_radius_within_bounds"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AreaKind.values), name="area_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name_ko


class PlaceQuerySet(models.QuerySet["Place"]):
    def active(self) -> Self:
        """Keep the places that may be shown and planned."""
        return self.filter(is_active=True)

    def of_city(self, slug: str) -> Self:
        """Keep the places of one city."""
        return self.filter(city_id=slug)


class Place(models.Model):
    """
    Somewhere a trip may stop.

    `location` is the point where a visitor arrives: of a big park an entrance, not the centroid.
    A fact that is usual for the category, and was read nowhere, has the provenance "prior".
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, to_field="slug", related_name="places")
    name = models.CharField(max_length=160)
    names = models.JSONField(default=dict)  # language → name; "ko" and "en" always stand
    has_romanised_name = models.BooleanField(default=False)  # names["en"] was spelled by us
    name_search = models.GeneratedField(
        expression=Lower(
            Concat(
                KeyTextTransform("ko", "names"),
                Value(" ", output_field=models.TextField()),
                KeyTextTransform("en", "names"),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    category = models.CharField(
        max_length=16, choices=[(name, row.ko) for name, row in CATEGORIES.items()]
    )
    source_class = models.CharField(max_length=48, blank=True, default="")
    chain = models.CharField(max_length=64, blank=True, default="")
    site = models.CharField(max_length=120, blank=True, default="")  # shared inside one site
    location = models.PointField(srid=WGS84, spatial_index=False)  # sought by `planar`
    planar = models.GeneratedField(
        expression=Transform("location", PLANAR),
        output_field=models.PointField(srid=PLANAR),
        db_persist=True,
    )
    address = models.CharField(max_length=240, blank=True, default="")
    district = models.CharField(max_length=64, blank=True, default="")
    time_zone = models.CharField(max_length=64)

    currency = models.CharField(max_length=3)
    cost_low = models.PositiveIntegerField()
    cost_high = models.PositiveIntegerField()
    cost_band = models.CharField(max_length=8, choices=CostBand)
    cost_provenance = models.CharField(max_length=8, choices=FactProvenance)
    stay_min = models.PositiveIntegerField()
    stay_provenance = models.CharField(max_length=8, choices=FactProvenance)

    hours = models.JSONField(null=True, blank=True)  # `places.opening.OpeningHours.to_json()`
    hours_provenance = models.CharField(
        max_length=8, choices=FactProvenance, default=FactProvenance.PRIOR
    )
    hours_source = models.CharField(max_length=48, blank=True, default="")
    hours_as_of = models.DateField(null=True, blank=True)
    hours_text = models.TextField(blank=True, default="")  # as read, understood or not

    mood_scores = models.JSONField(default=dict, blank=True)  # mood → {"confidence", "evidence"}
    congestion_score = models.FloatField(default=0.3)
    indoor = models.BooleanField(null=True, blank=True)
    pets_allowed = models.BooleanField(null=True, blank=True)
    wheelchair = models.BooleanField(null=True, blank=True)
    parking = models.BooleanField(null=True, blank=True)
    quality = models.FloatField(default=0.5)
    popularity = models.FloatField(default=0.5)
    freshness = models.FloatField(default=0.5)
    description = models.TextField(blank=True, default="")  # short facts in Korean, our own words
    embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, null=True, blank=True)
    encoder = models.CharField(  # who made `embedding`; vectors of two encoders are never compared
        max_length=64, blank=True, default="", db_default="", editable=False
    )

    facts = models.JSONField(default=dict, blank=True)  # fact → {"from", "provenance", "rule"?}
    as_of = models.DateField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    last_synced_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # no source knows it any more
    # Of an event: the local days on which it is there, both included; none for what is there always.
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    # Columns that an operator corrected: no sync changes them.
    edited_fields = ArrayField(
        models.CharField(max_length=32), default=list, db_default=[], blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["planar"], name="place_planar_gist"),
            # For the admin; places are chosen by their listings and briefs.
            GinIndex(fields=["name_search"], opclasses=["gin_trgm_ops"], name="place_name_trigram"),
            models.Index(
                fields=["valid_until"],
                name="place_event_ends",
                condition=Q(is_active=True, valid_until__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="place_has_a_name"),
            models.CheckConstraint(
                condition=Q(names__has_keys=["ko", "en"]), name="place_named_in_both_languages"
            ),
            models.CheckConstraint(
                condition=Q(category__in=list(CATEGORIES)), name="place_category_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cost_low__lte=F("cost_high")), name="place_cost_low_up_to_high"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="place_currency_is_iso_4217"
            ),
            models.CheckConstraint(
                condition=Q(cost_band__in=CostBand.values), name="place_cost_band_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stay_min__gt=0, stay_min__lte=720), name="place_stay_within_bounds"
            ),
            models.CheckConstraint(
                condition=Q(
                    cost_provenance__in=FactProvenance.values,
                    stay_provenance__in=FactProvenance.values,
                    hours_provenance__in=FactProvenance.values,
                ),
                name="place_provenance_is_known",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True, hours_provenance=FactProvenance.PRIOR)
                | Q(hours__isnull=False) & ~Q(hours_provenance=FactProvenance.PRIOR),
                name="place_hours_are_read_or_prior",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True, valid_until__isnull=True)
                | Q(valid_from__isnull=False, valid_until__gte=F("valid_from")),
                name="place_period_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_active=False),
                name="place_closed_is_not_active",
            ),
            *(
                models.CheckConstraint(
                    condition=_within_unit(field), name=f"place_{field}_within_unit"
                )
                for field in ("congestion_score", "quality", "popularity", "freshness")
            ),
            # A form checks an empty column as JSON's null, so that must pass too.
            models.CheckConstraint(
                condition=_is_json("hours", "object", "null"), name="place_hours_is_an_object"
            ),
            *(
                models.CheckConstraint(
                    condition=_is_json(field, "object"), name=f"place_{field}_is_an_object"
                )
                for field in ("names", "mood_scores", "facts")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceSource(models.Model):
    """One source's row about a place, as it was read."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="sources")
    source = models.ForeignKey(
        ContentSource, on_delete=models.PROTECT, to_field="slug", related_name="rows"
    )
    external_ref = models.CharField(max_length=120)
    source_class = models.CharField(max_length=48, blank=True, default="")
    payload = models.JSONField(default=dict)
    as_of = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_ref"], name="place_source_ref_unique_per_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_ref}"


class PlaceSyncLog(models.Model):
    """What one import changed in one place."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="sync_logs")
    source = models.CharField(max_length=48)
    diff = models.JSONField(default=dict)  # field → [before, after]
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "-at"], name="place_sync_log_by_place")]

    def __str__(self) -> str:
        return f"{self.place_id} at {self.at}"
