"""
Lets what operators decided of the tags of places hold for the one that these became.

Else a later guess would win over it. What is passed on is a copy: the former place keeps its own, and
when it comes back the copy goes. A decision about the place that stands is the stronger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import QuerySet
from django.forms.models import model_to_dict

from places.models import Decision, Place, PlaceTag, TagReview, TagSource
from places.services.succeeding import Passed
from places.services.tagging.applying import TagEffects

_DECIDED: Final = (Decision.ACCEPTED, Decision.REJECTED)
_OF_ITSELF: Final = ["id", "place", "tag"]

Row = TypeVar("Row", TagReview, PlaceTag)


@dataclass(frozen=True)
class DecisionsFollow:
    """Passes decisions on to the place that another became, and takes them off it again."""

    effects: TagEffects = field(default_factory=TagEffects)

    def follow(
        self, *, passed: Sequence[Passed], returned: Sequence[Passed], now: datetime
    ) -> None:
        """Pass on what was decided; the places are locked by the caller, whose transaction it is."""
        changed = {one.goes for one in returned if _take_off(one)}
        changed |= {one.goes for one in passed if _pass_on(one)}
        places = Place.objects.filter(pk__in=changed).order_by("pk").defer("embedding")
        self.effects.apply(places=list(places), now=now)


def _decided(place_id: int) -> QuerySet[TagReview]:
    rows = TagReview.objects.filter(place_id=place_id, decision__in=_DECIDED)
    return rows.order_by("pk")


def _pass_on(one: Passed) -> bool:
    """Copy the decisions that nobody made about the place that stands; tell whether there are any."""
    own = {review.tag_id for review in _decided(one.goes)}
    inherited = [review for review in _decided(one.was) if review.tag_id not in own]
    tags = [review.tag_id for review in inherited]
    TagReview.objects.filter(place_id=one.goes, tag_id__in=tags, decision=Decision.PENDING).delete()
    refused = [review.tag_id for review in inherited if review.decision == Decision.REJECTED]
    PlaceTag.objects.filter(place_id=one.goes, tag_id__in=refused).delete()
    TagReview.objects.bulk_create(_copy(review, one.goes) for review in inherited)
    said = PlaceTag.objects.filter(
        place_id=one.was, tag_id__in=tags, source=TagSource.OPERATOR
    ).order_by("pk")
    PlaceTag.objects.bulk_create(_copy(tag, one.goes) for tag in said)
    return bool(tags)


def _take_off(one: Passed) -> bool:
    """Delete the copies of what was decided of the place that came back; tell whether there were any."""
    gone = False
    for review in _decided(one.was):
        copies = _decided(one.goes).filter(
            tag_id=review.tag_id, decided_by=review.decided_by, decided_at=review.decided_at
        )
        if copies.delete()[0]:
            gone = True
            PlaceTag.objects.filter(
                place_id=one.goes, tag_id=review.tag_id, source=TagSource.OPERATOR
            ).delete()
    return gone


def _copy(row: Row, place_id: int) -> Row:
    """Return what a row says, of another place."""
    said = model_to_dict(row, exclude=_OF_ITSELF)
    return type(row)(place_id=place_id, tag_id=row.tag_id, **said)
