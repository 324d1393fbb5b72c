"""Operators, runs of the tagger and corrections that meet at one place."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from analytics.models import AuditEntry
from common.acting import acting_as_operator
from engine.tagging.types import Document, Reading
from places.models import Place, PlaceTag, TagReview
from places.services.tagging.reading import TextTagging
from places.services.tagging.reviewing import ReviewDecided, TagReviews
from tests.builders.places import make_place
from tests.builders.tagging import ToldTagger, make_guess, make_reading, make_review
from tests.builders.users import make_user

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def at_once(*acts: Callable[[], object]) -> list[Exception | None]:
    """Do all of it at the same moment; return what each was refused with."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> Exception | None:
        try:
            barrier.wait(timeout=10)
            with acting_as_operator():
                act()
        except ReviewDecided as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return [done.result(timeout=20) for done in [threads.submit(run, act) for act in acts]]


def test_of_many_who_decide_the_same_one_exactly_one_does() -> None:
    review = make_review(make_place())
    operators = [make_user(is_staff=True) for _ in range(6)]

    refusals = at_once(
        *(
            lambda operator=operator, at=at: TagReviews().decide(
                review_id=review.pk, is_right=at % 2 == 0, operator=operator, now=NOW
            )
            for at, operator in enumerate(operators)
        )
    )

    review.refresh_from_db()
    assert [type(refusal) for refusal in refusals if refusal] == [ReviewDecided] * 5
    assert review.decided_by in {str(operator.pk) for operator in operators}
    assert AuditEntry.objects.count() == 1
    assert PlaceTag.objects.exists() == (review.decision == "accepted")


@dataclass
class InterruptedTagger(ToldTagger):
    """Somebody does something while it reads."""

    meanwhile: Callable[[], Any] = lambda: None

    def read(self, documents: Sequence[Document]) -> Sequence[Reading]:
        self.meanwhile()
        return super().read(documents)


def run(tagger: ToldTagger) -> int:
    return sum(tagged.read for tagged in TextTagging(tagger=tagger).run(city="seoul", now=NOW))


def test_a_refusal_while_the_tagger_reads_stands() -> None:
    place = make_place(name="찻집")
    review = make_review(place)
    operator = make_user(is_staff=True)
    tagger = InterruptedTagger(
        {"찻집": make_reading(make_guess("quiet", 0.9))},
        meanwhile=lambda: TagReviews().decide(
            review_id=review.pk, is_right=False, operator=operator, now=NOW
        ),
    )

    run(tagger)

    assert not PlaceTag.objects.exists()
    assert TagReview.objects.get().decision == "rejected"


def test_a_place_that_is_renamed_while_the_tagger_reads_waits_for_the_next_run() -> None:
    place = make_place(name="찻집")
    told = {"찻집": make_reading(make_guess("quiet", 0.9)), "술집": make_reading()}
    names = {"ko": "술집", "en": "Bar"}

    read = run(
        InterruptedTagger(
            told, meanwhile=lambda: Place.objects.filter(pk=place.pk).update(names=names)
        )
    )

    assert read == 0
    assert not PlaceTag.objects.exists()
    assert run(ToldTagger(told)) == 1
