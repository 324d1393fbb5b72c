"""Answers to the quiz of the first day."""

from typing import Any, Final

from users.services.questions import current_quiz

# Two people who share nothing but the way they get around.
QUIET: Final = {
    "free_afternoon": "quiet_corner", "cafe": "cosy", "new_city": "museum", "photo": "works",
    "rainy_day": "read", "evening": "early_home", "fame": "unknown", "moving": "walk",
}  # fmt: skip
LIVELY: Final = {
    "free_afternoon": "busy_street", "cafe": "no_cafe", "new_city": "market", "photo": "food",
    "rainy_day": "play", "evening": "drinks", "fame": "talked_about", "moving": "walk",
}  # fmt: skip


def make_answers(**chosen: str | None) -> dict[str, Any]:
    """Return a body that passes every question over but those that are named."""
    quiz = current_quiz()
    return {"version": quiz.version, "answers": dict.fromkeys(quiz.questions) | chosen}
