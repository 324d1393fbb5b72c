"""
Learns the tagger's model from places' own texts, without anybody labelling them.

A category is what the record states. Of moods, times, crowds and prices the labels are the words
that name them (distant supervision, Mintz et al. 2009): those words are taken out of what the model
sees, so that it learns what stands beside them, and what a record is evidence of by its kind. That
somebody does not write a word is no denial, so that the model ranks rather than knows (Elkan & Noto
2008); how likely its tags are is measured on labelled texts (`engine.tagging.calibrating`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.embedding.features import BUCKETS
from engine.embedding.lexicon import Lexicon
from engine.tagging.gathering import Signal, gather
from engine.tagging.model import Features, Featuring, LinearModel, Matrix
from engine.tagging.types import Document, TagKind
from engine.tagging.vocabulary import Vocabulary, tags

EPOCHS: Final = 6
BATCH: Final = 256

_RATE: Final = 0.02
_MOMENTUM: Final = 0.9
_SECOND_MOMENTUM: Final = 0.99
_DECAY: Final = 2e-3  # of every weight, each step
_LEAST_SEEN: Final = 20  # lessons for a tag; fewer teach nothing that holds


class TooFewLessons(ValueError):
    """There is not even one batch to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A place's words, and what its record states: its category, and moods with their confidence."""

    document: Document
    category: str = ""
    moods: Mapping[str, float] | None = None


def train(
    *,
    lessons: Sequence[Lesson],
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    seed: int = 0,
    epochs: int = EPOCHS,
    report: Callable[[int, float], None] | None = None,
) -> LinearModel:
    """
    Return the model learned from `lessons`; the same ones and seed give the same.

    `report` is called with each epoch and its mean loss. 25,000 lessons take about a minute.

    Raises:
        TooFewLessons: fewer than `BATCH`.
    """
    if len(lessons) < BATCH:
        raise TooFewLessons(f"{len(lessons)} texts; at least {BATCH} are needed")
    concepts, names = tuple(lexicon.concepts), tuple(tags())
    featuring = Featuring.of(lexicon=lexicon, concepts=concepts)
    rows: list[Features] = []
    labels = np.zeros((len(lessons), len(names)), dtype=np.float32)
    for at, lesson in enumerate(lessons):
        gathered = gather(lesson.document, vocabulary=vocabulary)
        rows.append(featuring.features(gathered.parts))
        labels[at] = [_label(name, lesson, gathered.signals.get(name)) for name in names]
    taught = labels.sum(axis=0) >= _LEAST_SEEN
    learner = _Learner(size=len(concepts) + BUCKETS, labels=labels, taught=taught)
    order = np.random.default_rng(seed)
    steps = epochs * (len(lessons) // BATCH)
    for epoch in range(epochs):
        shuffled = order.permutation(len(lessons))
        losses = [
            learner.learn(rows, shuffled[at : at + BATCH], _RATE * (1 - learner.steps / steps))
            for at in range(0, len(lessons) - BATCH + 1, BATCH)
        ]
        if report is not None:
            report(epoch, float(np.mean(losses)))
    kept = tuple(name for name, is_taught in zip(names, taught, strict=True) if is_taught)
    return LinearModel(kept, concepts, learner.weights[:, taught], learner.bias[taught])


def _label(name: str, lesson: Lesson, signal: Signal | None) -> float:
    """Return what a lesson says of a tag: 1 for yes, a record's evidence by its confidence."""
    if tags()[name].kind is TagKind.CATEGORY:
        return float(lesson.category == name)
    stated = (lesson.moods or {}).get(name, 0.0)
    named = signal is not None and signal.speaks_for > signal.against
    return max(stated, float(named))


class _Learner:
    """A logistic regression for each tag, all at once, improved by Adam (Kingma & Ba 2015)."""

    def __init__(self, *, size: int, labels: Matrix, taught: np.ndarray) -> None:
        usual = np.clip(labels.mean(axis=0), 1e-4, 0.5)
        self.weights: Matrix = np.zeros((size, labels.shape[1]), dtype=np.float32)
        self.bias: Matrix = np.log(usual / (1 - usual)).astype(np.float32)
        self.steps = 0
        self._labels = labels
        self._taught = taught.astype(np.float32)
        self._mean = np.zeros_like(self.weights)
        self._square = np.zeros_like(self.weights)

    def learn(self, rows: Sequence[Features], chosen: np.ndarray, rate: float) -> float:
        """Improve the weights by one batch and return its loss before."""
        seen = np.zeros((len(chosen), len(self.weights)), dtype=np.float32)
        for at, row in enumerate(chosen.tolist()):
            seen[at, rows[row].rows] = rows[row].values
        labels = self._labels[chosen]
        said = np.clip(seen @ self.weights + self.bias, -30.0, 30.0)
        likely = 1.0 / (1.0 + np.exp(-said))
        loss = -(labels * np.log(likely + 1e-9) + (1 - labels) * np.log(1 - likely + 1e-9))
        error = (likely - labels) * self._taught / np.float32(len(chosen))
        self._step(seen.T @ error, np.float32(rate))
        self.bias -= np.float32(rate) * error.sum(axis=0)
        return float(loss.mean())

    def _step(self, gradient: Matrix, rate: np.float32) -> None:
        self.steps += 1
        self._mean += (1 - _MOMENTUM) * (gradient - self._mean)
        self._square += (1 - _SECOND_MOMENTUM) * (gradient**2 - self._square)
        mean = self._mean / (1 - _MOMENTUM**self.steps)
        square = self._square / (1 - _SECOND_MOMENTUM**self.steps)
        self.weights -= rate * mean / (np.sqrt(square) + np.float32(1e-6))
        self.weights -= np.float32(_DECAY) * self.weights
