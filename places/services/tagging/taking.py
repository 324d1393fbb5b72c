"""
Takes in what other apps have of people: their remarks about a place, and their pictures of it.

Each call brings all that stands now, so that handing the same down twice changes nothing, and what
was deleted there counts no more here. Kept is how many say what, never what they say: a tag needs
several voices, and one voice alone leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import mean, median_high, median_low
from typing import Final

from django.db import transaction

from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.tagging.thresholds import REJECT_BELOW
from engine.tagging.types import (
    CostReading,
    Document,
    ImageTagger,
    Reading,
    StayReading,
    TagGuess,
    TextTagger,
)
from places.models import Place, PlaceReading, ReadingSource, TagSource
from places.selectors import PlaceNotFound
from places.services.tagging.applying import TagEffects
from places.services.tagging.catalogue import active_tags, store_tags
from places.services.tagging.overlaying import stated_moods
from places.services.tagging.reading import reading_row, store_readings
from places.services.tagging.settling import (
    JUST_UNSURE,
    Guess,
    Heard,
    Settled,
    settle,
)
from places.services.tagging.taggers import current_image_tagger, current_text_tagger

REMARKS_HIGH: Final = 200  # of a place, the newest: how they were years ago says little
REMARK_HIGH: Final = 2_000  # characters that are read of each
IMAGES_HIGH: Final = 50
VOICES_LOW: Final = 2  # fewer leave no trace
VOICES_SURE: Final = 3  # fewer are asked about, however clear they are
SHARE_SURE: Final = 0.25  # of the pictures; what fewer show is a corner of the place


class PictureUnreadable(DomainError):
    """One of the pictures is none that may be opened."""

    kind = Kind.INVALID
    code = "places/picture-unreadable"
    detail = Bilingual(ko="열 수 없는 사진이 있어요.", en="One of the pictures cannot be opened.")


@dataclass(frozen=True)
class TakeRemarks:
    """Lets the tags of a place follow what people write of it: visitors to us, or in blogs."""

    tagger: TextTagger = field(default_factory=current_text_tagger)
    effects: TagEffects = field(default_factory=TagEffects)
    source: TagSource = TagSource.PEOPLE
    kept_as: ReadingSource = ReadingSource.PEOPLE

    def take(
        self, *, place_id: int, remarks: Sequence[str], now: datetime, checksum: str = ""
    ) -> Settled:
        """
        Settle what `remarks` say of a place: all that stand now of this source, the newest first.

        Each is one person's: whoever wrote twice is handed down once. REMARKS_HIGH are heard. Who
        calls may have a `checksum` kept of what was handed down, to find it unchanged.

        Raises:
            PlaceNotFound: no place has this key.
        """
        store_tags()
        category, currency = _find(place_id)
        heard = [remark[:REMARK_HIGH] for remark in remarks if remark.strip()][:REMARKS_HIGH]
        together = Document(names=(), category=category, remarks=heard)
        alone = [Document(names=(), category=category, remarks=(one,)) for one in heard]
        whole, *singles = self.tagger.read([together, *alone])
        row = reading_row(
            place_id=place_id,
            source=self.kept_as,
            cost=_agreed_cost(singles, currency, self.source),
            stay=_agreed_stay(singles, self.source),
            tagger=self.tagger.label,
            heard=len(heard),
            now=now,
            checksum=checksum,
        )
        guesses = list(_voiced(whole.tags, [one.tags for one in singles], self.source))
        return _store(self.effects, row, guesses, self.source)


@dataclass(frozen=True)
class TakePictures:
    """Lets the tags of a place follow what its pictures show."""

    tagger: ImageTagger = field(default_factory=current_image_tagger)
    effects: TagEffects = field(default_factory=TagEffects)

    def take(self, *, place_id: int, pictures: Sequence[bytes], now: datetime) -> Settled:
        """
        Settle what `pictures` show of a place: all that stand now, the newest first.

        IMAGES_HIGH are looked at.

        Raises:
            PlaceNotFound: no place has this key.
            PictureUnreadable: one of them cannot be opened; nothing is written.
        """
        store_tags()
        _find(place_id)
        seen = pictures[:IMAGES_HIGH]
        try:
            shown = self.tagger.read(seen)
        except ValueError as error:
            raise PictureUnreadable(str(error)) from error
        row = reading_row(
            place_id=place_id,
            source=ReadingSource.IMAGE,
            cost=None,
            stay=None,
            tagger=self.tagger.label,
            heard=len(seen),
            now=now,
        )
        return _store(self.effects, row, list(_shown(shown)), TagSource.IMAGE)


def _find(place_id: int) -> tuple[str, str]:
    """Return the category and the currency of a place."""
    found = Place.objects.filter(pk=place_id).values_list("category", "currency").first()
    if found is None:
        raise PlaceNotFound(f"No place {place_id}.")
    return found


@transaction.atomic(durable=True)
def _store(
    effects: TagEffects, row: PlaceReading, guesses: Sequence[Guess], source: TagSource
) -> Settled:
    places = Place.objects.select_for_update(no_key=True).defer("embedding")
    place = places.filter(pk=row.place_id).first()
    if place is None:
        raise PlaceNotFound(f"No place {row.place_id}.")
    stated = frozenset(stated_moods({"mood_scores": place.mood_scores}))
    heard = Heard(place_id=place.pk, guesses=guesses, stated=stated)
    settled = settle([heard], of={source}, known=active_tags(), tagger=row.tagger, now=row.read_at)
    if row.heard:
        store_readings([row])
    else:
        PlaceReading.objects.filter(place=place, source=row.source).delete()
    effects.apply(places=[place], now=row.read_at)
    return settled


def _voiced(
    whole: Sequence[TagGuess], singles: Sequence[Sequence[TagGuess]], source: TagSource
) -> Iterator[Guess]:
    """Yield what all remarks together say, as far as several of them say it."""
    for guess in whole:
        voices = sum(_says(single, guess.tag) for single in singles)
        if voices < VOICES_LOW:
            continue
        sure = guess.confidence
        yield Guess(
            tag=guess.tag,
            source=source,
            weight=guess.weight,
            confidence=sure if voices >= VOICES_SURE else min(sure, JUST_UNSURE),
            evidence=f"#{source} {voices}/{len(singles)}",
        )


def _shown(pictures: Sequence[Sequence[TagGuess]]) -> Iterator[Guess]:
    """Yield what several pictures show: as sure as they are on the average."""
    for tag in sorted({guess.tag for picture in pictures for guess in picture}):
        of_tag = [
            guess
            for picture in pictures
            for guess in picture
            if guess.tag == tag and guess.confidence >= REJECT_BELOW
        ]
        voices = len(of_tag)
        if voices < VOICES_LOW:
            continue
        is_sure = voices >= VOICES_SURE and voices / len(pictures) >= SHARE_SURE
        sure = mean(guess.confidence for guess in of_tag)
        yield Guess(
            tag=tag,
            source=TagSource.IMAGE,
            weight=mean(guess.weight for guess in of_tag),
            confidence=sure if is_sure else min(sure, JUST_UNSURE),
            evidence=f"#image {voices}/{len(pictures)}",
        )


def _says(guesses: Sequence[TagGuess], tag: str) -> bool:
    return any(guess.tag == tag and guess.confidence >= REJECT_BELOW for guess in guesses)


def _agreed_cost(
    singles: Sequence[Reading], currency: str, source: TagSource
) -> CostReading | None:
    """Return the middle of what several people say that one pays."""
    said = [one.cost for one in singles if one.cost and one.cost.currency == currency]
    if len(said) < VOICES_SURE:
        return None
    low = median_low(sorted(one.low for one in said))
    return CostReading(
        low=low,
        high=max(low, median_high(sorted(one.high for one in said))),
        currency=currency,
        confidence=mean(one.confidence for one in said),
        evidence=f"#{source} {len(said)}/{len(singles)}",
    )


def _agreed_stay(singles: Sequence[Reading], source: TagSource) -> StayReading | None:
    """Return the middle of how long several people say that one stays."""
    said = [one.stay for one in singles if one.stay]
    if len(said) < VOICES_SURE:
        return None
    return StayReading(
        minutes_low=median_low([one.minutes_low for one in said]),
        minutes_high=median_high([one.minutes_high for one in said]),
        confidence=mean(one.confidence for one in said),
        evidence=f"#{source} {len(said)}/{len(singles)}",
    )
