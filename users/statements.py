"""What people said of themselves: consents, answers to the quiz, and what an edit of the taste undid."""

from django.conf import settings
from django.db import models
from django.db.models.lookups import In


class ConsentKind(models.TextChoices):
    LOCATION = "location"
    PUSH = "push"
    MARKETING = "marketing"


def is_object(field: str, /) -> In:
    """Return the condition that a JSON column holds an object."""
    kind = models.Func(models.F(field), function="jsonb_typeof", output_field=models.TextField())
    return In(kind, ("object",))


class UserConsent(models.Model):
    """
    One thing said about one consent, in the words of one version of its text. Kept for ever.

    The newest row of a kind is what holds; the flags on the user repeat it.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents"
    )
    kind = models.CharField(max_length=16, choices=ConsentKind)
    is_granted = models.BooleanField()
    text_version = models.CharField(max_length=16)
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "kind", "id"], name="user_consent_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ConsentKind.values), name="user_consent_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(text_version=""), name="user_consent_names_its_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {'granted' if self.is_granted else 'refused'}"


class QuizAnswer(models.Model):
    """What somebody chose at one question of the quiz; a question passed over has no row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiz_answers"
    )
    quiz_version = models.CharField(max_length=16)
    question = models.CharField(max_length=32)
    choice = models.CharField(max_length=32)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "question"], name="quiz_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.choice}"


class TasteChange(models.Model):
    """What a taste was before one edit of it, so that the edit can be undone. The newest few."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="taste_changes"
    )
    before = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "id"], name="taste_change_newest")]
        constraints = [
            models.CheckConstraint(
                condition=is_object("before"), name="taste_change_before_is_an_object"
            )
        ]

    def __str__(self) -> str:
        return f"before {self.changed_at:%Y-%m-%d %H:%M}"
