"""Reads of tags: the queue of reviews, and what a place has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, QuerySet

from places.models import Decision, PlaceTag, TagReview, TagSource

if TYPE_CHECKING:
    from places.models import Tag

SURE_FROM: Final = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which reviews an operator works through; what is not said does not matter."""

    tag: str = ""
    city: str = ""
    confidence_low: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The place in the queue of a review that was skipped."""

    confidence: float
    review_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTag:
    """A tag of a place, on the surest of the words that it rests on."""

    tag: Tag
    confidence: float
    source: str

    @property
    def is_guess(self) -> bool:
        """Tell whether no person looked at it."""
        return self.source != TagSource.OPERATOR

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE_FROM


def list_queue(*, which: QueueFilter) -> QuerySet[TagReview]:
    """Return the reviews that wait, of places that are there, the surest first."""
    queue = TagReview.objects.filter(
        decision=Decision.PENDING, place__is_active=True, confidence__gte=which.confidence_low
    )
    if which.tag:
        queue = queue.filter(tag_id=which.tag)
    if which.city:
        queue = queue.filter(place__city_id=which.city)
    return queue.order_by("-confidence", "pk")


def find_next_review(
    *, which: QueueFilter, behind: Behind | None = None, at: int | None = None
) -> TagReview | None:
    """
    Return the next review with its place and tag; behind the last one the queue begins again.

    The review `at` comes first while it waits, whatever is filtered.
    """
    queue = list_queue(which=which).select_related("place", "tag").defer("place__embedding")
    if at is not None:
        waiting = list_queue(which=QueueFilter()).select_related("place", "tag")
        found = waiting.defer("place__embedding").filter(pk=at).first()
        if found is not None:
            return found
    if behind is not None:
        rest = queue.filter(
            Q(confidence__lt=behind.confidence)
            | Q(confidence=behind.confidence, pk__gt=behind.review_id)
        )
        found = rest.first()
        if found is not None:
            return found
    return queue.first()


def find_asked_again(*, review: TagReview | None) -> TagReview | None:
    """Return the review that took the place of one that was taken back."""
    if review is None:
        return None
    waiting = TagReview.objects.filter(decision=Decision.PENDING)
    return waiting.filter(place_id=review.place_id, tag_id=review.tag_id).first()


def find_last_decided(*, operator: str) -> TagReview | None:
    """Return what an operator decided last and has not taken back."""
    decided = TagReview.objects.filter(
        decided_by=operator, decision__in=(Decision.ACCEPTED, Decision.REJECTED)
    )
    return (
        decided.select_related("place", "tag")
        .defer("place__embedding")
        .order_by("-decided_at", "-pk")
        .first()
    )


def list_held_tags(*, place_id: int) -> Sequence[HeldTag]:
    """Return the tags of a place, each once, the surest first. One query."""
    rows = PlaceTag.objects.filter(place_id=place_id, tag__is_active=True).select_related("tag")
    held: dict[str, HeldTag] = {}
    for row in rows.order_by("-confidence", "tag_id", "source"):
        said = HeldTag(tag=row.tag, confidence=row.confidence, source=row.source)
        held.setdefault(row.tag_id, said)
    return list(held.values())


def count_by_tag() -> Mapping[str, int]:
    """Return tag → how many reviews of it wait. One query."""
    names = list_queue(which=QueueFilter()).order_by().values_list("tag__name")
    return dict(names.annotate(count=Count("pk")).order_by("tag__name"))
