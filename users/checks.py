"""System checks: the quiz and the texts of consents say what they must, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from django.core.checks import CheckMessage, Error, register

from users.services.consent_texts import all_texts
from users.services.questions import current_quiz


@register()
def check_quiz(**_: object) -> list[CheckMessage]:
    """Tell whether the quiz can be asked."""
    return _check(current_quiz, hint="Correct users/data/quiz.toml.", code="users.E001")


@register()
def check_consent_texts(**_: object) -> list[CheckMessage]:
    """Tell whether there is a text for every consent."""
    return _check(all_texts, hint="Correct users/data/consents.toml.", code="users.E002")


def _check(read: Callable[[], object], *, hint: str, code: str) -> list[CheckMessage]:
    try:
        read()
    except (ValueError, OSError) as error:
        return [Error(str(error), hint=hint, id=code)]
    return []
