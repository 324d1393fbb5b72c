"""
Learns the encoder's projection from the places' own texts, without any label.

Contrastive learning with in-batch negatives (Oord et al. 2018, InfoNCE; several positives as in
Khosla et al. 2020): what somebody might type for a place is made from the place itself, and must
come closer to it, and to every other place that has all that was typed, than to the rest of the
batch. Three kinds of such questions are made: a few concepts of the place in other words of either
language, which is what joins the languages; a part of a name; and a misspelt part of a name.

The curated directions of the concepts stay; only their lengths are learned, and the letters whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.embedding.encoding import DIMENSIONS, Projection, concept_directions
from engine.embedding.features import BUCKETS, features_of
from engine.embedding.lexicon import Lexicon
from engine.embedding.types import Description, VectorArray

EPOCHS: Final = 20
BATCH: Final = 512

_TEMPERATURE: Final = 0.06
_RATE: Final = 0.002
_MOMENTUM: Final = 0.9
_SECOND_MOMENTUM: Final = 0.99
_LETTERS_SCALE: Final = 0.25  # of a concept, at the start
_START_LENGTH: Final = 0.2
_BY_CONCEPT: Final = 0.5  # share of questions that ask for concepts, not for a name
_MISSPELT: Final = 0.3  # share of the questions for a name
_CONCEPTS_ASKED: Final = (1, 1, 2, 2, 3)
_WORDS_ASKED: Final = (1, 1, 2, 3)

Matrix = npt.NDArray[np.float32]


class TooFewTexts(ValueError):
    """There is not even one batch to learn from."""


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The places as rows of features: concepts first, then buckets of letters."""

    lexicon: Lexicon
    descriptions: Sequence[Description]
    rows: Matrix  # (places, concepts + BUCKETS)
    words: tuple[tuple[str, ...], ...]  # of each concept, in both languages

    @property
    def concepts(self) -> int:
        return len(self.words)

    def row(self, text: str) -> Matrix:
        row = np.zeros(self.concepts + BUCKETS, dtype=np.float32)
        features = features_of(text, lexicon=self.lexicon)
        for concept, sign in features.concepts.items():
            row[concept] = sign
        row[[self.concepts + bucket for bucket in features.letters]] = 1.0
        return row


