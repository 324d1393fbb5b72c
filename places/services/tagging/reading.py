"""Reads the texts of a city's places and settles what they say: tags, costs and stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from engine.catalogue import CATEGORIES
from engine.tagging.thresholds import ACCEPT_AT
from engine.tagging.types import BY_MODEL, CostReading, Reading, StayReading, TextTagger
from places.models import Place, PlaceReading, ReadingSource, TagSource
from places.services.holding import hold_city
from places.services.tagging.applying import TagEffects
from places.services.tagging.catalogue import active_tags, store_tags
from places.services.tagging.settling import (
    JUST_UNSURE,
    TEXTS,
    Guess,
    Heard,
    Settled,
    settle,
)
from places.services.tagging.taggers import current_text_tagger
from places.services.tagging.texts import PlaceTexts, list_next_texts, list_texts
from places.tagging_models import EVIDENCE_LENGTH

BATCH: Final = 500
COST_HIGH: Final = 2**31 - 1  # of the column
STAY_HIGH_MIN: Final = 720
_STAY_STEP_MIN: Final = 5
_OUTDOORS: Final = frozenset({"nature"})
_WRITTEN: Final = (
    "checksum", "tagger", "heard", "cost_low", "cost_high", "cost_confidence", "cost_evidence",
    "stay_min", "stay_confidence", "stay_evidence", "read_at",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Tagged:
    """What became of some places; `last` is the key of the last one, to go on behind."""

    last: int
    read: int = 0
    unchanged: int = 0
    applied: int = 0  # places whose moods, cost or stay changed by it
    settled: Settled = field(default_factory=Settled)

    def add(self, other: Tagged) -> None:
        """Count what became of the next places."""
        self.last = other.last
        self.read += other.read
        self.unchanged += other.unchanged
        self.applied += other.applied
        self.settled.add(other.settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What one run reads, with which tags."""

    city: str
    known: Mapping[str, str]
    now: datetime


@dataclass(frozen=True)
class TextTagging:
    """Tags places by what is written of them. What was read already is not read again."""

    tagger: TextTagger = field(default_factory=current_text_tagger)
    effects: TagEffects = field(default_factory=TagEffects)
    batch: int = BATCH

    def run(
        self, *, city: str, now: datetime, after: int = 0, is_again: bool = False
    ) -> Iterator[Tagged]:
        """
        Tag the active places of a city behind the key `after`; yield what became of each batch.

        A batch is a transaction of its own. `is_again` reads what is unchanged, too. The tagger
        works before anything is locked; a place that changes meanwhile waits for the next run.
        """
        store_tags()
        run = _Run(city=city, known=active_tags(), now=now)
        while texts := list_next_texts(city=city, after=after, limit=self.batch):
            tagged = self._tag(texts, run, is_again=is_again)
            yield tagged
            after = tagged.last

    def _tag(self, texts: Sequence[PlaceTexts], run: _Run, *, is_again: bool) -> Tagged:
        tagged = Tagged(last=texts[-1].place_id)
        label = self.tagger.label
        sums = {one.place_id: one.checksum_for(label, known=run.known) for one in texts}
        new = [one for one in texts if is_again or one.checksum != sums[one.place_id]]
        tagged.unchanged = len(texts) - len(new)
        if new:
            readings = self.tagger.read([one.document for one in new])
            read = dict(zip((one.place_id for one in new), readings, strict=True))
            self._store(read, sums, run, tagged)
        return tagged

    @transaction.atomic(durable=True)
    def _store(
        self, read: Mapping[int, Reading], sums: Mapping[int, str], run: _Run, tagged: Tagged
    ) -> None:
        hold_city(city=run.city)  # an import writes many places, too, in an order of its own
        label = self.tagger.label
        locked = Place.objects.filter(pk__in=read).order_by("pk").defer("embedding")
        places = {place.pk: place for place in locked.select_for_update(no_key=True)}
        texts = [
            one
            for one in list_texts(place_ids=list(places))
            if one.checksum_for(label, known=run.known) == sums[one.place_id]
        ]
        heard = [
            Heard(
                place_id=one.place_id,
                guesses=list(guesses_of(read[one.place_id], category=one.category)),
                stated=one.stated,
            )
            for one in texts
        ]
        tagged.read = len(texts)
        tagged.settled = settle(heard, of=TEXTS, known=run.known, tagger=label, now=run.now)
        rows = [
            reading_row(
                place_id=one.place_id,
                source=ReadingSource.TEXT,
                cost=_in_currency(read[one.place_id].cost, one.currency),
                stay=read[one.place_id].stay,
                checksum=sums[one.place_id],
                tagger=label,
                now=run.now,
            )
            for one in texts
        ]
        store_readings(rows)
        tagged.applied = self.effects.apply(
            places=[places[one.place_id] for one in texts], now=run.now
        )


def guesses_of(reading: Reading, *, category: str) -> Iterator[Guess]:
    """Yield the guesses of a reading: by a stretch of its text, or by the text as a whole."""
    is_indoor = CATEGORIES[category].indoor
    for guess in reading.tags:
        # A library called after an elm, and a gallery after a lake, are likely not in the green.
        is_odd = is_indoor and guess.tag in _OUTDOORS
        yield Guess(
            tag=guess.tag,
            source=TagSource.MODEL if guess.evidence.startswith(BY_MODEL) else TagSource.LEXICON,
            weight=guess.weight,
            confidence=min(guess.confidence, JUST_UNSURE) if is_odd else guess.confidence,
            evidence=guess.evidence,
        )


def reading_row(
    *,
    place_id: int,
    source: ReadingSource,
    cost: CostReading | None,
    stay: StayReading | None,
    tagger: str,
    now: datetime,
    checksum: str = "",
    heard: int = 1,
) -> PlaceReading:
    """Return what is kept of a reading: the cost and the stay, as far as they are sure enough."""
    row = PlaceReading(
        place_id=place_id,
        source=source,
        checksum=checksum,
        tagger=tagger,
        heard=heard,
        read_at=now,
    )
    if cost is not None and cost.confidence >= ACCEPT_AT and _is_payable(cost):
        row.cost_low, row.cost_high = cost.low, cost.high
        row.cost_confidence = round(cost.confidence, 3)
        row.cost_evidence = cost.evidence[:EVIDENCE_LENGTH]
    if stay is not None and stay.confidence >= ACCEPT_AT and stay.minutes_high > 0:
        row.stay_min = _usual_stay(stay)
        row.stay_confidence = round(stay.confidence, 3)
        row.stay_evidence = stay.evidence[:EVIDENCE_LENGTH]
    return row


def store_readings(rows: Sequence[PlaceReading]) -> None:
    """Store readings in the place of earlier ones of the same places and source."""
    PlaceReading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["place", "source"],
        update_fields=_WRITTEN,
    )


def _in_currency(cost: CostReading | None, currency: str) -> CostReading | None:
    """Return a cost only in the currency that is paid there: none is exchanged."""
    return cost if cost is not None and cost.currency == currency else None


def _is_payable(cost: CostReading) -> bool:
    return 0 <= cost.low <= cost.high <= COST_HIGH


def _usual_stay(stay: StayReading) -> int:
    middle = (stay.minutes_low + stay.minutes_high) / 2
    rounded = round(middle / _STAY_STEP_MIN) * _STAY_STEP_MIN
    return max(_STAY_STEP_MIN, min(STAY_HIGH_MIN, rounded))
