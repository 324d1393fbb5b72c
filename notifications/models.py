"""Devices that can be pushed to, and how their owners want to be reached."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from notifications.types import Channel, NotificationKind

KINDS = [kind.value for kind in NotificationKind]
CHANNELS = [channel.value for channel in Channel]


class Platform(models.TextChoices):
    IOS = "ios"
    ANDROID = "android"
    WEB = "web"


class Device(models.Model):
    """An app on one device. Its token names it to the push service, and so it has one owner."""

    TOKEN_LENGTH: ClassVar[int] = 1024

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices"
    )
    platform = models.CharField(max_length=8, choices=Platform)
    push_token = models.CharField(max_length=TOKEN_LENGTH, unique=True)
    locale = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values), name="device_platform_known"
            ),
            models.CheckConstraint(condition=~Q(push_token=""), name="device_has_a_token"),
            models.CheckConstraint(
                condition=Q(last_seen_at__gte=F("created_at")), name="device_seen_after_it_came"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.public_id}"


class Recipient(models.Model):
    """
    What holds for everything that is sent to one person. Without a row, the defaults hold.

    The consent and the zone are the account's; `users` tells of both.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    has_push_consent = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(null=True, blank=True, default=time(8))
    time_zone = models.CharField(max_length=64, default="Asia/Seoul")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=F("quiet_until")),
                name="recipient_quiet_hours_have_two_ends",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class ChannelPreference(models.Model):
    """One switch that somebody set; what nobody touched is on."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel_preferences"
    )
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    channel = models.CharField(max_length=16, choices=[(name, name) for name in CHANNELS])
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel"], name="channel_preference_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS), name="channel_preference_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=CHANNELS), name="channel_preference_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {'on' if self.is_on else 'off'}"