def train(
    *,
    descriptions: Sequence[Description],
    lexicon: Lexicon,
    seed: int = 0,
    epochs: int = EPOCHS,
    batch: int = BATCH,
    report: Callable[[int, float], None] | None = None,
) -> Projection:
    """
    Return the projection learned from `descriptions`; the same ones and seed give the same.

    `report` is called with each epoch and its mean loss. 7,317 places take about a minute of one
    core and 400 MB.

    Raises:
        TooFewTexts: fewer than `batch` places.
    """
    if len(descriptions) < batch:
        raise TooFewTexts(f"{len(descriptions)} places; at least {batch} are needed")
    corpus = _corpus(descriptions, lexicon)
    directions = concept_directions(lexicon)
    learner = _Learner(table=_start(corpus, directions), directions=directions)
    chance, order = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 - not a secret
    steps = epochs * (len(descriptions) // batch)
    for epoch in range(epochs):
        losses = []
        shuffled = order.permutation(len(descriptions))
        for at in range(0, len(descriptions) - batch + 1, batch):
            chosen = shuffled[at : at + batch]
            asked = [_question(corpus, int(place), chance) for place in chosen]
            losses.append(
                learner.learn(
                    questions=np.array([question for question, _ in asked]),
                    required=np.array([required for _, required in asked]),
                    places=corpus.rows[chosen],
                    rate=_RATE * (1.0 - learner.steps / steps),
                )
            )
        if report is not None:
            report(epoch, float(np.mean(losses)))
    weights = np.einsum("ij,ij->i", learner.table[: corpus.concepts], directions)
    return Projection(
        weights=dict(zip(lexicon.concepts, weights.tolist(), strict=True)),
        letters=learner.table[corpus.concepts :],
    )


def _corpus(descriptions: Sequence[Description], lexicon: Lexicon) -> _Corpus:
    words = tuple((*concept.ko, *concept.en) for concept in lexicon.concepts.values())
    empty = np.zeros((0, 0), dtype=np.float32)
    reader = _Corpus(lexicon, descriptions, empty, words)
    rows = np.array([reader.row(description.text) for description in descriptions])
    return _Corpus(lexicon, descriptions, rows, words)


def _start(corpus: _Corpus, directions: VectorArray) -> Matrix:
    """Return the table before learning: what is rare weighs more, and letters are random."""
    generator = np.random.default_rng(0)
    letters = generator.standard_normal((BUCKETS, DIMENSIONS)).astype(np.float32)
    letters *= _LETTERS_SCALE / np.linalg.norm(letters, axis=1, keepdims=True)
    seen = (corpus.rows != 0).sum(axis=0)
    rarity = np.log((len(corpus.rows) + 1) / (seen + 1)) + 0.3
    table = np.concatenate([directions, letters]) * rarity[:, None]
    return np.asarray(table * _START_LENGTH, dtype=np.float32)


def _question(corpus: _Corpus, place: int, chance: random.Random) -> tuple[Matrix, Matrix]:
    """Return the features of something asked for the place, and those that answers must have."""
    has = np.flatnonzero(corpus.rows[place, : corpus.concepts] > 0).tolist()
    if has and chance.random() < _BY_CONCEPT:
        asked = chance.sample(has, min(len(has), chance.choice(_CONCEPTS_ASKED)))
        row = corpus.row(" ".join(chance.choice(corpus.words[concept]) for concept in asked))
        required = np.zeros_like(row)
        required[asked] = 1.0
        return row, required
    text = _part(chance.choice(corpus.descriptions[place].names), chance)
    required = corpus.row(text)
    if len(text) > 3 and chance.random() < _MISSPELT:
        at = chance.randrange(len(text))
        return corpus.row(text[:at] + text[at + 1 :]), required
    return required, required


def _part(name: str, chance: random.Random) -> str:
    words = name.split()
    count = min(len(words), chance.choice(_WORDS_ASKED))
    at = chance.randrange(max(1, len(words) - count + 1))
    return " ".join(words[at : at + count])


class _Learner:
    """One table of vectors, improved by Adam (Kingma & Ba 2015)."""

    def __init__(self, *, table: Matrix, directions: VectorArray) -> None:
        self.table = table
        self.steps = 0
        self._directions = directions
        self._mean = np.zeros_like(table)
        self._square = np.zeros_like(table)

    def learn(self, *, questions: Matrix, required: Matrix, places: Matrix, rate: float) -> float:
        """Improve the table by one batch and return its loss before."""
        answers = _answers(required, places)
        asked, asked_length = _units(questions @ self.table)
        found, found_length = _units(places @ self.table)
        logits = asked @ found.T / _TEMPERATURE
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        loss = float(-(answers * np.log(shares + 1e-9)).sum(axis=1).mean())
        pull = (shares - answers) / np.float32(_TEMPERATURE * len(questions))
        gradient = questions.T @ _through(pull @ found, asked, asked_length)
        gradient += places.T @ _through(pull.T @ asked, found, found_length)
        self._step(gradient, rate)
        return loss

    def _step(self, gradient: Matrix, rate: float) -> None:
        count = len(self._directions)
        along = np.einsum("ij,ij->i", gradient[:count], self._directions)
        gradient[:count] = self._directions * along[:, None]
        self.steps += 1
        self._mean += (1 - _MOMENTUM) * (gradient - self._mean)
        self._square += (1 - _SECOND_MOMENTUM) * (gradient**2 - self._square)
        mean = self._mean / (1 - _MOMENTUM**self.steps)
        square = self._square / (1 - _SECOND_MOMENTUM**self.steps)
        self.table -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))


def _answers(required: Matrix, places: Matrix) -> Matrix:
    """Return each question's right places as shares of 1: its own, and all that have the same."""
    needed = (required != 0).astype(np.float32)
    has = needed @ (places != 0).astype(np.float32).T
    right = has >= needed.sum(axis=1, keepdims=True) - 0.5
    right |= np.eye(len(required), dtype=np.bool_)
    return np.asarray(right / right.sum(axis=1, keepdims=True), dtype=np.float32)


def _units(vectors: Matrix) -> tuple[Matrix, Matrix]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-6)
    return vectors / lengths, lengths


def _through(gradient: Matrix, units: Matrix, lengths: Matrix) -> Matrix:
    """Return the gradient before normalising, given the one after."""
    along = (gradient * units).sum(axis=1, keepdims=True)
    return np.asarray((gradient - units * along) / lengths, dtype=np.float32)
