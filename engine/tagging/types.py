"""What passes between a place's words or pictures and a tagger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

# What a guess rests on where it is no stretch of the text. No evidence taken from a text begins so.
CODE_MARK: Final = "#"
BY_MODEL: Final = "#model"


class TagKind(StrEnum):
    """What a tag speaks of."""

    MOOD = "mood"
    CATEGORY = "category"
    TIME = "time"
    CONGESTION = "congestion"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGuess:
    """
    One tag that a text or a picture speaks for.

    `weight` says how much it is about that, `confidence` how likely the tag is right; both in [0, 1].
    `evidence` is the stretch of the text that it rests on, as it was written, or a code: `#model`.
    """

    tag: str
    kind: TagKind
    weight: float
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CostReading:
    """What one adult pays at least and at most, in minor units of `currency` (ISO 4217)."""

    low: int
    high: int
    currency: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StayReading:
    """How long a visit lasts."""

    minutes_low: int
    minutes_high: int
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """
    All the words there are of one place.

    `category` is what its record states, one of `engine.catalogue.CATEGORIES` or "". `remarks` is
    what people write of it.
    """

    names: Sequence[str]
    description: str = ""
    category: str = ""
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a document says: tags by confidence, the surest first, each at most once."""

    tags: tuple[TagGuess, ...]
    cost: CostReading | None
    stay: StayReading | None


class TextTagger(Protocol):
    """Reads documents; `label` (name and version) is stored beside what it said."""

    @property
    def label(self) -> str: ...

    def read(self, documents: Sequence[Document]) -> Sequence[Reading]:
        """Return what each document says, in the order given."""
        ...


class ImageTagger(Protocol):
    """Looks at pictures; `label` (name and version) is stored beside what it said."""

    @property
    def label(self) -> str: ...

    def read(self, images: Sequence[bytes]) -> Sequence[tuple[TagGuess, ...]]:
        """
        Return the tags of each picture, in the order given, the surest first.

        Raises:
            ValueError: one of them is no picture that may be opened; it says which, and why.
        """
        ...
