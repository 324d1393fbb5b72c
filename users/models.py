"""Accounts: who may sign in and where they are, what a plan takes from them, what they agreed to."""

from datetime import datetime
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from pgvector.django import VectorField
from uuid_utils.compat import uuid7

from users.passwords import normalise_password
from users.statements import is_object  # Django finds the models of that module by this, too

# Of the vectors of places too, in whose space a taste lies; tests hold them to the engine's.
TASTE_DIMENSIONS = 256


class Language(models.TextChoices):
    KO = "ko"
    EN = "en"


class PrivacyLevel(models.TextChoices):
    """How precisely one is shown to a party unless one says otherwise there."""

    EXACT = "exact"
    ROUGH = "rough"
    PRIVATE = "private"


class BudgetBand(models.TextChoices):
    LOW = "low"
    MID = "mid"
    HIGH = "high"


class MobilityMode(models.TextChoices):
    WALK = "walk"
    TRANSIT = "transit"
    BIKE = "bike"
    CAR = "car"


class UserManager(BaseUserManager["User"]):
    """Creates users; Django's own commands call these two."""

    # A person types their address in any case; one spelling is stored, so that it stays unique.
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. `email` identifies them; outside, `public_id` does."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(unique=True)
    # When a mail to the address, or Google, showed that it is theirs; till then anybody may have typed it.
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    locale = models.CharField(max_length=8, default="ko")
    time_zone = models.CharField(max_length=64, default="Asia/Seoul")
    time_budget_min = models.PositiveIntegerField(null=True, blank=True)
    budget_band = models.CharField(max_length=8, choices=BudgetBand, blank=True, default="")
    mobility_mode = models.CharField(max_length=8, choices=MobilityMode, blank=True, default="")
    privacy_level = models.CharField(
        max_length=8,
        choices=PrivacyLevel,
        default=PrivacyLevel.ROUGH,
        db_default=PrivacyLevel.ROUGH,
    )
    # {"moods": {name: strength}, "categories": {…}, "quiz": {name: strength}}: see `services.tasting`.
    preferences = models.JSONField(default=dict, db_default={})
    # What `preferences` come to, no longer than 1; null where nothing is known.
    taste = VectorField(dimensions=TASTE_DIMENSIONS, null=True, blank=True)
    taste_encoder = models.CharField(max_length=64, blank=True, default="", db_default="")
    taste_version = models.PositiveIntegerField(default=0, db_default=0)
    # The last thing said of each in `UserConsent`, written in the same transaction.
    push_opt_in = models.BooleanField(default=False, db_default=False)
    location_opt_in = models.BooleanField(default=False, db_default=False)
    onboarded_at = models.DateTimeField(null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(time_budget_min__isnull=True)
                | models.Q(time_budget_min__range=(20, 960)),
                name="user_time_budget_within_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(privacy_level__in=PrivacyLevel.values),
                name="user_privacy_level_known",
            ),
            models.CheckConstraint(
                condition=models.Q(locale__in=Language.values), name="user_locale_known"
            ),
            models.CheckConstraint(
                condition=is_object("preferences"), name="user_preferences_is_an_object"
            ),
            models.CheckConstraint(
                condition=models.Q(taste__isnull=True) | ~models.Q(taste_encoder=""),
                name="user_taste_says_who_made_it",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    # One spelling of a password whoever takes it in: the API, the admin, a command.
    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else normalise_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """
        Tell whether this is the password; hash it anew where the hasher has changed.

        Django's own would write the new hash over a password that was changed in the meantime.
        """
        if raw_password is None:
            return False
        raw_password = normalise_password(raw_password)
        is_right, is_outdated = verify_password(raw_password, self.password)
        if is_right and is_outdated:
            renewed = make_password(raw_password)
            unchanged = User.objects.filter(pk=self.pk, password=self.password)
            if unchanged.update(password=renewed):
                self.password = renewed
        return is_right


class SignInMethod(models.TextChoices):
    PASSWORD = "password"  # noqa: S105 - a name
    GOOGLE = "google"


class Provider(models.TextChoices):
    GOOGLE = "google"


class Identity(models.Model):
    """An account of another service that its owner signs in with; `subject` is its name there."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities"
    )
    provider = models.CharField(max_length=16, choices=Provider)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_is_of_one_user"),
            models.UniqueConstraint(fields=["user", "provider"], name="identity_one_of_a_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class EndReason(models.TextChoices):
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    REVOKED = "revoked"
    TOKEN_REUSED = "token_reused"  # noqa: S105 - a name
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a name
    ADDRESS_CLAIMED = "address_claimed"
    TOO_MANY = "too_many"
    BANNED = "banned"


class TokenFamilyQuerySet(models.QuerySet["TokenFamily"]):
    def of_user(self, user: User, /) -> Self:
        return self.filter(user=user)

    def live(self, *, now: datetime) -> Self:
        """Keep those whose tokens still hold; whether their users may act is not asked."""
        return self.filter(ended_at=None, expires_at__gt=now)

    def end(self, *, reason: EndReason, now: datetime) -> int:
        """End those that have not ended; a reason once given stays."""
        return self.filter(ended_at=None).update(ended_at=now, end_reason=reason)


class TokenFamily(models.Model):
    """
    One sign-in on one device, with every token that descends from it; people call it a session.

    `generation` counts the refresh tokens handed out: only the newest buys the next. No token is
    kept: the row and the signing key make it again.
    """

    NAME_LENGTH: Final = 64
    USER_AGENT_LENGTH: Final = 200

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families"
    )
    method = models.CharField(max_length=16, choices=SignInMethod)
    device_name = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    user_agent = models.CharField(max_length=USER_AGENT_LENGTH, blank=True, default="")
    generation = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=32, choices=EndReason, blank=True, default="")

    objects = TokenFamilyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "token families"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="token_family_expires_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end_reason="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(end_reason="")),
                name="token_family_ends_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="token_family_expires_at")]

    def __str__(self) -> str:
        return str(self.public_id)

    def rotate(self, *, now: datetime) -> None:
        """Spend the newest refresh token for the next one. The row must be locked."""
        self.generation += 1
        self.rotated_at = self.last_used_at = now
        self.save(update_fields=["generation", "rotated_at", "last_used_at"])


class ExportStatus(models.TextChoices):
    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"


class DataExport(models.Model):
    """A copy of everything that is kept of one person, asked for by them."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports"
    )
    status = models.CharField(max_length=16, choices=ExportStatus, default=ExportStatus.REQUESTED)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file_key = models.CharField(max_length=200, blank=True, default="")
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status=ExportStatus.REQUESTED),
                name="data_export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=ExportStatus.values), name="data_export_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=ExportStatus.READY)
                | models.Q(finished_at__isnull=False, expires_at__gt=models.F("finished_at")),
                name="data_export_ready_expires",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="data_export_newest"),
            models.Index(fields=["requested_at"], name="data_export_requested_at"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Leaving(models.Model):
    """That an account was erased: when, and how many rows of what. It tells nothing of whose."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="leaving"
    )
    left_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    erased = models.JSONField(default=dict)  # label of a model → rows

    class Meta:
        verbose_name_plural = "leavings"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True)
                | models.Q(finished_at__gte=models.F("left_at")),
                name="leaving_finishes_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)

    def count(self, label: str, rows: int, /) -> None:
        """Add to how many rows of a model were deleted; not saved yet."""
        if rows:
            self.erased[label] = self.erased.get(label, 0) + rows


class MailPurpose(models.TextChoices):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name


class MailedTokenQuerySet(models.QuerySet["MailedToken"]):
    def usable(self, *, purpose: MailPurpose, now: datetime) -> Self:
        return self.filter(purpose=purpose, used_at=None, expires_at__gt=now)

    def use(self, *, now: datetime) -> int:
        """Spend those that are not spent; of several at once, one is told 1."""
        return self.filter(used_at=None).update(used_at=now)


class MailedToken(models.Model):
    """A secret that was mailed: whoever brings it back reads that mailbox. Only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailed_tokens"
    )
    purpose = models.CharField(max_length=16, choices=MailPurpose)
    effect_id = models.UUIDField(unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = MailedTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="mailed_token_expires_after_it_is_made",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="mailed_token_expires_at")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
