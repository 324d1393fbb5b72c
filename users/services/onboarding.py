"""Answering the quiz of the first day, and answering it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from common.errors import DomainError, FieldError, Kind
from common.languages import Bilingual
from users.models import User
from users.services.questions import Quiz, current_quiz
from users.services.tasting import STATED, StatedTaste, Tasting, add_up
from users.statements import QuizAnswer, TasteChange

UNKNOWN_QUESTION = Bilingual(ko="퀴즈에 없는 질문이에요.", en="The quiz has no such question.")
MISSING_ANSWER = Bilingual(
    ko="답을 고르거나 null로 건너뛰어 주세요.", en="Choose an answer, or null to pass over it."
)
UNKNOWN_CHOICE = Bilingual(ko="이 질문에 없는 답이에요.", en="This question has no such choice.")


class QuizOutdated(DomainError):
    """The answers are to another version of the quiz."""

    kind = Kind.CONFLICT
    code = "users/quiz-outdated"
    detail = Bilingual(
        ko="퀴즈가 바뀌었어요. 다시 받아서 답해 주세요.",
        en="The quiz has changed: read it again, then answer.",
    )


class AnswersIncomplete(DomainError):
    """A question has no answer, or one that it does not offer; `errors` names each."""

    kind = Kind.INVALID
    code = "users/answers-incomplete"
    detail = Bilingual(
        ko="퀴즈의 답에 빠지거나 알 수 없는 것이 있어요. errors를 확인해 주세요.",
        en="An answer to the quiz is missing or not offered; see errors.",
    )


@dataclass(frozen=True)
class Onboarding:
    """Turns answers into a first taste and a first profile."""

    quiz: Quiz = field(default_factory=current_quiz)
    tasting: Tasting = field(default_factory=Tasting)

    @transaction.atomic(durable=True)
    def answer(
        self, *, user_id: int, version: str, answers: Mapping[str, str | None], now: datetime
    ) -> User:
        """
        Take the answers to all questions, None for one that is passed over.

        What is answered replaces all that was answered or edited before; what is passed over leaves
        the profile as it is.

        Raises:
            QuizOutdated: the answers are to another version.
            AnswersIncomplete: not every question has an answer that it offers, or None.
        """
        self._check(version, answers)
        chosen = {name: choice for name, choice in answers.items() if choice is not None}
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        self._keep(user, chosen, now)
        choices = list(self.quiz.choices(chosen))
        quiz = add_up([choice.words for choice in choices])
        self.tasting.state(user, StatedTaste(strengths=quiz, quiz=quiz))
        profile = {name: value for choice in choices for name, value in choice.profile.items()}
        for name, value in profile.items():
            setattr(user, name, value)
        user.onboarded_at = user.onboarded_at or now
        user.save(update_fields=[*STATED, *profile, "onboarded_at", "updated_at"])
        return user

    def _check(self, version: str, answers: Mapping[str, str | None]) -> None:
        if version != self.quiz.version:
            raise QuizOutdated(extras={"current_version": self.quiz.version})
        errors = [
            _error(name, "unknown", UNKNOWN_QUESTION)
            for name in answers
            if name not in self.quiz.questions
        ]
        for name, question in self.quiz.questions.items():
            if name not in answers:
                errors.append(_error(name, "required", MISSING_ANSWER))
            elif answers[name] is not None and answers[name] not in question.choices:
                errors.append(_error(name, "invalid_choice", UNKNOWN_CHOICE))
        if errors:
            raise AnswersIncomplete(errors=errors)

    def _keep(self, user: User, chosen: Mapping[str, str], now: datetime) -> None:
        QuizAnswer.objects.filter(user=user).delete()
        # What could be undone was done to a taste that is no more.
        TasteChange.objects.filter(user=user).delete()
        QuizAnswer.objects.bulk_create(
            QuizAnswer(
                user=user,
                quiz_version=self.quiz.version,
                question=question,
                choice=choice,
                answered_at=now,
            )
            for question, choice in chosen.items()
        )


def _error(question: str, code: str, sentence: Bilingual) -> FieldError:
    return FieldError(field=f"answers.{question[:64]}", code=code, detail=str(sentence))
