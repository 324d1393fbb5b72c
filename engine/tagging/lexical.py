"""The tagger that reads words alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from zlib import crc32

from engine.catalogue import read_data
from engine.tagging.gathering import Signal, gather
from engine.tagging.measures import cost_of, stay_of
from engine.tagging.types import Document, Reading, TagGuess
from engine.tagging.vocabulary import Vocabulary, tags, vocabulary

_KIND: Final = "1"  # of the code that reads; what data it reads is told by its checksum
_LEAST: Final = 0.05  # what is less likely is no guess at all


@dataclass(frozen=True, slots=True)
class LexiconTagger:
    """Tags what the words of the shipped lexicons name."""

    label: str
    words: Vocabulary = field(repr=False)

    def read(self, documents: Sequence[Document]) -> Sequence[Reading]:
        """Return what each document says; what no word names gets no tag."""
        return [self._read(document) for document in documents]

    def _read(self, document: Document) -> Reading:
        gathered = gather(document, vocabulary=self.words)
        guesses = [
            TagGuess(
                tag=name,
                kind=tags()[name].kind,
                weight=weight_of(signal),
                confidence=_confidence(signal),
                evidence=signal.evidence,
            )
            for name, signal in gathered.signals.items()
            if signal.evidence and name != document.category
        ]
        kept = [guess for guess in guesses if guess.confidence >= _LEAST]
        kept.sort(key=lambda guess: (-guess.confidence, guess.tag))
        parts = [part for part, _ in gathered.parts]
        return Reading(tags=tuple(kept), cost=cost_of(parts), stay=stay_of(parts))


def weight_of(signal: Signal) -> float:
    """Return how much a document is about a tag: a name says it whole, each mention half of the rest."""
    if signal.named > signal.against:
        return 1.0
    return 1.0 - math.pow(0.5, max(0.0, signal.speaks_for - signal.against))


def _confidence(signal: Signal) -> float:
    said = (
        1.5 * min(signal.named, 1.0) + min(signal.described, 2.0) + 0.7 * min(signal.remarked, 3.0)
    )
    return 1.0 / (1.0 + math.exp(-(said + 0.5 * min(signal.closing, 1.0) - 1.5 * signal.against)))


@cache
def label_of_words() -> str:
    """Return the name and version of the words, those of costs and stays among them."""
    said = "\n".join(f"{word}{meanings}" for word, meanings in sorted(vocabulary().words.items()))
    said += repr(read_data("costs.toml"))
    return f"words/{_KIND}.{crc32(said.encode()):08x}"


def lexicon_tagger() -> LexiconTagger:
    """Return the tagger of the shipped words; its version follows them."""
    return LexiconTagger(label=label_of_words(), words=vocabulary())
