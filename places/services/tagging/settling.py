"""
What becomes of guesses: accepted, asked about, or nothing; and of those that no longer hold.

An operator's decision wins over every guess, before and after it. A tag that a place has on another
word, a mood that its sources state and a category, which changes nothing, are not asked about; so a category must
be plain to be taken. What is said of money is always asked about, however sure it is: nothing is free because a text
says so of something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from engine.tagging.thresholds import ACCEPT_AT, REJECT_BELOW
from places.models import Decision, PlaceTag, TagReview, TagSource, TagType
from places.tagging_models import EVIDENCE_LENGTH, STANDING

# From where on a guess is taken, where nobody is asked about others, or about all.
_ACCEPT_AT: Final = {TagType.CATEGORY: 0.97, TagType.BUDGET: 2.0}
TEXTS: Final = frozenset({TagSource.LEXICON, TagSource.MODEL})
JUST_UNSURE: Final = round(
    ACCEPT_AT - 0.01, 3
)  # what is sure of itself, and is asked about all the same
_SAID: Final = ("weight", "confidence", "evidence", "tagger", "said_at")
_GUESSED: Final = (
    "source", "weight", "confidence", "evidence", "tagger", "guessed_at", "revision",
)  # fmt: skip
_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One tag that something speaks for."""

    tag: str
    source: TagSource
    weight: float
    confidence: float
    evidence: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", self.evidence[:EVIDENCE_LENGTH])
        # As much as is shown and compared: the last bit of a float is no news.
        object.__setattr__(self, "confidence", round(self.confidence, 3))
        object.__setattr__(self, "weight", round(self.weight, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that one way of hearing says of a place now; each tag at most once."""

    place_id: int
    guesses: Sequence[Guess]
    stated: Collection[str] = ()  # moods that its sources state


@dataclass(slots=True, kw_only=True)
class Settled:
    """How many rows were written, by tag where that is of interest."""

    accepted: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    changed: int = 0  # the same by other evidence, or more or less sure
    withdrawn: int = 0
    no_longer_asked: int = 0

    def add(self, other: Settled) -> None:
        """Count what another step wrote."""
        self.accepted += other.accepted
        self.asked += other.asked
        self.changed += other.changed
        self.withdrawn += other.withdrawn
        self.no_longer_asked += other.no_longer_asked


@dataclass(slots=True)
class _Ledger:
    """What is to be written."""

    tagger: str
    now: datetime
    settled: Settled = field(default_factory=Settled)
    new_tags: list[PlaceTag] = field(default_factory=list)
    changed_tags: list[PlaceTag] = field(default_factory=list)
    gone_tags: list[int] = field(default_factory=list)
    new_reviews: list[TagReview] = field(default_factory=list)
    changed_reviews: list[TagReview] = field(default_factory=list)
    gone_reviews: list[int] = field(default_factory=list)

    def write(self) -> None:
        PlaceTag.objects.filter(pk__in=self.gone_tags).delete()
        TagReview.objects.filter(pk__in=self.gone_reviews).delete()
        PlaceTag.objects.bulk_create(self.new_tags)
        PlaceTag.objects.bulk_update(self.changed_tags, _SAID, batch_size=_BATCH)
        TagReview.objects.bulk_create(self.new_reviews)
        TagReview.objects.bulk_update(self.changed_reviews, _GUESSED, batch_size=_BATCH)


@dataclass(slots=True)
class _Case:
    """One place: its tags and reviews as they stand."""

    ledger: _Ledger
    of: Collection[TagSource]
    tags: dict[str, list[PlaceTag]] = field(default_factory=dict)
    reviews: dict[str, TagReview] = field(default_factory=dict)

    def settle(self, heard: Heard, *, known: Mapping[str, str]) -> None:
        guesses = {guess.tag: guess for guess in heard.guesses if guess.tag in known}
        accepted = {
            tag: one
            for tag, one in guesses.items()
            if one.confidence >= _ACCEPT_AT.get(TagType(known[tag]), ACCEPT_AT)
        }
        decided = {tag for tag, one in self.reviews.items() if one.decision != Decision.PENDING}
        for tag, guess in accepted.items():
            if tag not in decided:
                self._accept(heard.place_id, guess)
        asked = {
            tag: guess
            for tag, guess in guesses.items()
            if guess.confidence >= REJECT_BELOW
            and tag not in accepted
            and known[tag] != TagType.CATEGORY
            and tag not in decided
            and tag not in heard.stated
            and not any(one.source not in self.of for one in self.tags.get(tag, ()))
        }
        for tag, guess in asked.items():
            self._ask(heard.place_id, guess, self.reviews.get(tag))
        self._withdraw_tags(accepted, decided)
        self._withdraw_reviews(accepted, asked)

    def _accept(self, place_id: int, guess: Guess) -> None:
        ledger = self.ledger
        stored = next((t for t in self.tags.get(guess.tag, ()) if t.source == guess.source), None)
        if stored is None:
            stored = PlaceTag(place_id=place_id, tag_id=guess.tag, source=guess.source)
            ledger.new_tags.append(stored)
            ledger.settled.accepted[guess.tag] += 1
        elif _says(stored, guess, ledger.tagger):
            return
        else:
            ledger.changed_tags.append(stored)
            ledger.settled.changed += 1
        stored.said_at = ledger.now
        _put(stored, guess, ledger.tagger)

    def _ask(self, place_id: int, guess: Guess, review: TagReview | None) -> None:
        ledger = self.ledger
        if review is None:
            review = TagReview(place_id=place_id, tag_id=guess.tag, revision=0)
            ledger.new_reviews.append(review)
            ledger.settled.asked[guess.tag] += 1
        elif _says(review, guess, ledger.tagger):
            return
        elif review.source not in self.of and review.confidence >= guess.confidence:
            return  # what is asked rests on better grounds
        else:
            ledger.changed_reviews.append(review)
            ledger.settled.changed += 1
        review.source, review.guessed_at = guess.source, ledger.now
        review.revision += 1
        _put(review, guess, ledger.tagger)

    def _withdraw_tags(self, accepted: Mapping[str, Guess], decided: Collection[str]) -> None:
        """Take back the tags that these sources no longer speak for, or that an operator refused."""
        for stored in (one for tags in self.tags.values() for one in tags if one.source in self.of):
            guess = accepted.get(stored.tag_id)
            is_refused = (
                stored.tag_id in decided
                and self.reviews[stored.tag_id].decision == Decision.REJECTED
            )
            if guess is None or guess.source != stored.source or is_refused:
                self.ledger.gone_tags.append(stored.pk)
                self.ledger.settled.withdrawn += 1

    def _withdraw_reviews(self, accepted: Collection[str], asked: Collection[str]) -> None:
        """Ask no more what has answered itself, or what these sources no longer guess."""
        for tag, review in self.reviews.items():
            if review.decision != Decision.PENDING:
                continue
            if tag in accepted or (review.source in self.of and tag not in asked):
                self.ledger.gone_reviews.append(review.pk)
                self.ledger.settled.no_longer_asked += 1


def settle(
    heard: Sequence[Heard],
    *,
    of: Collection[TagSource],
    known: Mapping[str, str],
    tagger: str,
    now: datetime,
) -> Settled:
    """
    Settle what the sources `of` say of places, which is all that they say now.

    The places are locked by the caller. `known` has the type of each tag that there is; others are
    left out.
    """
    ledger = _Ledger(tagger, now)
    cases = {one.place_id: _Case(ledger, of) for one in heard}
    for tag in PlaceTag.objects.filter(place_id__in=cases).order_by("pk"):
        cases[tag.place_id].tags.setdefault(tag.tag_id, []).append(tag)
    reviews = TagReview.objects.filter(place_id__in=cases, decision__in=STANDING)
    for review in reviews.order_by("pk"):
        cases[review.place_id].reviews[review.tag_id] = review
    for one in heard:
        cases[one.place_id].settle(one, known=known)
    ledger.write()
    return ledger.settled


def _put(row: PlaceTag | TagReview, guess: Guess, tagger: str) -> None:
    row.weight, row.confidence = guess.weight, guess.confidence
    row.evidence, row.tagger = guess.evidence, tagger


def _says(row: PlaceTag | TagReview, guess: Guess, tagger: str) -> bool:
    said = (row.source, row.weight, row.confidence, row.evidence, row.tagger)
    return said == (guess.source, guess.weight, guess.confidence, guess.evidence, tagger)


def surest(guesses: Iterable[Guess]) -> list[Guess]:
    """Return the surest guess of each tag."""
    best: dict[str, Guess] = {}
    for guess in guesses:
        if guess.tag not in best or best[guess.tag].confidence < guess.confidence:
            best[guess.tag] = guess
    return list(best.values())
