"""The taste of a person as they state it: by the quiz, by edits of it, and back again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

import numpy as np
from django.conf import settings
from django.db import transaction

from common.errors import DomainError, Kind
from common.languages import Bilingual
from engine.catalogue import CATEGORIES, MOODS
from engine.embedding.loading import load_encoder
from engine.embedding.types import Encoder, VectorArray
from engine.learning.stating import (
    STRENGTH_HIGH,
    WORDS,
    Shift,
    label_of_words,
    list_shifts,
    state_taste,
)
from users.models import User
from users.statements import TasteChange

STEP: Final = 0.25  # of a strength, for one "more of this"
UNDOS_KEPT: Final = 20
_DECIMALS: Final = 6  # of sums of decimals, which binary numbers miss by little
_QUIZ: Final = "quiz"


class Direction(StrEnum):
    MORE = "more"
    LESS = "less"


class Base(StrEnum):
    """What a reset goes back to."""

    QUIZ = "quiz"
    NOTHING = "nothing"


class TasteAtItsEnd(DomainError):
    """The word is as strong, or as weak, as it gets."""

    kind = Kind.CONFLICT
    code = "users/taste-at-its-end"
    detail = Bilingual(
        ko="이 취향은 이미 끝까지 반영되어 있어요.", en="This is already as far as it goes."
    )


class NothingToUndo(DomainError):
    """No edit of the taste is left that could be undone."""

    kind = Kind.CONFLICT
    code = "users/nothing-to-undo"
    detail = Bilingual(ko="되돌릴 취향 수정이 없어요.", en="There is no edit of the taste to undo.")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTaste:
    """Strengths of moods and categories in [-1, 1], and what of them the quiz said."""

    strengths: Mapping[str, float]
    quiz: Mapping[str, float]

    @classmethod
    def of(cls, user: User, /) -> Self:
        return cls.from_json(user.preferences)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], /) -> Self:
        """Return what is kept; words that a later release no longer knows say nothing."""
        said = {**kept.get("moods", {}), **kept.get("categories", {})}
        return cls(strengths=_known(said), quiz=_known(kept.get(_QUIZ, {})))

    def to_json(self) -> dict[str, dict[str, float]]:
        return {**self.by_kind(), _QUIZ: dict(self.quiz)}

    def by_kind(self) -> dict[str, dict[str, float]]:
        """Return the strengths as the profile shows them."""
        return {
            "moods": {word: self.strengths[word] for word in MOODS if word in self.strengths},
            "categories": {
                word: self.strengths[word] for word in CATEGORIES if word in self.strengths
            },
        }

    def list_liked(self) -> tuple[str, ...]:
        """Return the words that are liked, the strongest first."""
        liked = (word for word, strength in self.strengths.items() if strength > 0)
        return tuple(sorted(liked, key=lambda word: (-self.strengths[word], word)))

    def sources(self, word: str, /) -> dict[str, float]:
        """Return how much of a strength each source says."""
        quiz = self.quiz.get(word, 0.0)
        edit = round(self.strengths.get(word, 0.0) - quiz, _DECIMALS)
        return {name: part for name, part in ((_QUIZ, quiz), ("edit", edit)) if part}

    def with_strengths(self, said: Mapping[str, float | None], /) -> Self:
        """Return the taste with some strengths as said; None is what the quiz said, if anything."""
        strengths = {**self.strengths}
        for word, strength in said.items():
            strengths[word] = self.quiz.get(word, 0.0) if strength is None else strength
        return replace(self, strengths={word: value for word, value in strengths.items() if value})

    def moved(self, word: str, direction: Direction, /) -> Self:
        """Return the taste one step further, at most at its end."""
        step = STEP if direction is Direction.MORE else -STEP
        moved = round(self.strengths.get(word, 0.0) + step, _DECIMALS)
        return self.with_strengths({word: max(-STRENGTH_HIGH, min(STRENGTH_HIGH, moved))})


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteEdited:
    """A taste after an edit, with what the edit moves: the places that gain most first."""

    user: User
    before: StatedTaste
    after: StatedTaste
    shifts: tuple[Shift, ...]


def configured_encoder() -> Encoder:
    """Return the encoder in whose space the places lie too."""
    return load_encoder(settings.ENCODER_ONNX_PATH)


@dataclass(frozen=True)
class Tasting:
    """
    Changes what somebody likes, and shows what that changes.

    Every change counts `taste_version` up, under the lock of the user's row.
    """

    encoder: Callable[[], Encoder] = configured_encoder

    def find_vector(self, user: User, /) -> VectorArray | None:
        """Return the taste in the space of the encoder in use, made anew if another one made it."""
        if user.taste_encoder == label_of_words(self.encoder()):
            return None if user.taste is None else np.asarray(user.taste, dtype=np.float32)
        return self._vector(StatedTaste.of(user))

    @transaction.atomic(durable=True)
    def edit(self, *, user_id: int, word: str, direction: Direction, now: datetime) -> TasteEdited:
        """
        Make a mood or category count one step more, or less.

        Raises:
            TasteAtItsEnd: it cannot go further.
        """
        user = _lock(user_id)
        before = StatedTaste.of(user)
        after = before.moved(word, direction)
        if after == before:
            raise TasteAtItsEnd
        return self._change(user, before, after, now)

    @transaction.atomic(durable=True)
    def reset(self, *, user_id: int, to: Base, now: datetime) -> TasteEdited:
        """Go back to what the quiz said, or to no taste at all. This too can be undone."""
        user = _lock(user_id)
        before = StatedTaste.of(user)
        quiz = before.quiz if to is Base.QUIZ else {}
        after = StatedTaste(strengths=quiz, quiz=quiz)
        return self._change(user, before, after, now)

    @transaction.atomic(durable=True)
    def undo(self, *, user_id: int) -> TasteEdited:
        """
        Undo the last edit that is not undone.

        Raises:
            NothingToUndo: there is none since the quiz, or none that is still kept.
        """
        user = _lock(user_id)
        last = TasteChange.objects.filter(user=user).order_by("-id").first()
        if last is None:
            raise NothingToUndo
        before, after = StatedTaste.of(user), StatedTaste.from_json(last.before)
        last.delete()
        self.state(user, after)
        user.save(update_fields=[*STATED, "updated_at"])
        return self._show(user, before, after)

    def remember(self, *, user: User, before: StatedTaste, now: datetime) -> None:
        """Keep what a taste was, so that one change of it can be undone; only the newest few are."""
        TasteChange.objects.create(user=user, before=before.to_json(), changed_at=now)
        kept = TasteChange.objects.filter(user=user).order_by("-id").values("id")[:UNDOS_KEPT]
        TasteChange.objects.filter(user=user).exclude(id__in=kept).delete()

    def state(self, user: User, taste: StatedTaste, /) -> None:
        """Set the fields STATED of a user whose row is locked; the caller saves them."""
        user.preferences = taste.to_json()
        user.taste = self._vector(taste)
        user.taste_encoder = label_of_words(self.encoder())
        user.taste_version += 1

    def _change(
        self, user: User, before: StatedTaste, after: StatedTaste, now: datetime
    ) -> TasteEdited:
        if after != before:
            self.remember(user=user, before=before, now=now)
            self.state(user, after)
            user.save(update_fields=[*STATED, "updated_at"])
        return self._show(user, before, after)

    def _show(self, user: User, before: StatedTaste, after: StatedTaste) -> TasteEdited:
        shifts = list_shifts(
            before=self._vector(before), after=self._vector(after), encoder=self.encoder()
        )
        return TasteEdited(user=user, before=before, after=after, shifts=shifts)

    def _vector(self, taste: StatedTaste) -> VectorArray | None:
        return state_taste(strengths=taste.strengths, encoder=self.encoder())


STATED: Final = ("preferences", "taste", "taste_encoder", "taste_version")


def add_up(said: list[Mapping[str, float]], /) -> dict[str, float]:
    """Return what several statements say of each word together, within the bounds."""
    strengths: dict[str, float] = {}
    for words in said:
        for word, strength in words.items():
            total = round(strengths.get(word, 0.0) + strength, _DECIMALS)
            strengths[word] = max(-STRENGTH_HIGH, min(STRENGTH_HIGH, total))
    return {word: strength for word, strength in strengths.items() if strength}


def _lock(user_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def _known(said: Mapping[str, float]) -> dict[str, float]:
    return {word: strength for word, strength in said.items() if word in WORDS}
