"""
Where places come from: sources, the jobs that ask them, and what is decided between their records.

The tables of schema `raw_ingestion` hold millions of rows that only COPY writes. They are made by
migrations in SQL, have no foreign keys, and are models here so that operators can look at them.
"""

from __future__ import annotations

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q

WGS84 = 4326


class SourceKind(models.TextChoices):
    OPEN_MAP = "open_map"
    PUBLIC_DATA = "public_data"
    OPEN_CATALOGUE = "open_catalogue"
    COMMERCIAL = "commercial"
    CRAWL = "crawl"
    FILE = "file"
    OPERATOR = "operator"


class JobStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(models.TextChoices):
    FETCH = "fetch"  # ask the source
    REPARSE = "reparse"  # clean anew what is kept of it
    MERGE = "merge"  # judge and compose anew what is clean


class Verdict(models.TextChoices):
    SAME = "same"
    DIFFERENT = "different"


class ContentSource(models.Model):
    """Whoever a fact was read from, under what terms it may be used, and how often it is asked."""

    slug = models.SlugField(max_length=48, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=SourceKind)
    licence = models.CharField(max_length=120)
    terms = models.TextField(blank=True, default="")
    attribution = models.CharField(max_length=240)
    may_ship = models.BooleanField(default=False)
    rate_per_s = models.FloatField(null=True, blank=True)  # requests
    # What an operator sets; an import leaves these as they are.
    is_active = models.BooleanField(default=True, db_default=True)
    every_min = models.PositiveIntegerField(null=True, blank=True)  # None: by hand alone
    cities = ArrayField(models.SlugField(max_length=32), default=list, db_default=[], blank=True)
    grace_syncs = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values), name="content_source_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(rate_per_s__isnull=True) | Q(rate_per_s__gt=0),
                name="content_source_rate_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(every_min__isnull=True) | Q(every_min__gte=5),
                name="content_source_interval_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(grace_syncs__gte=1, grace_syncs__lte=100),
                name="content_source_grace_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class IngestionJob(models.Model):
    """
    One run over one source and city: how far it came, what it found, and how it ended.

    Of one source and city only one runs at a time. `heartbeat_at` is the sign of life of whoever
    runs it: without one for a while another may take it over and goes on from `cursor`.
    """

    source = models.ForeignKey(
        ContentSource, on_delete=models.PROTECT, to_field="slug", related_name="jobs"
    )
    city = models.SlugField(max_length=32)
    kind = models.CharField(max_length=8, choices=JobKind, default=JobKind.FETCH)
    status = models.CharField(max_length=16, choices=JobStatus, default=JobStatus.QUEUED)
    window_start = models.DateTimeField(null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True)
    options = models.JSONField(default=dict, blank=True)  # folder, file, and the adapter's own
    cursor = models.JSONField(default=dict, blank=True)  # {"rows": n, "at": …, "stage": …}
    counts = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True, default="")
    attempt = models.PositiveSmallIntegerField(default=0)
    runner = models.UUIDField(null=True, blank=True, editable=False)  # who holds the lease
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source", "city", "-created_at"], name="ingestion_job_by_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "city"],
                condition=Q(status=JobStatus.RUNNING),
                name="ingestion_job_runs_alone",
            ),
            models.UniqueConstraint(
                fields=["source", "city", "kind", "window_start"],
                condition=Q(status=JobStatus.QUEUED),
                nulls_distinct=False,
                name="ingestion_job_queued_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=JobStatus.values), name="ingestion_job_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=JobKind.values), name="ingestion_job_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(window_start__isnull=True)
                | Q(window_end__isnull=True)
                | Q(window_end__gt=models.F("window_start")),
                name="ingestion_job_window_has_length",
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.RUNNING)
                | Q(heartbeat_at__isnull=False, runner__isnull=False),
                name="ingestion_job_running_has_a_runner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.city} {self.status}"


class MergeDecision(models.Model):
    """
    Whether two records are of one place: what was found, or what an operator says, which wins.

    The pair stands in order, so that there is one decision about it.
    """

    source_a = models.CharField(max_length=48)
    ref_a = models.CharField(max_length=120)
    source_b = models.CharField(max_length=48)
    ref_b = models.CharField(max_length=120)
    verdict = models.CharField(max_length=16, choices=Verdict)
    rule = models.CharField(max_length=48)  # "same name", …, "operator"
    scores = models.JSONField(default=dict, blank=True)  # what it was judged by
    decided_by = models.CharField(max_length=64, blank=True, default="")  # "" for the rules
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_a", "ref_a", "source_b", "ref_b"], name="merge_decision_once_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="merge_decision_verdict_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["source_b", "ref_b"], name="merge_decision_by_second"),
        ]

    def __str__(self) -> str:
        pair = f"{self.source_a}:{self.ref_a} {self.source_b}:{self.ref_b}"
        return f"{pair} {self.verdict} ({self.rule})"


class RawRecord(models.Model):
    """One record as its source gave it. It is kept when it is refused, and when it is gone."""

    id: int
    source = models.TextField()
    city = models.TextField()
    external_ref = models.TextField()
    payload = models.JSONField()
    sha256 = models.BinaryField()
    position = models.TextField()
    fetched_at = models.DateTimeField()
    parser_version = models.IntegerField()
    parsed_at = models.DateTimeField(null=True)
    refusal = models.TextField()
    refusal_text = models.TextField()
    is_expected = models.BooleanField()
    missing_syncs = models.IntegerField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = '"raw_ingestion"."records"'

    def __str__(self) -> str:
        return f"{self.source}:{self.external_ref}"


class CleanPlace(models.Model):
    """One record that was understood, and what became of it among the others."""

    raw_id = models.BigIntegerField(primary_key=True)
    source = models.TextField()
    city = models.TextField()
    ref = models.TextField()
    name = models.TextField()
    location = models.PointField(srid=WGS84)
    draft: models.JSONField[Any, Any] = models.JSONField()
    sha256 = models.BinaryField()
    keys = ArrayField(models.BigIntegerField())
    stem = models.TextField()
    as_of = models.DateField(null=True)
    is_gone = models.BooleanField()
    cleaned_at = models.DateTimeField()
    role = models.TextField()  # lead, merged, attached, refused; "" while it waits
    refusal = models.TextField()
    refusal_text = models.TextField()
    is_expected = models.BooleanField()
    hours = models.TextField()  # "" not said, "read", or why not understood

    class Meta:
        managed = False
        db_table = '"raw_ingestion"."clean_places"'

    def __str__(self) -> str:
        return f"{self.source}:{self.ref}"
