"""
Operators' word on tags: guesses that wait are accepted or refused, and decisions taken back.

Whoever decides holds the place, as every tagging does, so that of two who decide the same one the second is told. No
later guess changes what was decided; each decision is in the audit log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from analytics.services.auditing import Auditing
from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.tagging.thresholds import ACCEPT_AT
from places.models import Decision, Place, PlaceTag, TagReview, TagSource, TagType
from places.services.tagging.applying import TagEffects
from places.tagging_models import STANDING

if TYPE_CHECKING:
    from users.models import User

OPERATOR_CONFIDENCE: Final = 0.95
BY_OPERATOR: Final = "#operator"


class ReviewNotFound(DomainError):
    """The guess no longer holds, so that nobody is asked about it."""

    kind = Kind.NOT_FOUND
    code = "places/tag-review-not-found"
    detail = Bilingual(
        ko="더는 묻지 않는 태그예요. 그 사이 근거가 사라졌어요.",
        en="Nobody is asked about this tag any more: what spoke for it is gone.",
    )


class ReviewDecided(DomainError):
    """Somebody has decided it meanwhile."""

    kind = Kind.CONFLICT
    code = "places/tag-review-decided"
    detail = Bilingual(
        ko="다른 운영자가 먼저 정했어요.", en="Another operator has decided this one already."
    )


class ReviewChanged(DomainError):
    """The guess is another than the one that was looked at."""

    kind = Kind.CONFLICT
    code = "places/tag-review-changed"
    detail = Bilingual(
        ko="그 사이 근거가 바뀌었어요. 다시 보고 정해 주세요.",
        en="The evidence has changed meanwhile: look again before you decide.",
    )


class ReviewOfClosedPlace(DomainError):
    """The place is closed: nobody needs its tags."""

    kind = Kind.CONFLICT
    code = "places/tag-review-place-closed"
    detail = Bilingual(
        ko="그 사이 장소가 닫혔어요. 다시 열리면 또 물어볼게요.",
        en="The place has closed meanwhile: you are asked again should it come back.",
    )


class ReviewUndecided(DomainError):
    """There is no decision that could be taken back."""

    kind = Kind.CONFLICT
    code = "places/tag-review-undecided"
    detail = Bilingual(
        ko="되돌릴 결정이 없어요. 이미 되돌렸거나 아직 정하지 않았어요.",
        en="There is no decision to take back: it was taken back, or nobody has decided yet.",
    )


@dataclass(frozen=True)
class TagReviews:
    """Decides about tags, and lets that take effect."""

    effects: TagEffects = field(default_factory=TagEffects)
    auditing: Auditing = field(default_factory=Auditing)

    @transaction.atomic(durable=True)
    def decide(
        self,
        *,
        review_id: int,
        is_right: bool,
        operator: User,
        now: datetime,
        revision: int | None = None,
    ) -> None:
        """
        Accept a guess or refuse it. The same decision by the same operator once more does nothing.

        Args:
            revision: the guess that the operator looked at; None takes whatever stands.

        Raises:
            ReviewNotFound: the guess no longer holds.
            ReviewDecided: somebody was faster, or it was taken back.
            ReviewChanged: it is another guess than `revision`.
            ReviewOfClosedPlace: the place is not shown any more.
        """
        place, review = _lock(review_id)
        decision = Decision.ACCEPTED if is_right else Decision.REJECTED
        if review.decision == decision and review.decided_by == str(operator.pk):
            return
        if review.decision != Decision.PENDING:
            raise ReviewDecided(f"{review} by {review.decided_by}")
        if not place.is_active:
            raise ReviewOfClosedPlace(f"Place {place.pk} is closed.")
        if revision is not None and review.revision != revision:
            raise ReviewChanged(f"{review} is revision {review.revision}, not {revision}.")
        self._decide(place, review, decision, operator, now)

    @transaction.atomic(durable=True)
    def refuse(self, *, place_tag_id: int, operator: User, now: datetime) -> None:
        """
        Decide that a tag which a place has, on whosever word, is wrong.

        Raises:
            ReviewNotFound: the place does not have it any more.
        """
        tag = PlaceTag.objects.filter(pk=place_tag_id).first()
        if tag is None:
            raise ReviewNotFound(f"No tag {place_tag_id}.")
        place = Place.objects.select_for_update(no_key=True).defer("embedding").get(pk=tag.place_id)
        tag = PlaceTag.objects.filter(pk=place_tag_id).first()
        if tag is None:
            raise ReviewNotFound(f"No tag {place_tag_id}.")
        standing = TagReview.objects.filter(
            place=place, tag_id=tag.tag_id, decision__in=STANDING
        ).first()
        if standing is not None and standing.decision != Decision.PENDING:
            self._set(standing, Decision.TAKEN_BACK, operator, now, place)
            standing = None
        review = standing or _guess_of(tag)
        self._decide(place, review, Decision.REJECTED, operator, now)

    @transaction.atomic(durable=True)
    def take_back(self, *, review_id: int, operator: User, now: datetime) -> None:
        """
        Undo a decision, whoever made it: a guess is asked anew, one that was sure stands again.

        Raises:
            ReviewNotFound: there is no such review.
            ReviewUndecided: it is not decided, or was taken back before.
        """
        place, review = _lock(review_id)
        if review.decision not in (Decision.ACCEPTED, Decision.REJECTED):
            raise ReviewUndecided(f"{review}")
        self._set(review, Decision.TAKEN_BACK, operator, now, place)
        PlaceTag.objects.filter(
            place=place, tag_id=review.tag_id, source=TagSource.OPERATOR
        ).delete()
        _restore(review)
        self.effects.apply(places=[place], now=now)

    def _decide(
        self, place: Place, review: TagReview, decision: Decision, operator: User, now: datetime
    ) -> None:
        self._set(review, decision, operator, now, place)
        if decision == Decision.ACCEPTED:
            PlaceTag.objects.update_or_create(
                place=place,
                tag_id=review.tag_id,
                source=TagSource.OPERATOR,
                defaults={
                    "weight": review.weight,
                    "confidence": OPERATOR_CONFIDENCE,
                    "evidence": BY_OPERATOR,
                    "tagger": review.tagger,
                    "is_reviewed": True,
                    "said_at": now,
                },
            )
        else:
            PlaceTag.objects.filter(place=place, tag_id=review.tag_id).delete()
        self.effects.apply(places=[place], now=now)

    def _set(
        self, review: TagReview, decision: Decision, operator: User, now: datetime, place: Place
    ) -> None:
        before = {"decision": str(review.decision)}
        review.decision = decision
        if decision != Decision.TAKEN_BACK:  # then it still tells who had decided
            review.decided_by, review.decided_at = str(operator.pk), now
        review.save()
        self.auditing.record(
            actor=operator,
            action=f"tag_review.{decision.value}",
            target=review,
            before=before,
            after={"decision": decision.value, **_named(place, review)},
            at=now,
        )


def _lock(review_id: int) -> tuple[Place, TagReview]:
    """Lock the place of a review, then return both as they stand."""
    place_id = TagReview.objects.filter(pk=review_id).values_list("place_id", flat=True).first()
    if place_id is None:
        raise ReviewNotFound(f"No review {review_id}.")
    place = Place.objects.select_for_update(no_key=True).defer("embedding").get(pk=place_id)
    review = TagReview.objects.filter(pk=review_id).first()
    if review is None:
        raise ReviewNotFound(f"No review {review_id}.")
    return place, review


def _guess_of(tag: PlaceTag) -> TagReview:
    """Return the review of a tag that nobody was asked about."""
    return TagReview(
        place_id=tag.place_id,
        tag_id=tag.tag_id,
        source=tag.source,
        weight=tag.weight,
        confidence=tag.confidence,
        evidence=tag.evidence,
        tagger=tag.tagger,
        guessed_at=tag.said_at,
    )


def _restore(review: TagReview) -> None:
    """Let what a review was about stand as it stood before it was decided."""
    said = {name: getattr(review, name) for name in ("weight", "confidence", "evidence", "tagger")}
    was_sure = review.source != TagSource.OPERATOR and review.confidence >= ACCEPT_AT
    if was_sure and review.tag.type != TagType.BUDGET:  # that is asked about however sure
        PlaceTag.objects.get_or_create(
            place_id=review.place_id,
            tag_id=review.tag_id,
            source=review.source,
            defaults={**said, "said_at": review.guessed_at},
        )
        return
    TagReview.objects.create(
        place_id=review.place_id,
        tag_id=review.tag_id,
        source=review.source,
        guessed_at=review.guessed_at,
        **said,
    )


def _named(place: Place, review: TagReview) -> Mapping[str, Any]:
    return {"place": str(place.public_id), "tag": review.tag_id}
