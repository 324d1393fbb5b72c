"""Makes taggers that say what a test tells them, and tags and reviews as they would leave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.tagging.types import (
    CostReading,
    Document,
    Reading,
    StayReading,
    TagGuess,
    TagKind,
)
from places.models import Place, PlaceTag, Tag, TagReview

TAGGED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def make_guess(tag: str = "quiet", confidence: float = 0.9, **fields: Any) -> TagGuess:
    """Return a guess that rests on the word 조용한."""
    defaults: dict[str, Any] = {"kind": TagKind.MOOD, "weight": 1.0, "evidence": "조용한"}
    return TagGuess(tag=tag, confidence=confidence, **(defaults | fields))


def make_reading(
    *tags: TagGuess, cost: CostReading | None = None, stay: StayReading | None = None
) -> Reading:
    """Return what a document says: nothing but what is given."""
    return Reading(tags=tags, cost=cost, stay=stay)


@dataclass
class ToldTagger:
    """Says of a document what it is told to, by a stretch that stands anywhere in it."""

    said: Mapping[str, Reading] = field(default_factory=dict)
    label: str = "told/1"
    asked: list[Document] = field(default_factory=list)

    def read(self, documents: Sequence[Document]) -> Sequence[Reading]:
        self.asked += documents
        return [self._read(document) for document in documents]

    def _read(self, document: Document) -> Reading:
        text = "\n".join((*document.names, document.description, *document.remarks))
        found = [reading for stretch, reading in self.said.items() if stretch in text]
        return found[0] if found else make_reading()


@dataclass
class ToldImageTagger:
    """Says of a picture what it is told to; of one it was not told of it says that it is none."""

    said: Mapping[bytes, tuple[TagGuess, ...]]
    label: str = "told-pictures/1"

    def read(self, images: Sequence[bytes]) -> Sequence[tuple[TagGuess, ...]]:
        unknown = [at for at, image in enumerate(images) if image not in self.said]
        if unknown:
            raise ValueError(f"picture {unknown[0]} is none")
        return [self.said[image] for image in images]


def make_tag(name: str = "quiet", **fields: Any) -> Tag:
    """Return the tag `name`, a mood, made on first use."""
    defaults: dict[str, Any] = {"type": "mood", "name_ko": "조용한", "name_en": name}
    tag, _ = Tag.objects.get_or_create(name=name, defaults=defaults | fields)
    return tag


def make_place_tag(place: Place, tag: str = "quiet", **fields: Any) -> PlaceTag:
    """Return a tag that a place has by a word of its description."""
    defaults: dict[str, Any] = {
        "source": "lexicon",
        "confidence": 0.9,
        "evidence": "조용한",
        "tagger": "told/1",
        "said_at": TAGGED_AT,
    }
    return PlaceTag.objects.create(place=place, tag=make_tag(tag), **(defaults | fields))


def make_review(place: Place, tag: str = "quiet", **fields: Any) -> TagReview:
    """Return a review that waits."""
    defaults: dict[str, Any] = {
        "source": "lexicon",
        "confidence": 0.6,
        "evidence": "조용한",
        "tagger": "told/1",
        "guessed_at": TAGGED_AT,
    }
    return TagReview.objects.create(place=place, tag=make_tag(tag), **(defaults | fields))
