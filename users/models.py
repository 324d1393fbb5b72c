"""Accounts: who may sign in, and what a plan takes from their profile."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7


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
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    locale = models.CharField(max_length=8, default="ko")
    time_zone = models.CharField(max_length=64, default="Asia/Seoul")
    time_budget_min = models.PositiveIntegerField(null=True, blank=True)
    budget_band = models.CharField(max_length=8, choices=BudgetBand, blank=True, default="")
    mobility_mode = models.CharField(max_length=8, choices=MobilityMode, blank=True, default="")
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
        ]

    def __str__(self) -> str:
        return str(self.public_id)
