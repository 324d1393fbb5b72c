"""
What is said of places beyond their records: tags, who says so, and what operators decide of it.

A tag that is accepted stands as a `PlaceTag`; one that is likely, and not likely enough, waits as a
`TagReview`. What a text tells of costs and stays is a `PlaceReading`. None holds the words of people.
"""

from __future__ import annotations

from django.contrib.gis.db import models
from django.db.models import F, Q

EVIDENCE_LENGTH = 200


class TagType(models.TextChoices):
    """What a tag speaks of; the values are those of `engine.tagging.types.TagKind`."""

    MOOD = "mood"
    CATEGORY = "category"
    TIME = "time"
    CONGESTION = "congestion"
    BUDGET = "budget"


class TagSource(models.TextChoices):
    """On whose word a place has a tag."""

    LEXICON = "lexicon"  # a stretch of its texts
    MODEL = "model"  # its texts as a whole
    PEOPLE = "people"  # several remarks of visitors
    BLOGS = "blogs"  # several blogs that name it
    IMAGE = "image"  # several pictures
    OPERATOR = "operator"


class Decision(models.TextChoices):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"  # was decided once; another review of the same tag follows it


# Of one place and tag so many reviews stand at a time; those that were taken back are history.
STANDING = (Decision.PENDING, Decision.ACCEPTED, Decision.REJECTED)


class ReadingSource(models.TextChoices):
    TEXT = "text"
    PEOPLE = "people"
    BLOGS = "blogs"
    IMAGE = "image"


def _is_share(field: str) -> Q:
    return Q(**{f"{field}__gt": 0, f"{field}__lte": 1})


class Tag(models.Model):
    """A word that places are told apart by. The loader writes them; an operator may retire one."""

    name = models.SlugField(max_length=32, unique=True)
    type = models.CharField(max_length=16, choices=TagType)
    name_ko = models.CharField(max_length=64)
    name_en = models.CharField(max_length=64)
    metadata = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(type__in=TagType.values), name="tag_type_is_known"),
            models.CheckConstraint(
                condition=~Q(name_ko="") & ~Q(name_en=""), name="tag_named_in_both_languages"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceTag(models.Model):
    """A tag that a place has, on somebody's word."""

    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, to_field="name", related_name="places")
    source = models.CharField(max_length=16, choices=TagSource)
    weight = models.FloatField(default=1.0)  # how much the place is about that
    confidence = models.FloatField()  # how likely it is right
    evidence = models.CharField(
        max_length=EVIDENCE_LENGTH
    )  # a stretch of a source's text, or a code: "#…"
    tagger = models.CharField(max_length=64, blank=True, default="")
    is_reviewed = models.BooleanField(default=False)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "tag", "source"], name="place_tag_once_a_source"
            ),
            models.CheckConstraint(
                condition=Q(source__in=TagSource.values), name="place_tag_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="place_tag_weight_within_unit"
            ),
            models.CheckConstraint(
                condition=_is_share("confidence"), name="place_tag_confidence_is_a_share"
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="place_tag_names_its_evidence"),
            models.CheckConstraint(
                condition=~Q(source=TagSource.OPERATOR) | Q(is_reviewed=True),
                name="place_tag_of_an_operator_is_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.tag_id} ({self.source})"


class TagReview(models.Model):
    """A guess that an operator is asked about, and what was decided of it, so that it is asked once."""

    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="tag_reviews")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, to_field="name", related_name="reviews")
    source = models.CharField(max_length=16, choices=TagSource)
    weight = models.FloatField(default=1.0)
    confidence = models.FloatField()
    evidence = models.CharField(max_length=EVIDENCE_LENGTH)
    tagger = models.CharField(max_length=64, blank=True, default="")
    guessed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(
        default=1
    )  # raised when the guess changes under a reader
    decision = models.CharField(max_length=16, choices=Decision, default=Decision.PENDING)
    decided_by = models.CharField(max_length=64, blank=True, default="")  # an operator's number
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "tag"],
                condition=Q(decision__in=STANDING),
                name="tag_review_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="tag_review_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=TagSource.values), name="tag_review_source_is_known"
            ),
            models.CheckConstraint(
                condition=_is_share("confidence"), name="tag_review_confidence_is_a_share"
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="tag_review_names_its_evidence"),
            models.CheckConstraint(
                condition=Q(decision=Decision.PENDING, decided_by="", decided_at__isnull=True)
                | ~Q(decision=Decision.PENDING) & ~Q(decided_by="") & Q(decided_at__isnull=False),
                name="tag_review_says_who_decided",
            ),
        ]
        indexes = [
            models.Index(
                F("confidence").desc(),
                "id",
                name="tag_review_queue",
                condition=Q(decision=Decision.PENDING),
            ),
            models.Index(
                fields=["decided_by", "-decided_at"],
                name="tag_review_by_operator",
                condition=~Q(decision=Decision.PENDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.tag_id}: {self.decision}"


class PlaceReading(models.Model):
    """
    What was read of a place last, by which tagger, and what that told of costs and stays.

    `checksum` tells whether there is anything new to read. A cost or stay is kept where it is sure
    enough to be used.
    """

    place = models.ForeignKey("places.Place", on_delete=models.CASCADE, related_name="readings")
    source = models.CharField(max_length=16, choices=ReadingSource)
    checksum = models.CharField(max_length=64)
    tagger = models.CharField(max_length=64)
    heard = models.PositiveIntegerField(default=1)  # texts, remarks or pictures
    cost_low = models.PositiveIntegerField(
        null=True, blank=True
    )  # minor units, the place's currency
    cost_high = models.PositiveIntegerField(null=True, blank=True)
    cost_confidence = models.FloatField(null=True, blank=True)
    cost_evidence = models.CharField(max_length=EVIDENCE_LENGTH, blank=True, default="")
    stay_min = models.PositiveIntegerField(null=True, blank=True)
    stay_confidence = models.FloatField(null=True, blank=True)
    stay_evidence = models.CharField(max_length=EVIDENCE_LENGTH, blank=True, default="")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "source"], name="place_reading_once_a_source"),
            models.CheckConstraint(
                condition=Q(source__in=ReadingSource.values), name="place_reading_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    cost_low__isnull=True, cost_high__isnull=True, cost_confidence__isnull=True
                )
                | Q(cost_low__isnull=False, cost_high__isnull=False, cost_confidence__isnull=False)
                & _is_share("cost_confidence")
                & Q(cost_low__lte=F("cost_high")),
                name="place_reading_cost_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(stay_min__isnull=True, stay_confidence__isnull=True)
                | Q(stay_min__isnull=False, stay_confidence__isnull=False)
                & _is_share("stay_confidence")
                & Q(stay_min__gte=1, stay_min__lte=720),
                name="place_reading_stay_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.source}"
