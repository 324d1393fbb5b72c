"""The tagger that needs no download: words counted, a model for what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final
from zlib import crc32

from engine.embedding.lexicon import read_lexicon
from engine.tagging.calibrating import DATA, Calibration, read_calibration
from engine.tagging.gathering import Gathered, Signal, gather
from engine.tagging.lexical import label_of_words, weight_of
from engine.tagging.measures import cost_of, stay_of
from engine.tagging.model import Featuring, LinearModel
from engine.tagging.thresholds import REJECT_BELOW
from engine.tagging.types import BY_MODEL, Document, Reading, TagGuess
from engine.tagging.vocabulary import Vocabulary, tags, vocabulary

TRAINED: Final = "tagger.npz"
LEAST_CONFIDENCE: Final = 0.1  # of a tag that a word names; what is less likely is no guess at all
UNSCORED: Final = 0.0  # of a tag that the model was not taught


@dataclass(frozen=True, slots=True)
class TrainedTagger:
    """Tags by words and by what was learned; each guess as likely as was measured."""

    label: str
    words: Vocabulary = field(repr=False)
    model: LinearModel = field(repr=False)
    featuring: Featuring = field(repr=False)
    calibration: Calibration = field(repr=False)

    def read(self, documents: Sequence[Document]) -> Sequence[Reading]:
        """Return what each document says; what neither words nor model speak for gets no tag."""
        return [self._read(document) for document in documents]

    def speaking_for(self, document: Document) -> Mapping[str, tuple[Signal | None, float]]:
        """Return what speaks for each tag: the words, and the model's log-odds."""
        return self._speaking_for(gather(document, vocabulary=self.words))

    def _speaking_for(self, gathered: Gathered) -> Mapping[str, tuple[Signal | None, float]]:
        scores = self.model.scores(self.featuring.features(gathered.parts))
        return {name: (gathered.signals.get(name), scores.get(name, UNSCORED)) for name in tags()}

    def _read(self, document: Document) -> Reading:
        gathered = gather(document, vocabulary=self.words)
        guesses = [
            self._guess(name, signal, score)
            for name, (signal, score) in self._speaking_for(gathered).items()
            if name != document.category
        ]
        kept = [guess for guess in guesses if guess.confidence >= _least(guess)]
        kept.sort(key=lambda guess: (-guess.confidence, guess.tag))
        parts = [part for part, _ in gathered.parts]
        return Reading(tags=tuple(kept), cost=cost_of(parts), stay=stay_of(parts))

    def _guess(self, name: str, signal: Signal | None, score: float) -> TagGuess:
        confidence = self.calibration.confidence(tag=name, signal=signal, score=score)
        named = signal is not None and bool(signal.evidence)
        return TagGuess(
            tag=name,
            kind=tags()[name].kind,
            weight=weight_of(signal) if signal is not None and named else confidence / 2,
            confidence=confidence,
            evidence=signal.evidence if signal is not None and named else BY_MODEL,
        )


def _least(guess: TagGuess) -> float:
    """Return what a guess must reach: what no word names is told only where it is worth a look."""
    return REJECT_BELOW if guess.evidence == BY_MODEL else LEAST_CONFIDENCE


@cache
def default_tagger() -> TrainedTagger:
    """
    Return the tagger as trained and shipped, loaded once for each process.

    Its version follows the data files: other words, another training or calibration make another.

    Raises:
        UntrainedTagger: the shipped file is none.
    """
    folder = resources.files("engine").joinpath("data")
    data = folder.joinpath(TRAINED).read_bytes()
    model = LinearModel.from_bytes(data, name=TRAINED)
    checksum = crc32(folder.joinpath(DATA).read_bytes(), crc32(data))
    return TrainedTagger(
        label=f"trained/{label_of_words().removeprefix('words/')}.{checksum:08x}",
        words=vocabulary(),
        model=model,
        featuring=Featuring.of(lexicon=read_lexicon(), concepts=model.concepts),
        calibration=read_calibration(),
    )
