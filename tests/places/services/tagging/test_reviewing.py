from datetime import UTC, datetime, timedelta

import pytest

from analytics.models import AuditEntry
from places.models import Place, PlaceTag, TagReview
from places.services.tagging.reviewing import (
    ReviewChanged,
    ReviewDecided,
    ReviewNotFound,
    ReviewOfClosedPlace,
    ReviewUndecided,
    TagReviews,
)
from tests.builders.places import make_place
from tests.builders.tagging import make_place_tag, make_review, make_tag
from tests.builders.users import make_user
from users.models import User

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ACCEPTED = {"quiet": {"confidence": 0.95, "evidence": "by our operators"}}


@pytest.fixture
def operator() -> User:
    return make_user(is_staff=True)


def decide(review: TagReview, operator: User, *, is_right: bool = True, **fields: int) -> None:
    TagReviews().decide(
        review_id=review.pk, is_right=is_right, operator=operator, now=NOW, **fields
    )


def test_an_accepted_guess_is_the_operators_tag_and_a_mood(operator: User) -> None:
    place = make_place()
    review = make_review(place)

    decide(review, operator, revision=1)

    place.refresh_from_db()
    review.refresh_from_db()
    tag = PlaceTag.objects.get()
    assert (tag.source, tag.confidence, tag.is_reviewed) == ("operator", 0.95, True)
    assert place.mood_scores == ACCEPTED
    assert (review.decision, review.decided_by, review.decided_at) == (
        "accepted", str(operator.pk), NOW,
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.object_id) == (
        operator, "tag_review.accepted", str(review.pk),
    )  # fmt: skip
    assert entry.after == {
        "decision": "accepted", "place": str(place.public_id), "tag": "quiet",
    }  # fmt: skip


def test_a_refused_guess_leaves_the_place_without(operator: User) -> None:
    place = make_place()
    review = make_review(place)

    decide(review, operator, is_right=False)

    place.refresh_from_db()
    review.refresh_from_db()
    assert review.decision == "rejected"
    assert place.mood_scores == {}
    assert not PlaceTag.objects.exists()


def test_the_same_decision_sent_twice_counts_once(operator: User) -> None:
    review = make_review(make_place())

    decide(review, operator)
    decide(review, operator)

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("is_right", [True, False])
def test_of_two_operators_the_second_is_told(operator: User, *, is_right: bool) -> None:
    review = make_review(make_place())
    decide(review, operator)

    with pytest.raises(ReviewDecided):
        decide(review, make_user(is_staff=True), is_right=is_right)

    review.refresh_from_db()
    assert (review.decision, review.decided_by) == ("accepted", str(operator.pk))


def test_who_decides_otherwise_takes_back_first(operator: User) -> None:
    review = make_review(make_place())
    decide(review, operator)

    with pytest.raises(ReviewDecided):
        decide(review, operator, is_right=False)


def test_another_guess_than_the_one_looked_at_is_not_decided(operator: User) -> None:
    review = make_review(make_place(), revision=2)

    with pytest.raises(ReviewChanged):
        decide(review, operator, revision=1)

    review.refresh_from_db()
    assert review.decision == "pending"
    assert not AuditEntry.objects.exists()


def test_a_guess_that_no_longer_holds_is_not_decided(operator: User) -> None:
    review = make_review(make_place())
    review_id = review.pk
    review.delete()

    with pytest.raises(ReviewNotFound):
        TagReviews().decide(review_id=review_id, is_right=True, operator=operator, now=NOW)


def test_a_place_that_closed_meanwhile_is_not_tagged(operator: User) -> None:
    place = make_place()
    review = make_review(place)
    Place.objects.update(is_active=False)

    with pytest.raises(ReviewOfClosedPlace):
        decide(review, operator)

    review.refresh_from_db()
    assert review.decision == "pending"


@pytest.mark.parametrize("is_right", [True, False])
def test_a_decision_is_taken_back_and_the_same_is_asked_anew(
    operator: User, *, is_right: bool
) -> None:
    place = make_place()
    review = make_review(place)
    decide(review, operator, is_right=is_right)

    TagReviews().take_back(review_id=review.pk, operator=operator, now=NOW)

    place.refresh_from_db()
    review.refresh_from_db()
    again = TagReview.objects.get(decision="pending")
    assert (review.decision, review.decided_by) == ("taken_back", str(operator.pk))
    assert (again.tag_id, again.confidence, again.evidence) == ("quiet", 0.6, "조용한")
    assert place.mood_scores == {}
    assert not PlaceTag.objects.exists()
    assert AuditEntry.objects.filter(action="tag_review.taken_back").count() == 1


def test_nothing_is_taken_back_twice(operator: User) -> None:
    review = make_review(make_place())
    decide(review, operator)
    TagReviews().take_back(review_id=review.pk, operator=operator, now=NOW)

    with pytest.raises(ReviewUndecided):
        TagReviews().take_back(review_id=review.pk, operator=operator, now=NOW)

    assert TagReview.objects.filter(decision="pending").count() == 1


def test_a_wrong_tag_is_refused_on_whosever_word_it_rests(operator: User) -> None:
    mood = {"quiet": {"confidence": 0.9, "evidence": "by its own words"}}
    place = make_place(mood_scores=mood)
    tag = make_place_tag(place)
    make_place_tag(place, source="people", evidence="#people 3/4")

    TagReviews().refuse(place_tag_id=tag.pk, operator=operator, now=NOW)

    place.refresh_from_db()
    assert not PlaceTag.objects.exists()
    assert place.mood_scores == {}
    assert TagReview.objects.get().decision == "rejected"


def test_a_refused_tag_stands_again_when_that_is_taken_back(operator: User) -> None:
    place = make_place()
    tag = make_place_tag(place)
    TagReviews().refuse(place_tag_id=tag.pk, operator=operator, now=NOW)

    TagReviews().take_back(review_id=TagReview.objects.get().pk, operator=operator, now=NOW)

    place.refresh_from_db()
    assert PlaceTag.objects.get().source == "lexicon"
    assert place.mood_scores["quiet"]["confidence"] == 0.9
    assert not TagReview.objects.filter(decision="pending").exists()


def test_what_is_said_of_money_is_asked_anew_however_sure_it_is(operator: User) -> None:
    place = make_place()
    make_tag("free", type="budget", name_ko="무료", name_en="free")
    review = make_review(place, "free", confidence=0.99)
    decide(review, operator, is_right=False)

    TagReviews().take_back(review_id=review.pk, operator=operator, now=NOW)

    assert not PlaceTag.objects.exists()
    assert TagReview.objects.get(decision="pending").confidence == 0.99


def test_an_operators_own_tag_is_refused_too(operator: User) -> None:
    review = make_review(make_place())
    decide(review, operator)
    later = NOW + timedelta(hours=1)

    TagReviews().refuse(place_tag_id=PlaceTag.objects.get().pk, operator=operator, now=later)

    assert sorted(TagReview.objects.values_list("decision", flat=True)) == [
        "rejected", "taken_back",
    ]  # fmt: skip
    assert not PlaceTag.objects.exists()


def test_a_tag_that_is_gone_is_not_refused(operator: User) -> None:
    with pytest.raises(ReviewNotFound):
        TagReviews().refuse(place_tag_id=1, operator=operator, now=NOW)
